"""What a provider may do wrong, and what Penstock makes of it (security.md F4-F8): one table for all five providers.

`python -m tests.faults.provider_faults` prints the table as docs/explanation/when-a-provider-fails.md shows it.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from penstock.llm.errors import TREATMENT, ErrorKind

FIVE = ("openai", "anthropic", "cohere", "xai", "google")
MEBIBYTE = 1024 * 1024
CHUNK = b" " * 65_536  # white space is a valid beginning of JSON, so that nothing but its size is wrong

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Fault:
    """A fault, how each provider shows it, and what it must come to.

    `what` completes "The provider …"; `wait` is the number of seconds that it asks for.
    """

    what: str
    answer: Callable[[str], Answer]
    kind: ErrorKind
    retriable: bool
    wait: float | None = None


def http(status: int, body: bytes, *headers: str, kind: str = "application/json") -> Answer:
    """A whole answer."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(head(status, *headers, f"content-type: {kind}", f"content-length: {len(body)}") + body)
        await writer.drain()

    return answer


def head(status: int, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status} Said", *headers, "", ""]).encode()


# --- what a provider says in its own words; each shape is in its reference of errors ------------------------------


def said(provider: str, status: int, word: str, message: str, *details: object) -> bytes:
    """An error reply in the provider's shape."""
    shapes: dict[str, object] = {
        "openai": {"error": {"message": message, "type": word, "param": None, "code": word}},
        "anthropic": {"type": "error", "error": {"type": word, "message": message}, "request_id": "req_1"},
        "google": {
            "error": {"code": status, "message": message, "status": word.upper(), "details": list(details)}
        },
        "xai": {"code": word, "error": message},
        "cohere": {"id": "6f1c", "message": message},
    }
    return json.dumps(shapes[provider]).encode()


def everywhere(status: int, word: str, message: str, *headers: str) -> Callable[[str], Answer]:
    """The same status and words from all five."""
    return lambda provider: http(status, said(provider, status, word, message), *headers)


def each(**replies: tuple[int, str, str]) -> Callable[[str], Answer]:
    """Status, word and message where the five differ."""
    return lambda provider: http(replies[provider][0], said(provider, *replies[provider]))


