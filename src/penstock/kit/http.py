"""The one way out: every outgoing HTTP request of Penstock goes through `HttpClient`.

Users choose where requests go (webhooks, base URLs of models), so that an address guard is always on: all
answers of a name server are checked, the connection goes to a checked address, and Host and TLS name stay.
"""

from __future__ import annotations

import asyncio.sslproto
import contextlib
import os
import socket
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from ipaddress import ip_address
from typing import Any, Literal, NamedTuple
from weakref import WeakValueDictionary

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler
from aiohttp.client_reqrep import ClientRequest
from aiohttp.tracing import Trace
from yarl import URL

from penstock.errors import DestinationRefused, InvalidInput, PenstockError
from penstock.kit.addresses import metadata_refusal, refusal
from penstock.kit.inflate import Inflater, Oversize

MEBIBYTE = 1024 * 1024
CONNECT_SECONDS = 15.0
STALLED_SECONDS = 60.0  # between two pieces of a stream
# Connections to one host that are opened at the same time; the others wait their turn. A TLS handshake takes about
# a millisecond of our CPU: of ten thousand begun at once, thousands would not be through within CONNECT_SECONDS.
CONNECTING_AT_ONCE = 100
USER_AGENT = "penstock/0.1 (+https://github.com/penstock/penstock)"
MOST_REMEMBERED = 2_048  # checked URLs and time limits; dropped all at once when there are more

# asyncio reserves this much for each TLS connection; its 256 KiB would be 2.5 GB for 10,000 calls in flight.
asyncio.sslproto.SSLProtocol.max_size = 16 * 1024

FailureKind = Literal["connect", "timeout", "reset", "too_large", "tls"]


class HttpFailure(PenstockError):
    """An outgoing request got no complete answer.

    `kind` says how far it came: `connect` and `tls` (nothing was sent), `timeout` and `reset` (it may have
    been acted upon), `too_large` (answered with more than the caller takes; then `answer_status` is its status).
    """

    code, category, status, exit_status = "HTTP_FAILURE", "INTERNAL_ERROR", 502, 69

    def __init__(self, kind: FailureKind, message: str, answer_status: int | None = None) -> None:
        super().__init__(message, kind=kind)
        self.kind: FailureKind = kind
        self.answer_status = answer_status


class Reply(NamedTuple):
    """A complete answer, whatever its status. Header names are looked up in any case; the body is decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed: float  # seconds from the call to the last byte


class Stream:
    """An answer that is read piece by piece."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        self.status = response.status
        self.headers: Mapping[str, str] = response.headers

    async def whole(self, max_bytes: int = 10 * MEBIBYTE) -> bytes:
        """All of it; raises HttpFailure when it is larger than `max_bytes`."""
        return await _read(self._response, max_bytes)

    async def lines(self, longest: int = 16 * MEBIBYTE) -> AsyncIterator[bytes]:
        """Its lines without their ends, empty ones left out; raises HttpFailure for one longer than `longest` bytes."""
        if self._response.headers.get("Content-Encoding", "identity") != "identity":
            raise HttpFailure(
                "reset", f"The answer of {self._response.url.host} is encoded, which was not asked for."
            )
        rest = b""
        async for chunk in self._response.content.iter_any():
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                if line.strip():
                    yield line
            if len(rest) > longest:
                raise _too_large(longest, self.status)
        if rest.strip():
            yield rest


