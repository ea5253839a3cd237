"""Is Penstock well: a bare yes for load balancers, and the state of its parts for people."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter

import penstock
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import Shape, Time
from penstock.engine.status import read_status

router = APIRouter(route_class=GuardedRoute, tags=["health"])


class Health(Shape):
    """The server answers."""

    status: Literal["ok"]


class WorkerShape(Shape):
    """A worker process that gave a sign of life lately."""

    id: str
    host: str
    pid: int
    started_at: Time
    heartbeat_at: Time


class Depths(Shape):
    """How much stands where. `dueWaits` are runs whose wake time has come; `changes` are not yet read by triggers."""

    active: int
    waiting: int
    due_waits: int
    failed: int
    changes: int
    mails: int
    webhooks: int


class Status(Shape):
    """The state of the parts."""

    version: str
    database_version: str
    workers: list[WorkerShape]
    depths: Depths


@router.get("/health")
async def health() -> Health:
    """Answers ok while the server runs; asks nothing of the database and needs no token."""
    return Health(status="ok")


@router.get("/status")
async def status(call: Caller) -> Status:
    """The database, the workers, and how much waits in each queue."""
    async with call.transaction() as db:
        found = await read_status(db, call.workspace_id)
    return Status(
        version=penstock.__version__,
        database_version=found.database_version,
        workers=[WorkerShape.model_validate(worker) for worker in found.workers],
        depths=Depths.model_validate(found.depths),
    )
