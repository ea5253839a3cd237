"""A client that listens: what providers say of their limits goes into the book of this process."""

from __future__ import annotations

from penstock.connections.connections import ProviderConnection
from penstock.llm.client import Completes
from penstock.llm.errors import LlmError
from penstock.llm.request import LlmRequest
from penstock.llm.result import LlmResult
from penstock.workflows.limits.book import Book


class Listening:
    """Makes the calls of one connection through `client` and notes what each came to."""

    def __init__(self, client: Completes, book: Book, connection: ProviderConnection) -> None:
        self._client = client
        self._book = book
        self._connection = connection

    async def complete(self, provider: str, key: str, base_url: str | None, request: LlmRequest) -> LlmResult:
        """Asks the model once, as `LlmClient.complete` does."""
        try:
            result = await self._client.complete(provider, key, base_url, request)
        except LlmError as error:
            self._book.failed(self._connection, request.model, error)
            raise
        self._book.answered(self._connection, request.model, result)
        return result