class HttpClient:
    """One pool of connections to everywhere. Create one a process and `close` it at the end.

    Redirects are answers like any other, cookies are dropped, proxies of the environment are ignored.
    `allowed_hosts` are names an operator opened (`host` or `host:port`, lower case): they may be private or
    loopback addresses and plain http, but never a cloud's metadata service.
    """

    def __init__(
        self,
        allowed_hosts: frozenset[str] = frozenset(),
        *,
        resolver: AbstractResolver | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed_hosts = allowed_hosts
        self._resolver = resolver
        self._ssl_context = ssl_context
        self._session: aiohttp.ClientSession | None = None
        self._targets: dict[str, URL] = {}
        self._limits: dict[float, aiohttp.ClientTimeout] = {}

    async def __aenter__(self) -> HttpClient:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.close()

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        timeout: float = 30.0,  # noqa: ASYNC109 - the session enforces it without a task of its own
        max_bytes: int = 10 * MEBIBYTE,
    ) -> Reply:
        """Sends one request and reads the whole answer: within `timeout` seconds and `max_bytes` decompressed bytes.

        Raises DestinationRefused when the guard forbids the address, InvalidInput for a header with a line
        break, and HttpFailure when no complete answer came. Nothing is tried twice.
        """
        target = self._targets.get(url) or self.check(url)
        session = self._session or self._open()
        started = time.perf_counter()
        try:
            async with session.request(
                method, target, headers=headers, data=body, timeout=self._limits.get(timeout) or self._limit(timeout),
                allow_redirects=False,
            ) as response:  # fmt: skip
                content = await _read(response, max_bytes)
                return Reply(response.status, response.headers, content, time.perf_counter() - started)
        except (aiohttp.ClientError, OSError) as error:  # TimeoutError is an OSError.
            raise _failure(error, target, timeout) from error
        except ValueError as error:
            raise InvalidInput(
                "A header of the request holds a line break or NUL.", remedy="Remove it."
            ) from error

    @contextlib.asynccontextmanager
    async def stream(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        timeout: float = 600.0,  # noqa: ASYNC109 - as in `request`
    ) -> AsyncIterator[Stream]:
        """The answer to a GET as it comes, for what is too large to hold. Raises as `request` does, also in the block."""
        target = self._targets.get(url) or self.check(url)
        session = self._session or self._open()
        try:
            async with session.get(
                target, headers={**(headers or {}), "Accept-Encoding": "identity"}, allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=timeout, sock_connect=CONNECT_SECONDS, sock_read=STALLED_SECONDS),
            ) as response:  # fmt: skip
                yield Stream(response)
        except (aiohttp.ClientError, OSError) as error:
            raise _failure(error, target, timeout) from error

    def check(self, url: str) -> URL:
        """What can be said about a URL before a name server is asked; raises DestinationRefused.

        Call it when a URL is saved, so that the refusal shows at once and not at the first request.
        """
        try:
            target = URL(url)
            host, port = (target.host or "").rstrip("."), target.port
        except ValueError:
            raise DestinationRefused("This is not a URL.", remedy="Write it as https://host/path.") from None
        if target.scheme not in {"https", "http"} or not host or port is None:
            raise DestinationRefused(
                "The URL does not start with https:// and a host name.",
                remedy="Write it as https://host/path.",
            )
        if target.raw_user is not None or target.raw_password is not None:
            raise DestinationRefused(
                "The URL holds a user name or password.", remedy="Put credentials into a header."
            )
        allowed = _is_allowed(self._allowed_hosts, host, port)
        if target.scheme == "http" and not allowed:
            raise DestinationRefused(
                f"{host} would be reached without encryption.", remedy=f"Use https, or {_OPEN}"
            )
        if _is_number(host):
            _check_address(host, host, allowed=allowed)
        if len(self._targets) >= MOST_REMEMBERED:
            self._targets.clear()
        self._targets[url] = target
        return target

    async def close(self) -> None:
        """Closes every connection."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        resolver = GuardedResolver(self._resolver or aiohttp.ThreadedResolver(), self._allowed_hosts)
        connector = _InTurn(
            limit=0, keepalive_timeout=60, ttl_dns_cache=300, resolver=resolver, ssl=self._ssl_context or True
        )
        self._session = aiohttp.ClientSession(
            connector=connector, trust_env=False, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False,
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate"},
        )  # fmt: skip
        return self._session

    def _limit(self, seconds: float) -> aiohttp.ClientTimeout:
        if len(self._limits) >= MOST_REMEMBERED:
            self._limits.clear()
        limit = aiohttp.ClientTimeout(total=seconds, sock_connect=min(seconds, CONNECT_SECONDS))
        self._limits[seconds] = limit
        return limit


class _InTurn(aiohttp.TCPConnector):
    """Opens at most CONNECTING_AT_ONCE connections to a host at a time, so that a slow host holds up only itself."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._turns: WeakValueDictionary[tuple[str, int | None], asyncio.Semaphore] = WeakValueDictionary()

    async def _create_connection(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - aiohttp's name
    ) -> ResponseHandler:
        host = (req.connection_key.host, req.connection_key.port)
        turn = self._turns.get(host)
        if turn is None:
            turn = self._turns[host] = asyncio.Semaphore(CONNECTING_AT_ONCE)
        async with turn:
            return await super()._create_connection(req, traces, timeout)


