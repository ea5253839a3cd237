"""A model that answers at once: the smallest HTTP/1.1 server that speaks OpenAI's Responses format.

It runs in a process of its own and does as little as it can, so that the benches measure their subject.
Usage: python -m bench.stand_in   (prints the port it listens on)
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

import uvloop

ANSWER = json.dumps({"category": "billing", "summary": "The customer was charged twice."})
REPLY = json.dumps(
    {
        "id": "resp_1",
        "object": "response",
        "status": "completed",
        "model": "gpt-4.1-mini",
        "output": [
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": ANSWER}]}
        ],
        "usage": {"input_tokens": 120, "output_tokens": 18, "total_tokens": 138},
    }
).encode()
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
SERVED = {"requests": 0, "last_at": 0.0}


class StandIn(asyncio.Protocol):
    """One connection. GET /stats answers how many requests came and when the last one did (time.time())."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].lower()
            length = 0
            at = head.find(b"content-length:")
            if at >= 0:
                length = int(head[at + 15 :].split(b"\r\n", 1)[0])
            if len(self.buffer) < end + 4 + length:
                return
            self.buffer = self.buffer[end + 4 + length :]
            if head.startswith(b"get /stats"):
                body = json.dumps(SERVED).encode()
            else:
                SERVED["requests"] += 1
                SERVED["last_at"] = time.time()
                body = REPLY
            self.transport.write(HEAD % len(body) + body)  # type: ignore[attr-defined]


async def serve() -> None:
    """Serves until the parent closes our standard input."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(StandIn, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    uvloop.run(serve())
