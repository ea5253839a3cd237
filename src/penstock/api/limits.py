"""What one request may bring, and the plain checks on it before anything else looks at it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Message, Receive

from penstock.errors import InvalidInput, TooLarge
from penstock.kit.json import Json, JsonObject, dumps, loads

BODY_BYTES = 10 * 1024 * 1024
# HubSpot takes import files up to 512 MB ("Import records" in its knowledge base).
IMPORT_BYTES = 512 * 1024 * 1024


class LimitedRequest(Request):
    """A request whose body ends with TooLarge beyond its limit, and whose JSON is strict (RFC 8259)."""

    async def json(self) -> Json:
        """The body as JSON: no NaN, no lone surrogates, and no U+0000, which PostgreSQL cannot hold."""
        if not hasattr(self, "_strict"):
            body = await self.body()
            value = loads(body)
            if b"\\u0000" in body and _holds_nul(value):
                raise _nul()
            self._strict = value
        return self._strict


def limited(receive: Receive, headers: Headers, most: int) -> Receive:
    """Wraps `receive` so that no more than `most` bytes of a body come through. Raises TooLarge."""
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise _too_large(most)
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        if message["type"] == "http.request":
            received += len(message.get("body", b""))
            if received > most:
                raise _too_large(most)
        return message

    return counted


def is_json(headers: Headers) -> bool:
    """Whether the request says that its body is JSON."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))


def holdable(value: JsonObject) -> JsonObject:
    """The same value, when JSON and PostgreSQL can hold it. Raises InvalidInput for text that is not Unicode, the
    character U+0000 and numbers beyond 64 bits."""
    try:
        dumps(value)
    except TypeError:
        raise InvalidInput(
            "There is text that is not Unicode, or a whole number beyond 64 bits.",
            remedy="Send other values.",
        ) from None
    if _holds_nul(value):
        raise _nul()
    return value


def _nul() -> InvalidInput:
    return InvalidInput("There is the character U+0000 in it.", remedy="Remove it; text cannot hold it.")


def _too_large(most: int) -> TooLarge:
    size = f"{most // (1024 * 1024)} MiB"
    return TooLarge(f"The body is larger than {size}.", remedy="Send it in several requests.")


def _holds_nul(value: Json) -> bool:
    open_values: list[Json] = [value]
    while open_values:
        one = open_values.pop()
        if isinstance(one, str) and "\0" in one:
            return True
        if isinstance(one, dict):
            open_values += one.values()
            open_values += one.keys()
        elif isinstance(one, list):
            open_values += one
    return False


class Throttle:
    """Refuses an address for a while after too many failures. In memory: one process, one count.

    `now` gives seconds that only grow. At most `ADDRESSES` addresses are remembered, oldest out first.
    """

    FAILURES = 20
    WINDOW_SECONDS = 60.0
    ADDRESSES = 10_000

    def __init__(self, now: Callable[[], float] | None = None) -> None:
        self._now = now or (lambda: asyncio.get_running_loop().time())
        self._failures: dict[str, tuple[int, float]] = {}  # address -> failures, end of the window

    def wait(self, address: str) -> float:
        """Seconds until the address may try again; 0 when it may now."""
        count, end = self._failures.get(address, (0, 0.0))
        return max(0.0, end - self._now()) if count >= self.FAILURES else 0.0

    def failed(self, address: str) -> None:
        """Counts one failure. The window begins with the first."""
        count, end = self._failures.pop(address, (0, 0.0))
        if end <= self._now():
            count, end = 0, self._now() + self.WINDOW_SECONDS
        self._failures[address] = (count + 1, end)
        if len(self._failures) > self.ADDRESSES:
            del self._failures[next(iter(self._failures))]