class GuardedResolver(AbstractResolver):
    """Asks `inner` for the addresses of a name and refuses the name when any of them is refused.

    aiohttp connects to what this returns and remembers it, so that a second, different answer of the name
    server has no one to reach.
    """

    def __init__(self, inner: AbstractResolver, allowed_hosts: frozenset[str]) -> None:
        self._inner = inner
        self._allowed_hosts = allowed_hosts

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The checked addresses of `host`; raises DestinationRefused."""
        answers = await self._inner.resolve(host, port, family)
        allowed = _is_allowed(self._allowed_hosts, host.rstrip("."), port)
        for answer in answers:
            _check_address(host, answer["host"], allowed=allowed)
        return answers

    async def close(self) -> None:
        """Closes the resolver behind it."""
        await self._inner.close()


_OPEN = "let the operator name the host in PENSTOCK_OUTBOUND_ALLOWED_HOSTS."


def _is_allowed(allowed_hosts: frozenset[str], host: str, port: int) -> bool:
    name = host.lower()
    shown = f"[{name}]" if ":" in name else name
    return name in allowed_hosts or shown in allowed_hosts or f"{shown}:{port}" in allowed_hosts


def _is_number(host: str) -> bool:
    """Whether a host is an IP address in any spelling: a last label that is a number never is a name (WHATWG URL)."""
    last = host.rpartition(".")[2].lower()
    return (
        ":" in host
        or last.isdigit()
        or (last.startswith("0x") and all(c in "0123456789abcdef" for c in last[2:]))
    )


def _check_address(host: str, address: str, *, allowed: bool) -> None:
    """Raises DestinationRefused when `address`, which `host` stands for, is not public (or metadata, if allowed)."""
    try:
        ip_address(address)
    except ValueError:
        raise DestinationRefused(
            f"{host} is not the usual form of an IP address.", remedy="Write it as 192.0.2.1 or a name."
        ) from None
    reason = metadata_refusal(address) if allowed else refusal(address)
    if reason is None:
        return
    remedy = "No setting allows it." if metadata_refusal(address) else f"To allow it, {_OPEN}"
    raise DestinationRefused(
        f"{host} leads to an address that requests must not reach ({reason}).", remedy=remedy
    )


async def _read(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    """The decompressed body. Stops reading as soon as it is larger than `max_bytes`."""
    encoding = response.headers.get("Content-Encoding")
    length = response.content_length
    if length is not None and length > max_bytes:
        raise _too_large(max_bytes, response.status)
    if encoding is None and length is not None:
        return await response.read()
    try:
        inflater = Inflater(encoding or "identity", max_bytes)
        while chunk := await response.content.readany():
            inflater.feed(chunk)
        return inflater.finish()
    except Oversize:
        raise _too_large(max_bytes, response.status) from None
    except ValueError as error:
        raise HttpFailure("reset", f"The answer of {response.url.host} is broken: {error}") from error


def _too_large(max_bytes: int, status: int) -> HttpFailure:
    return HttpFailure("too_large", f"The answer is larger than {max_bytes:,} bytes.", status)


def _failure(error: Exception, target: URL, seconds: float) -> HttpFailure:
    """The HttpFailure for an error of aiohttp; names the host and never the rest of the URL."""
    host = f"{target.host}:{target.port}"
    match error:
        case aiohttp.ClientSSLError() | ssl.SSLError():
            cause = getattr(error, "certificate_error", None) or getattr(error, "os_error", None) or error
            return HttpFailure("tls", f"No trusted TLS connection to {host}: {cause}")
        case aiohttp.ConnectionTimeoutError():
            return HttpFailure(
                "connect", f"{host} did not accept a connection in {min(seconds, CONNECT_SECONDS):g} s."
            )
        case TimeoutError():
            return HttpFailure("timeout", f"{host} did not answer completely in {seconds:g} s.")
        case aiohttp.ClientConnectorDNSError():
            return HttpFailure("connect", f"The name {target.host} has no address.")
        case aiohttp.ClientConnectorError():
            return HttpFailure(
                "connect",
                f"{host} cannot be reached: {_cause(error.os_error)}",
            )
        case aiohttp.ClientResponseError():
            return HttpFailure("reset", f"{host} answered with something that is not HTTP.")
        case _:
            return HttpFailure("reset", f"{host} closed the connection before its answer was complete.")


def _cause(error: OSError) -> str:
    """Connection refused, No route to host, …; asyncio's own text repeats the address instead."""
    return os.strerror(error.errno) if error.errno else type(error).__name__