RETRY_INFO = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7s"}
BAD_KEY_INFO = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
EMPTY_QUOTA = {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaValue": "0"}]}


def busy_with_a_time(provider: str) -> Answer:
    """Google says the time in the body, the others in a header."""
    if provider == "google":
        return http(429, said(provider, 429, "resource_exhausted", "Slow down.", RETRY_INFO))
    return http(429, said(provider, 429, "rate_limit_exceeded", "Slow down."), "retry-after: 7")


def bad_key(provider: str) -> Answer:
    """401, but 400 at Google and xAI."""
    if provider == "google":
        return http(400, said(provider, 400, "invalid_argument", "API key not valid.", BAD_KEY_INFO))
    status = 400 if provider == "xai" else 401
    return http(status, said(provider, status, "invalid_argument", "Incorrect API key provided."))


def no_money(provider: str) -> Answer:
    """Five ways to say that the account is empty."""
    if provider == "google":
        return http(429, said(provider, 429, "resource_exhausted", "Quota exceeded.", EMPTY_QUOTA))
    ways = {
        "openai": (429, "insufficient_quota", "You exceeded your current quota."),
        "anthropic": (400, "invalid_request_error", "Your credit balance is too low to access the API."),
        "xai": (403, "forbidden", "Your team has used all available credits."),
        "cohere": (402, "", "Payment required."),
    }
    return http(ways[provider][0], said(provider, *ways[provider]))


# --- answers that are broken on their way -------------------------------------------------------------------------


def until_the_caller_leaves(*first: bytes, then: bytes = b"", pause: float = 0.0) -> Answer:
    """Sends `first`, then `then` again and again (nothing when it is empty) until the caller hangs up."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(b"".join(first))
        while not writer.is_closing():
            if then:
                writer.write(then)
            await writer.drain()
            await asyncio.sleep(pause if then else 0.02)

    return answer


def cut_off(*parts: bytes) -> Answer:
    """Sends these bytes and closes the connection."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(b"".join(parts))
        await writer.drain()
        writer.close()

    return answer


async def reset(writer: asyncio.StreamWriter) -> None:
    """Resets the connection instead of answering."""
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.close()


def fifty_megabytes(status: int, *, chunked: bool) -> Answer:
    """50 MB that are never in this process at once, with their length or in chunks."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        pieces = 50_000_000 // len(CHUNK)
        size = "transfer-encoding: chunked" if chunked else f"content-length: {pieces * len(CHUNK)}"
        writer.write(head(status, "content-type: application/json", size))
        for _ in range(pieces):
            if writer.is_closing():
                return
            writer.write(b"%x\r\n%b\r\n" % (len(CHUNK), CHUNK) if chunked else CHUNK)
            await writer.drain()

    return answer


BOMB = gzip.compress(bytes(50_000_000), 9)
HALF = b'{"status": "completed", "output": [{"ty'
JSON_100 = ("content-type: application/json", "content-length: 100")
CHUNKED = ("content-type: application/json", "transfer-encoding: chunked")
DEEP = b'{"output": ' + b"[" * 200_000

ERROR_INSIDE = {"error": {"code": 503, "type": "server_error", "message": "Overloaded."}}
EMPTY_ANSWERS: Mapping[str, Any] = {
    "openai": {"status": "completed", "output": []},
    "xai": {"status": "completed", "output": []},
    "anthropic": {"content": [{"type": "text", "text": " "}], "stop_reason": "end_turn"},
    "cohere": {"message": {"content": []}, "finish_reason": "COMPLETE"},
    "google": {"candidates": [{"content": {"parts": []}, "finishReason": "STOP"}]},
}


def anyone(answer: Answer) -> Callable[[str], Answer]:
    """A fault that looks the same whoever the provider is."""
    return lambda _provider: answer


FAULTS: tuple[Fault, ...] = (
    # F4
    Fault("answers 429 and says when to come back", busy_with_a_time, "rate_limited", True, wait=7),
    Fault("answers 429 and does not say when", everywhere(429, "rate_limit_exceeded", "Slow down."), "rate_limited", True),
    # F5
    Fault("answers 500", everywhere(500, "server_error", "Internal error."), "overloaded", True),
    Fault("answers 502 with a gateway's web page", anyone(http(502, b"<html>Bad gateway</html>", kind="text/html")), "overloaded", True),
    Fault("answers 503 with Retry-After", everywhere(503, "unavailable", "Overloaded.", "retry-after: 3"), "overloaded", True, wait=3),
    Fault("answers 529", everywhere(529, "overloaded_error", "Overloaded."), "overloaded", True),
    Fault("resets the connection", anyone(reset), "connect", True),
    # F6
    Fault("does not accept the key (401; 400 at Google and xAI)", bad_key, "authentication", False),
    Fault("forbids it (403)", everywhere(403, "permission_denied", "This key may not use the model."), "permission", False),
    Fault("says that the account is out of money", no_money, "out_of_money", False),
    Fault("does not know the model (404)", everywhere(404, "not_found_error", "The model was not found."), "model_not_found", False),
    Fault("does not accept the request (400)", everywhere(400, "invalid_request", "Bad."), "invalid_request", False),
    Fault("sends the call elsewhere (302)", anyone(http(302, b"", "location: http://127.0.0.1:9/")), "invalid_request", False),
    # F7
    Fault("never answers", anyone(until_the_caller_leaves()), "timeout", True),
    Fault("sends headers without end", anyone(until_the_caller_leaves(head(200)[:-2], then=b"x-more: " + b"y" * 1000 + b"\r\n")), "connect", True),
    Fault("sends the body a byte at a time", anyone(until_the_caller_leaves(head(200, *CHUNKED), then=b"1\r\n \r\n", pause=0.01)), "timeout", True),
    Fault("stops in the middle of the body and keeps the connection", anyone(until_the_caller_leaves(head(200, *JSON_100), HALF)), "timeout", True),
    Fault("stops in the middle of a chunk and keeps the connection", anyone(until_the_caller_leaves(head(200, *CHUNKED), b"64\r\n" + HALF)), "timeout", True),
    Fault("closes the connection in the middle of the body", anyone(cut_off(head(200, *JSON_100), HALF)), "connect", True),
    Fault("closes the connection in the middle of a chunk", anyone(cut_off(head(200, *CHUNKED), b"64\r\n" + HALF)), "connect", True),
    Fault("answers with something that is not HTTP", anyone(cut_off(b"220 mail.example ESMTP\r\n\r\n")), "connect", True),
    Fault("answers 200 with a web page", anyone(http(200, b"<html>Sign in</html>", kind="text/html")), "malformed", True),
    Fault("answers 200 with half of a JSON document", anyone(http(200, HALF)), "malformed", True),
    Fault("answers 200 with JSON nested 200,000 deep", anyone(http(200, DEEP)), "malformed", True),
    Fault("answers 200 with an empty body", anyone(http(200, b"")), "malformed", True),
    Fault("answers 200 without any text", lambda provider: http(200, json.dumps(EMPTY_ANSWERS[provider]).encode()), "malformed", True),
    Fault("answers 200 with an error inside", anyone(http(200, json.dumps(ERROR_INSIDE).encode())), "overloaded", True),
    Fault("answers with 50 MB and says so", anyone(fifty_megabytes(200, chunked=False)), "malformed", False),
    Fault("answers with 50 MB in chunks", anyone(fifty_megabytes(200, chunked=True)), "malformed", False),
    Fault("answers with 50 MB packed into 50 KB", anyone(http(200, BOMB, "content-encoding: gzip")), "malformed", False),
    Fault("answers 500 with 50 MB", anyone(fifty_megabytes(500, chunked=True)), "overloaded", True),
    Fault("answers 429 with 50 MB", anyone(fifty_megabytes(429, chunked=False)), "rate_limited", True),
)  # fmt: skip


def outcome(fault: Fault) -> str:
    """What becomes of the record, as the documentation says it."""
    if fault.kind in {"authentication", "permission", "out_of_money"}:
        return "the connection needs attention, its records pause"
    if not fault.retriable:
        return "the step fails"
    return f"tried again after at least {fault.wait:g} s" if fault.wait else "tried again"


def table() -> str:
    """The table in Markdown."""
    rows = [f"| {fault.what} | `{fault.kind.upper()}` | {outcome(fault)} |" for fault in FAULTS]
    return "\n".join(["| The provider … | Code | Outcome |", "|--|--|--|", *rows]) + "\n"


if __name__ == "__main__":
    assert {fault.kind for fault in FAULTS} <= TREATMENT.keys()
    print(table())
