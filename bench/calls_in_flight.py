"""10,000 model calls in flight in one process: memory and CPU of each, against bare aiohttp in the same run.

    python -m bench.calls_in_flight [--calls 10000] [--delay SECONDS] [--tls] [--json]

A server on loopback, a process of its own, answers each call after `--delay` seconds. Each client is a fresh
process that begins all calls at once, each for a prompt of its own. Memory is the growth of its resident set while all
calls are in flight; CPU is the client's, from the first call to the last answer. The floor posts the same bytes with one
aiohttp session and decodes the JSON. `--tls` measures the same over TLS, where most of the memory is OpenSSL's; its
delay is longer, because ten thousand handshakes take a while and all calls are to be in flight at once. Target: every call finishes, less than 30 KB a call (without TLS).
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import gc
import json
import multiprocessing
import ssl
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

import aiohttp
import orjson
import psutil
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from rich.console import Console
from rich.table import Table

from bench.llm_call import KEY, PROMPT
from bench.stand_in import HEAD, REPLY
from penstock.kit.http import HttpClient
from penstock.kit.open_files import allow_connections
from penstock.llm.client import LlmClient, provider_of
from penstock.llm.model_facts import known
from penstock.llm.request import LlmRequest
from penstock.settings import Settings

MODEL = "gpt-4.1-mini"
WARM_UP = 50
SPARE_FILES = 500
TARGET_KB = 30


@dataclass(frozen=True)
class Measured:
    """One way: KB and CPU milliseconds a call, how many finished and were in flight at once, seconds over the delay."""

    name: str
    kb: float
    cpu_ms: float
    finished: int
    at_once: int
    late: float


class SlowAnswers(asyncio.Protocol):
    """One connection; each request is answered `delay` seconds after it was complete."""

    delay = 5.0
    at_once = 0
    most_at_once = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none of asyncio's classes
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        at = self._buffer[:end].lower().find(b"content-length:")
        if end < 0:
            return
        length = int(self._buffer[at + 15 : end].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._buffer) < end + 4 + length:
            return
        if self._buffer.startswith(b"GET"):
            self._answer(orjson.dumps(SlowAnswers.most_at_once))
            SlowAnswers.most_at_once = 0
        else:
            SlowAnswers.at_once += 1
            SlowAnswers.most_at_once = max(SlowAnswers.most_at_once, SlowAnswers.at_once)
            asyncio.get_running_loop().call_later(SlowAnswers.delay, self._answer_late)
        self._buffer = b""

    def _answer_late(self) -> None:
        SlowAnswers.at_once -= 1
        self._answer(REPLY)

    def _answer(self, body: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(HEAD % len(body) + body)


def serve(port: Connection, delay: float, certificate: str) -> None:
    """The server's process: listens on a free port, tells it, and answers until it is ended."""
    SlowAnswers.delay = delay
    allow_connections(1_000_000)
    tls = None
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)

    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(SlowAnswers, "127.0.0.1", 0, ssl=tls, backlog=65_535)
        port.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    uvloop.run(run())


async def burst(name: str, call: Callable[[int], Awaitable[object]], calls: int, delay: float) -> Measured:
    """Begins all calls at once and measures this process until the last has its answer."""
    await asyncio.gather(*(call(n) for n in range(WARM_UP)))
    gc.collect()
    process = psutil.Process()
    before, cpu, began = process.memory_info().rss, time.process_time(), time.perf_counter()
    tasks = [asyncio.ensure_future(call(n)) for n in range(calls)]
    peak = before
    while any(not task.done() for task in tasks):
        await asyncio.sleep(0.2)
        peak = max(peak, process.memory_info().rss)
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    failures = [answer for answer in answers if isinstance(answer, BaseException)]
    if failures:
        print(f"{name}: {len(failures)} failed, the first with {failures[0]!r}", file=sys.stderr)
    took = time.perf_counter() - began
    return Measured(
        name,
        (peak - before) / calls / 1024,
        (time.process_time() - cpu) * 1000 / calls,
        calls - len(failures),
        0,
        took - delay,
    )


async def ours(base: str, calls: int, delay: float, tls: ssl.SSLContext | None) -> Measured:
    """Through our provider layer, as an LLM step calls it."""
    async with HttpClient(frozenset({"127.0.0.1"}), ssl_context=tls) as http:
        llm = LlmClient(http, Settings(home=Path("unused")))
        return await burst(
            "Penstock",
            lambda n: llm.complete("openai", KEY, base, LlmRequest(MODEL, f"{n}. {PROMPT}", temperature=0.2)),
            calls,
            delay,
        )


