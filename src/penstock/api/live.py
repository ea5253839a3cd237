"""Live pages: one reader a process looks for moves while pages are open, and tells each of them what concerns it.

Nothing is notified when runs move, because NOTIFY makes commits queue up behind each other; the reader polls
by primary key instead, a few times a second and only while somebody looks. What happens between two looks
reaches a page as one event.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import structlog

from penstock.errors import Busy
from penstock.kit.database import Connection, Pool
from penstock.kit.json import JsonObject
from penstock.workflows.attention.attention import count_attention
from penstock.workflows.legs.runner import PASSING
from penstock.workflows.run_history.moves import MOST_MOVES, Mark, moves_since, newest, states

log = structlog.get_logger(__name__)

MOST_STREAMS = 200
LOOK_SECONDS = 0.3
# How far the reader looks back for rows of transactions that commit late.
LOOK_BACK_SECONDS = 2.0
COUNT_SECONDS = 2.0
# An event names so many runs at most; with more, the page reads its list anew.
MOST_IDS = 200


@dataclass(frozen=True, slots=True)
class Subject:
    """What a page shows, of one workspace: one run, the runs of a flow, or what needs attention."""

    workspace_id: int
    run_id: int | None = None
    flow_id: int | None = None
    attention: bool = False


@dataclass(eq=False, slots=True)
class Stream:
    """The events of one page that it has not been sent yet."""

    subject: Subject
    moved: set[int] = field(default_factory=set)
    more: bool = False
    state: tuple[int, str] | None = None
    attention: JsonObject | None = None
    shown: JsonObject | None = None
    ended: str | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def end(self, reason: str) -> None:
        """Has the stream end after what it holds."""
        self.ended = reason
        self.news.set()

    def take(self) -> list[tuple[str, JsonObject]]:
        """The waiting events by name, which are then no longer waiting."""
        self.news.clear()
        events: list[tuple[str, JsonObject]] = []
        if self.subject.flow_id is not None and (self.moved or self.more):
            ids = sorted(self.moved, reverse=True)
            more = self.more or len(ids) > MOST_IDS
            listed: JsonObject = {
                "flowId": str(self.subject.flow_id),
                "ids": [str(one) for one in ids[:MOST_IDS]],
                "more": more,
            }
            events.append(("runs", listed))
            self.moved, self.more = set(), False
        if self.subject.run_id is not None and self.state is not None:
            seq, status = self.state
            events.append(("run", {"id": str(self.subject.run_id), "seq": seq, "status": status}))
            self.state = None
        if self.attention is not None:
            events.append(("attention", self.attention))
            self.attention = None
        return events


class Live:
    """The open streams of a process and the reader that feeds them; the reader runs while there are any."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._streams: set[Stream] = set()
        self._reader: asyncio.Task[None] | None = None
        self._states: dict[int, tuple[int, str]] = {}
        self._mark = Mark(0, 0)
        self._closed = False

    def check_room(self) -> None:
        """Raises Busy when the process has 200 streams or is ending; asked before the answer begins."""
        if len(self._streams) >= MOST_STREAMS or self._closed:
            raise Busy(
                f"This process serves {len(self._streams)} live pages already.",
                remedy="Close pages that are not looked at; lists can still be read without being live.",
            )

    @contextlib.asynccontextmanager
    async def open(self, subject: Subject) -> AsyncIterator[Stream]:
        """A stream for as long as the block lasts; what happens from its beginning on is told."""
        stream = Stream(subject)
        self._streams.add(stream)
        try:
            await self._begin(subject)
            if self._closed:
                stream.end("server_ends")
            yield stream
        finally:
            self._streams.discard(stream)

    async def _begin(self, subject: Subject) -> None:
        """Notes how things are now, and has the reader run."""
        async with self._pool.acquire() as db:
            if subject.run_id is not None and subject.run_id not in self._states:
                self._states.update(await states(db, [subject.run_id]))
            if self._reader is None or self._reader.done():
                self._mark = await newest(db)
                self._reader = asyncio.create_task(self._read(), name="live-reader")

    def close(self) -> None:
        """Ends all streams at once, because a server that ends waits for its answers."""
        self._closed = True
        for stream in self._streams:
            stream.end("server_ends")

    async def stop(self) -> None:
        """Ends the reader."""
        self.close()
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)

    async def _read(self) -> None:
        seen: dict[tuple[str, int], float] = {}
        counted = 0.0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if not self._streams:
                return
            try:
                async with self._pool.acquire() as db:
                    self._mark = await self._look_for_moves(db, self._mark, seen)
                    await self._look_at_runs(db)
                    if time.monotonic() - counted > COUNT_SECONDS:
                        counted = time.monotonic()
                        await self._look_at_attention(db)
            except PASSING as trouble:
                log.info("live pages wait for the database", cause=type(trouble).__name__)

    async def _look_for_moves(self, db: Connection, mark: Mark, seen: dict[tuple[str, int], float]) -> Mark:
        """Tells of new moves and returns from where to look next: what was seen some time ago stays behind."""
        by_flow: dict[tuple[int, int], list[Stream]] = {}
        for stream in self._streams:
            if stream.subject.flow_id is not None:
                by_flow.setdefault((stream.subject.workspace_id, stream.subject.flow_id), []).append(stream)
        if not by_flow:
            seen.clear()
            return await newest(db)
        moves = await moves_since(db, mark)
        fresh = [move for move in moves if move.source not in seen]
        overflow = sum(move.source[0] == "step" for move in fresh) >= MOST_MOVES
        now = time.monotonic()
        for move in fresh:
            seen[move.source] = now
            for stream in by_flow.get((move.workspace_id, move.flow_id), ()):
                stream.moved.add(move.run_id)
                stream.news.set()
        if overflow:
            for streams in by_flow.values():
                for stream in streams:
                    stream.more = True
                    stream.news.set()
            seen.clear()
            return await newest(db)
        return _after_old(mark, seen, now - LOOK_BACK_SECONDS)

    async def _look_at_runs(self, db: Connection) -> None:
        watched: dict[int, list[Stream]] = {}
        for stream in self._streams:
            if stream.subject.run_id is not None:
                watched.setdefault(stream.subject.run_id, []).append(stream)
        if not watched:
            return
        found = await states(db, list(watched))
        for run_id, state in found.items():
            if run_id in self._states and self._states[run_id] != state:
                for stream in watched[run_id]:
                    stream.state = state
                    stream.news.set()
        self._states = {**found}

    async def _look_at_attention(self, db: Connection) -> None:
        by_workspace: dict[int, list[Stream]] = {}
        for stream in self._streams:
            if stream.subject.attention:
                by_workspace.setdefault(stream.subject.workspace_id, []).append(stream)
        for workspace_id, streams in by_workspace.items():
            found = await count_attention(db, workspace_id)
            shown: JsonObject = {
                "runs": {"count": found.runs.count, "exact": found.runs.exact},
                "connections": found.connections,
            }
            for stream in streams:
                if stream.shown != shown:
                    stream.attention = stream.shown = shown
                    stream.news.set()


def _after_old(mark: Mark, seen: dict[tuple[str, int], float], before: float) -> Mark:
    """Forgets what was seen before a moment and moves the mark behind it."""
    old = [source for source, at in seen.items() if at < before]
    step, run = mark.step, mark.run
    for kind, number in old:
        del seen[kind, number]
        if kind == "step":
            step = max(step, number)
        else:
            run = max(run, number)
    return Mark(step, run)
