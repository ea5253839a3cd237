"""The one DBOS workflow: a batch of legs of one lane. It has no steps of its own; our tables are the memory."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

import structlog
from dbos import DBOS

from penstock.engine.lanes import RUN_LEGS, keys_of
from penstock.workflows.legs.leg import LegKey
from penstock.workflows.legs.runner import PASSING

log = structlog.get_logger(__name__)

ATTEMPTS = 5


class RunsLegs(Protocol):
    """Whoever can run a batch of one lane; set by the engine that is started in this process."""

    async def run_legs(self, lane: str, keys: Sequence[LegKey]) -> None:
        """Runs the legs that still stand where their keys say."""


class Here:
    """The engine of this process. DBOS calls a plain function, so the function finds its engine here."""

    engine: RunsLegs | None = None


@DBOS.workflow(name=RUN_LEGS, max_recovery_attempts=None)
async def run_legs(lane: str, legs: list[list[int]]) -> None:
    """Runs one job. A database that is away is waited for; what is left then comes back through recovery."""
    for attempt in range(1, ATTEMPTS + 1):
        engine = Here.engine
        if engine is None:
            raise RuntimeError("No engine runs in this process.")
        try:
            await engine.run_legs(lane, keys_of(legs))
            return
        except PASSING as trouble:
            log.warning("job is tried again", lane=lane, legs=len(legs), attempt=attempt, cause=repr(trouble))
            if attempt == ATTEMPTS:
                raise
            await asyncio.sleep(min(30.0, 0.5 * 4.0**attempt))
