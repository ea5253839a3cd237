"""Carries out the calls to batch APIs: begin, submit, seek, look, take the answers, cancel."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from penstock.kit.http import MEBIBYTE, HttpClient, Reply
from penstock.kit.json import JsonObject, loads
from penstock.llm.batches import OFFERED
from penstock.llm.batches.dialect import Answered, BatchCall, BatchDialect, Question, Sought, Standing
from penstock.llm.catalog import price
from penstock.llm.client import LlmClient, provider_of
from penstock.llm.errors import LlmError
from penstock.llm.own_prices import own_price
from penstock.llm.prices import price_of_searches
from penstock.llm.request import LlmRequest
from penstock.llm.result import Dropped, Usage
from penstock.llm.transport import TRANSPORT, as_llm_error

SEND_SECONDS = 600.0  # an upload of 200 MB
LOOK_SECONDS = 60.0
MOST_BYTES = 64 * MEBIBYTE  # of a finished batch with its answers (Google), and of a page of them
MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class BatchAccount:
    """Through whose key and to which address a batch goes."""

    provider: str
    key: str
    base_url: str | None


def batch_price(provider: str, model: str, usage: Usage, workspace_id: int) -> Decimal | None:
    """USD of a call in a batch: what the reply states, else the provider's part of the usual price, else None.

    Web searches cost in a batch what they cost elsewhere.
    """
    usual = price(provider, model, usage, workspace_id)
    if usual is None or usage.reported_usd is not None:
        return usual
    searches = price_of_searches(provider, model, usage.searches)
    own = own_price(workspace_id, provider, model)
    factor = own.batch_factor if own is not None else None
    return (usual - searches) * (factor or OFFERED[provider].price_factor) + searches


class BatchClient:
    """Calls any provider's batch API. Every method raises LlmError; nothing is tried twice."""

    def __init__(self, http: HttpClient, llm: LlmClient) -> None:
        self._http = http
        self._llm = llm

    def question(
        self, account: BatchAccount, custom_id: str, request: LlmRequest
    ) -> tuple[Question, tuple[Dropped, ...]]:
        """A question as a batch carries it, and what of the request it leaves out."""
        call, dropped = self._llm.built(account.provider, account.base_url, request)
        return Question(custom_id, call), dropped

    async def begin(self, account: BatchAccount, name: str, questions: Sequence[Question]) -> str:
        """What comes before submitting; the provider's id of it, "" where nothing does."""
        dialect = OFFERED[account.provider]
        call = dialect.begin(name, questions)
        if call is None:
            return ""
        reply = await self._send(account, call, SEND_SECONDS)
        return dialect.read_begun(reply.status, reply.headers, reply.body)

    async def submit(
        self, account: BatchAccount, name: str, model: str, begun: str, questions: Sequence[Question]
    ) -> str:
        """Submits; returns the provider's id of the batch."""
        dialect = OFFERED[account.provider]
        reply = await self._send(account, dialect.submit(name, model, begun, questions), SEND_SECONDS)
        return dialect.read_submitted(reply.status, reply.headers, reply.body, begun)

    async def seek(self, account: BatchAccount, sought: Sought) -> str | None:
        """The provider's id of a batch whose submission may have arrived; None when it did not."""
        dialect = OFFERED[account.provider]
        reply = await self._send(account, dialect.seek(sought), LOOK_SECONDS)
        return dialect.read_sought(reply.status, reply.headers, reply.body, sought)

    async def look(self, account: BatchAccount, batch_id: str) -> Standing:
        """How a batch stands."""
        dialect = OFFERED[account.provider]
        reply = await self._send(account, dialect.look(batch_id), SEND_SECONDS)
        return dialect.read_standing(reply.status, reply.headers, reply.body)

    async def cancel(self, account: BatchAccount, batch_id: str) -> None:
        """Stops a batch at its provider."""
        call = OFFERED[account.provider].cancel(batch_id)
        reply = await self._send(account, call, LOOK_SECONDS)
        if reply.status >= 300:
            provider_of(account.provider).read(reply.status, reply.headers, reply.body)

    async def answers(self, account: BatchAccount, standing: Standing) -> AsyncIterator[Answered]:
        """The answers of a batch that is over, as they come."""
        dialect = OFFERED[account.provider]
        for first in standing.answers:
            if dialect.in_lines:
                async for one in self._lines(account, dialect, first):
                    yield one
                continue
            place: str | None = first
            for _ in range(MOST_PAGES):
                if place is None:
                    break
                document = await self._document(account, place)
                for one in dialect.answers(document):
                    yield one
                place = dialect.next_answers(document, place)

    async def _lines(
        self, account: BatchAccount, dialect: BatchDialect, place: str
    ) -> AsyncIterator[Answered]:
        provider = provider_of(account.provider)
        url = self._llm.address(account.provider, account.base_url) + place
        headers = provider.authorize(dialect.look("x").headers, account.key)
        try:
            async with self._http.stream(url, headers=headers) as stream:
                if stream.status >= 300:
                    provider.read(stream.status, stream.headers, await stream.whole())
                async for line in stream.lines():
                    for one in dialect.answers(_object(provider.title, line)):
                        yield one
        except TRANSPORT as trouble:
            raise as_llm_error(provider, trouble) from trouble

    async def _document(self, account: BatchAccount, place: str) -> JsonObject:
        provider = provider_of(account.provider)
        dialect = OFFERED[account.provider]
        reply = await self._send(account, BatchCall("GET", place, dialect.look("x").headers), SEND_SECONDS)
        if reply.status >= 300:
            provider.read(reply.status, reply.headers, reply.body)
        return _object(provider.title, reply.body)

    async def _send(self, account: BatchAccount, call: BatchCall, seconds: float) -> Reply:
        provider = provider_of(account.provider)
        address = self._llm.address(account.provider, account.base_url)
        try:
            return await self._http.request(
                call.method,
                address + call.path,
                headers=provider.authorize(call.headers, account.key),
                body=call.body,
                timeout=seconds,
                max_bytes=MOST_BYTES,
            )
        except TRANSPORT as trouble:
            raise as_llm_error(provider, trouble) from trouble


def _object(title: str, text: bytes) -> JsonObject:
    try:
        found = loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise LlmError("malformed", f"{title} sent answers of a batch that are no JSON objects.")
    return found
