"""CPU of one model call through our provider layer, against raw aiohttp that posts the same bytes.

    python -m bench.llm_call [--calls 500] [--rounds 21] [--json]

For each wire format the client process asks a server on loopback (a process of its own) for a recorded reply,
100 calls at a time. Ours builds the request, sends it through `kit.http`, reads text, stop and usage. The floor
posts the same bytes to the same place and decodes the JSON, nothing else. Both take turns in short rounds, so
that a busy machine disturbs them alike; the table shows the medians, and the ratio is the median of the rounds'
ratios. Target: at most 1.5 times the floor.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import aiohttp
import orjson
from rich.console import Console
from rich.table import Table

from penstock.kit.http import HttpClient
from penstock.llm.client import LlmClient, provider_of
from penstock.llm.model_facts import known
from penstock.llm.request import LlmRequest
from penstock.settings import Settings

CASES = Path(__file__).parents[1] / "tests/llm/provider_traffic/cases.jsonl"
KEY = "sk-bench-0123456789abcdef"
AT_A_TIME = 100
PROMPT = "Sort this complaint: " + "The bank charged a late fee twice and nobody answers the phone. " * 15
SCHEMA = {
    "type": "object",
    "properties": {"product": {"type": "string", "enum": ["Card", "Loan"]}, "urgent": {"type": "boolean"}},
    "required": ["product", "urgent"],
    "additionalProperties": False,
}

# Wire format -> provider, model, the recorded case whose reply is played.
FORMATS = {
    "OpenAI Responses": ("openai", "gpt-4.1-mini", "openai-02"),
    "Anthropic Messages": ("anthropic", "claude-haiku-4-5", "anthropic-02"),
    "Cohere Chat": ("cohere", "command-a-03-2025", "cohere-02"),
    "xAI Responses": ("xai", "grok-4.3", "xai-02"),
    "Gemini generateContent": ("google", "gemini-2.5-flash", "google-02"),
    "Chat Completions": ("compatible", "llama-3.3-70b", "openai-06"),
}


@dataclass(frozen=True)
class Measured:
    """CPU milliseconds a call, medians over the rounds."""

    name: str
    ours: float
    floor: float
    ratio: float


class Replayer(asyncio.Protocol):
    """Answers every request on a connection with the recorded reply that the first segment of its path names."""

    def __init__(self, replies: dict[bytes, bytes]) -> None:
        self._replies = replies
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self._buffer) < end + 4 + length:
                return
            name = self._buffer.split(b"/", 2)[1]
            self._buffer = self._buffer[end + 4 + length :]
            self._transport.write(self._replies[name])


def serve(port: Connection) -> None:
    """The child process: listens on a free port, tells it, and answers until it is ended."""
    cases = {case["id"]: case for case in map(json.loads, CASES.read_text().strip().split("\n"))}
    replies: dict[bytes, bytes] = {}
    for provider, _, case_id in FORMATS.values():
        response = cases[case_id]["response"]
        body = orjson.dumps(response["body"])
        headers = {
            **response["headers"],
            "content-type": "application/json",
            "content-length": str(len(body)),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        replies[provider.encode()] = f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + body

    async def run() -> None:
        server = await asyncio.get_running_loop().create_server(lambda: Replayer(replies), "127.0.0.1", 0)
        port.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


async def cpu_per_call(call: Callable[[], Awaitable[None]], calls: int) -> float:
    """CPU milliseconds of this process a call, `AT_A_TIME` calls in flight."""

    async def worker() -> None:
        for _ in range(calls // AT_A_TIME):
            await call()

    started = time.process_time()
    await asyncio.gather(*(worker() for _ in range(AT_A_TIME)))
    return (time.process_time() - started) * 1000 / (calls // AT_A_TIME * AT_A_TIME)


async def measure(port: int, calls: int, rounds: int) -> list[Measured]:
    """Both ways for each wire format, alternating."""
    http = HttpClient(frozenset({"127.0.0.1"}))
    llm = LlmClient(http, Settings(home=Path("unused")))
    results = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        for name, (key, model, _) in FORMATS.items():
            base = f"http://127.0.0.1:{port}/{key}"
            request = LlmRequest(
                model, PROMPT, system="Be brief.", temperature=0.2, max_output_tokens=500, schema=SCHEMA
            )
            provider = provider_of(key)
            built, _ = provider.build(request, known(key, model))
            url, body = base + built.path, orjson.dumps(built.body)
            headers = provider.authorize(built.headers, KEY)

            async def ours(key: str = key, base: str = base, request: LlmRequest = request) -> None:
                result = await llm.complete(key, KEY, base, request)
                assert result.stop == "complete"

            async def floor(url: str = url, body: bytes = body, headers: dict[str, str] = headers) -> None:
                async with session.post(url, data=body, headers=headers) as response:
                    assert orjson.loads(await response.read())

            for call in (ours, floor):
                await cpu_per_call(call, AT_A_TIME * 2)  # opens the connections
            pairs = [
                (await cpu_per_call(ours, calls), await cpu_per_call(floor, calls)) for _ in range(rounds)
            ]
            mine, raw = (statistics.median(side) for side in zip(*pairs, strict=True))
            results.append(Measured(name, mine, raw, statistics.median(a / b for a, b in pairs)))
    await http.close()
    return results


def main() -> None:
    """Runs the measurement and prints it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--calls", type=int, default=500, help="calls a round and way")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--json", action="store_true", help="print one last line of JSON")
    options = parser.parse_args()

    here, there = multiprocessing.get_context("spawn").Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    server.start()
    try:
        results = asyncio.run(measure(here.recv(), options.calls, options.rounds))
    finally:
        server.terminate()
        server.join()

    table = Table("wire format", "ours, ms", "floor, ms", "ratio", title="CPU of one model call")
    for result in results:
        table.add_row(result.name, f"{result.ours:.3f}", f"{result.floor:.3f}", f"{result.ratio:.2f}")
    ours, floor, ratio = (
        statistics.mean(getattr(r, name) for r in results) for name in ("ours", "floor", "ratio")
    )
    table.add_row("mean", f"{ours:.3f}", f"{floor:.3f}", f"{ratio:.2f}")
    Console().print(table)
    if options.json:
        line = {
            "ours": round(ours, 4),
            "floor": round(floor, 4),
            "ratio": round(ratio, 3),
            "unit": "ms CPU per call",
        }
        print(json.dumps(line | {"worst_ratio": round(max(result.ratio for result in results), 3)}))


if __name__ == "__main__":
    main()
