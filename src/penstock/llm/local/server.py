"""One running model, seen from the process that started it: start, address, still alive, stop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from penstock.kit.json import dumps
from penstock.llm.errors import LlmError
from penstock.llm.local.known_weights import Weights

START_SECONDS = 180.0  # a cold file on a slow disk, read once
STOP_SECONDS = 5.0
LARGEST_LOG = 5_000_000  # bytes; a larger one is started anew
LOG_TAIL = 2_000  # bytes of the log that are searched for the reason of a failed start
MOST_THREADS = 8  # more do not help models of this size: they wait for memory, not for arithmetic


@dataclass(frozen=True, slots=True)
class Shape:
    """How a model is served: `slots` requests at a time, each with its own window, on `threads` cores; after
    `idle_seconds` without a request the weights leave memory until the next one, which then takes seconds longer."""

    slots: int = 2
    threads: int = 2
    idle_seconds: int = 600

    @classmethod
    def of_this_machine(cls) -> Shape:
        """As many threads as this process may use cores, and two slots: more share the same cores and each answers later."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return cls(threads=min(cores, MOST_THREADS))


class LocalServer:
    """A child process that serves one model. Not restarted by itself: see `servers`."""

    def __init__(self, weights: Weights, path: Path, log: Path, shape: Shape) -> None:
        self._weights = weights
        self._path = path
        self._log = log
        self._shape = shape
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether the child was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The child's process id."""
        return self._process.pid if self._process is not None else None

    async def start(self) -> str:
        """Starts the child and waits until the model is loaded; returns the address without a slash at its end.

        Raises LlmError of kind connect when it ends or takes too long, with the log's last word.
        """
        self._log.parent.mkdir(parents=True, exist_ok=True)
        too_large = self._log.is_file() and self._log.stat().st_size > LARGEST_LOG
        with self._log.open("wb" if too_large else "ab") as log:
            # From this thread, not a helper's: on Linux the child ends with the thread that started it. In a
            # session of its own, so that Ctrl-C on the terminal lets calls in flight finish.
            self._process = process = subprocess.Popen(  # noqa: ASYNC220 - our own arguments; a few ms
                [sys.executable, "-P", "-m", "penstock.llm.local.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=_environment(os.environ),
                start_new_session=True,
            )
        assert process.stdin is not None  # noqa: S101 - a pipe
        assert process.stdout is not None  # noqa: S101 - a pipe
        task = {
            "parent": os.getpid(),
            "name": self._weights.name,
            "path": str(self._path),
            "slots": self._shape.slots,
            "threads": self._shape.threads,
            "context_tokens": self._weights.context_tokens,
            "idle_seconds": self._shape.idle_seconds,
            "prefix": f"/{secrets.token_urlsafe(24)}",
        }
        try:
            process.stdin.write(dumps(task) + b"\n")
            process.stdin.flush()
            line = await asyncio.wait_for(asyncio.to_thread(process.stdout.readline), START_SECONDS)
        except (TimeoutError, BrokenPipeError, asyncio.CancelledError) as error:
            self.stop()
            if isinstance(error, asyncio.CancelledError):
                raise
            line = b""
        address = line.decode(errors="replace").strip()
        if not address.startswith("http://127.0.0.1:"):
            self.stop()
            raise self._did_not_start()
        return address

    def _did_not_start(self) -> LlmError:
        said = _last_line(self._log)
        remedy = f"See {self._log}; it needs about {self._weights.memory_bytes / 1e9:.1f} GB of free memory."
        if "libgomp" in said:  # the one library that llama.cpp's wheel takes from the system
            remedy = "Install OpenMP's library; on Debian and Ubuntu: apt install libgomp1."
        message = f"The local model {self._weights.name} did not start: {said}"
        return LlmError("connect", message, provider="local", remedy=remedy)

    def stop(self) -> None:
        """Ends the child and waits for its end. Harmless when it has ended."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):  # the child was gone before it read its task
                    pipe.close()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:  # still loading
            process.kill()
            process.wait()


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What the child gets: everything but our own settings, among which are secrets that it has no use for.

    llama.cpp's threads wait for each other many times a token. By default they spin, and on a busy machine spin
    for one that has no core: measured with six other busy processes on two cores, an answer took 75 seconds
    spinning and 20 sleeping. OMP_WAIT_POLICY is the setting for it in the OpenMP specification.
    """
    kept = {name: value for name, value in environ.items() if not name.startswith("PENSTOCK_")}
    return {"OMP_WAIT_POLICY": "PASSIVE", **kept}


def _last_line(log: Path) -> str:
    written = log.read_bytes()[-LOG_TAIL:].decode(errors="replace")
    lines = [line.strip() for line in written.splitlines() if line.strip()]
    return lines[-1][-300:] if lines else "it wrote nothing into its log"
