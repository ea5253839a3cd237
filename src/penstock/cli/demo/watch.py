"""Measures the demo's phases and waits for its runs, telling how far they are."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from penstock.cli.demo.results import Phase, Standing, standing
from penstock.cli.output import output
from penstock.kit.database import Pool

LOOK_EVERY_SECONDS = 0.3
PATIENCE_SECONDS = (
    900.0  # a provider's longest rate-limit wait is far below; nothing moving for so long is stuck
)


@dataclass(slots=True)
class Stopwatch:
    """Collects how long each phase took."""

    phases: list[Phase] = field(default_factory=list)

    @contextmanager
    def phase(self, name: str) -> Iterator[list[str]]:
        """Times a block; what the block puts into the list becomes the phase's detail."""
        detail: list[str] = []
        output.note(f"{name} …", style="bold")
        began = time.monotonic()
        yield detail
        self.phases.append(Phase(name, round(time.monotonic() - began, 3), ", ".join(detail)))


async def wait_for_runs(pool: Pool, workspace_id: int, run_ids: Sequence[int]) -> Standing:
    """Waits until every run has ended, or until nothing has moved for 15 minutes; shows live progress meanwhile."""
    moved = time.monotonic()
    before: tuple[int, int] = (-1, -1)
    with output.progress("Triage", "tickets") as progress:
        while True:
            async with pool.acquire() as db:
                now = await standing(db, workspace_id, run_ids)
            progress(now.ended, len(run_ids), describe(now))
            if now.ended == len(run_ids):
                return now
            if (now.ended, now.tokens) != before:
                before, moved = (now.ended, now.tokens), time.monotonic()
            if time.monotonic() - moved > PATIENCE_SECONDS:
                return now
            await asyncio.sleep(LOOK_EVERY_SECONDS)


def describe(now: Standing) -> str:
    """`12 done, 1 failed, 4 with the model, 8,123 tokens`."""
    parts = [f"{now.completed} done", f"{now.failed} failed"]
    if now.retrying:
        parts.append(f"{now.retrying} tried again")
    if now.under_way:
        parts.append(f"{now.under_way} with the model")
    return ", ".join([*parts, f"{now.tokens:,} tokens"])