async def floor(base: str, calls: int, delay: float, tls: ssl.SSLContext | None) -> Measured:
    """Bare aiohttp, the same bytes."""
    provider = provider_of("openai")
    built, _ = provider.build(LlmRequest(MODEL, PROMPT, temperature=0.2), known("openai", MODEL))
    headers = provider.authorize(built.headers, KEY)
    before, after = orjson.dumps(built.body).split(PROMPT.encode())

    connector = aiohttp.TCPConnector(limit=0, ssl=tls or True)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def call(n: int) -> object:
            body = before + f"{n}. {PROMPT}".encode() + after
            async with session.post(f"{base}/responses", data=body, headers=headers) as response:
                return orjson.loads(await response.read())["output"][0]["content"][0]["text"]

        return await burst("bare aiohttp", call, calls, delay)


WAYS = {"ours": ours, "floor": floor}


def client(result: Connection, way: str, base: str, calls: int, delay: float, certificate: str) -> None:
    """A client's process."""
    allow_connections(1_000_000)
    tls = ssl.create_default_context(cafile=certificate) if certificate else None
    result.send(asyncio.run(WAYS[way](base, calls, delay, tls)))


async def most_at_once(base: str, tls: ssl.SSLContext | None) -> int:
    """How many calls the server had at once since it was last asked."""
    async with HttpClient(frozenset({"127.0.0.1"}), ssl_context=tls) as http:
        return int(orjson.loads((await http.request("GET", base)).body))


def certificate_of(folder: Path) -> Path:
    """A certificate for 127.0.0.1, signed by itself, and its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - day).not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    place = folder / "server.pem"
    place.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return place


def measure(calls: int, delay: float, certificate: str) -> tuple[Measured, Measured]:
    """Ours and the floor, each in a fresh process, against one server."""
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    server = spawn.Process(target=serve, args=(there, delay, certificate), daemon=True)
    server.start()
    base = f"{'https' if certificate else 'http'}://127.0.0.1:{here.recv()}"
    tls = ssl.create_default_context(cafile=certificate) if certificate else None
    found = []
    try:
        for way in WAYS:
            process = spawn.Process(target=client, args=(there, way, base, calls, delay, certificate))
            process.start()
            process.join()
            if process.exitcode:
                raise SystemExit(f"the client of {way} ended with {process.exitcode}")
            result: Measured = here.recv()
            at_once = asyncio.run(most_at_once(base, tls))
            found.append(Measured(**{**asdict(result), "at_once": at_once}))
    finally:
        server.terminate()
        server.join()
    return found[0], found[1]


def main() -> None:
    """Runs the measurement and prints it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--delay", type=float, help="seconds the model takes: 5, over TLS 45")
    parser.add_argument("--tls", action="store_true", help="measure over TLS")
    parser.add_argument("--json", action="store_true", help="print one last line of JSON")
    options = parser.parse_args()
    options.delay = options.delay or (45.0 if options.tls else 5.0)
    most = allow_connections(1_000_000) - SPARE_FILES
    if options.calls > most:
        parser.error(f"--calls: this machine lets a process open {most:,} connections (ulimit -Hn)")

    with tempfile.TemporaryDirectory() as folder:
        certificate = str(certificate_of(Path(folder))) if options.tls else ""
        mine, bare = measure(options.calls, options.delay, certificate)

    title = f"{options.calls:,} calls at once, {options.delay:g} s each{', TLS' if options.tls else ''}"
    table = Table(
        "", "KB a call", "CPU, ms a call", "at once", "finished", "seconds beyond the delay", title=title
    )
    for row in (mine, bare):
        table.add_row(
            row.name,
            f"{row.kb:.1f}",
            f"{row.cpu_ms:.2f}",
            f"{row.at_once:,}",
            f"{row.finished:,}",
            f"{row.late:.1f}",
        )
    table.add_row("ratio", f"{mine.kb / bare.kb:.2f}", f"{mine.cpu_ms / bare.cpu_ms:.2f}", "", "", "")
    Console().print(table)
    if options.json:
        line = {
            "ours": round(mine.kb, 1),
            "floor": round(bare.kb, 1),
            "ratio": round(mine.kb / bare.kb, 2),
            "unit": "KB per call in flight",
            "cpu_ms": round(mine.cpu_ms, 3),
            "cpu_ratio": round(mine.cpu_ms / bare.cpu_ms, 2),
            "at_once": mine.at_once,
            "finished": mine.finished,
            "met": mine.finished == options.calls and (options.tls or mine.kb < TARGET_KB),
        }
        print(json.dumps(line))


if __name__ == "__main__":
    main()
