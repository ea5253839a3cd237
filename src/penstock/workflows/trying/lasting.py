"""Trying that lasts, such as samples and runs of evals: a row of its table says how far it is, rows of another what came.

What is done is kept at once and not done again, so that another process can go on where one stopped.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar

from penstock.errors import Conflict, PenstockError
from penstock.kit.database import Connection, Pool
from penstock.workflows.dry_run import DryRun
from penstock.workflows.legs.llm_call import CONNECTION_TROUBLE
from penstock.workflows.trying.turns import alone, in_turns

State = Literal["WAITING", "RUNNING", "DONE", "CANCELED", "FAILED"]
PATIENCE = 120.0  # seconds that each may wait in all for a provider that is busy
LONGEST_MESSAGE = 1000  # characters

# By primary key; `{table}` is that of a kind.
START = """
UPDATE {table} SET state = 'RUNNING' WHERE workspace_id = $1 AND id = $2 AND state IN ('WAITING', 'RUNNING') RETURNING id
"""
FINISH = """
UPDATE {table} SET state = $3, message = $4, finished_at = now()
WHERE workspace_id = $1 AND id = $2 AND state IN ('WAITING', 'RUNNING') RETURNING id
"""
# Served by an index of each table over what is open.
UNFINISHED = "SELECT workspace_id, id FROM {table} WHERE state IN ('WAITING', 'RUNNING') ORDER BY id"

Item = TypeVar("Item")
Item_contra = TypeVar("Item_contra", contravariant=True)


class Worker(Protocol[Item_contra]):
    """Does the items of one. `trouble` says why it ended early, and is empty otherwise."""

    trouble: str

    async def row(self, item: Item_contra, /) -> bool:
        """Does one item and keeps what came of it; False when no further one is to be begun."""
        ...


@dataclass(frozen=True, slots=True)
class Task(Generic[Item]):
    """What is left of one: the items, how many at once, and who does them."""

    items: Sequence[Item]
    at_once: int
    worker: Worker[Item]


@dataclass(frozen=True, slots=True)
class Lasting:
    """A kind of it: its table, the space of its locks, and what one is called at the beginning of a sentence."""

    table: str
    space: int
    called: str

    async def carry_out(
        self,
        pool: Pool,
        workspace_id: int,
        number: int,
        prepare: Callable[[Connection], Awaitable[Task[Item]]],
    ) -> None:
        """Does what is left of `number` and ends it DONE, or FAILED with a message; one that is over stays as it is.

        Raises Conflict when another process is at it.
        """
        async with alone(pool, self.space, number, f"{self.called} {number}") as db:
            if not await db.fetchval(START.format(table=self.table), workspace_id, number):
                return
            try:
                task = await prepare(db)
                await in_turns(task.items, task.at_once, task.worker.row)
            except PenstockError as error:
                await self._finish(db, workspace_id, number, "FAILED", str(error)[:LONGEST_MESSAGE])
            except Exception:
                if not db.is_closed():
                    message = "Something unexpected happened; the log has the details."
                    await self._finish(db, workspace_id, number, "FAILED", message)
                raise
            else:
                trouble = task.worker.trouble
                await self._finish(db, workspace_id, number, "FAILED" if trouble else "DONE", trouble)

    async def cancel(self, db: Connection, workspace_id: int, number: int, by: str, state: State) -> None:
        """Stops one that stands in `state`; calls under way end. Raises Conflict when it is over."""
        if not await self._finish(db, workspace_id, number, "CANCELED", f"{by} stopped it."):
            raise Conflict(
                f"{self.called} {number} is {state} already.", remedy="Only one that goes on can be canceled."
            )

    async def unfinished(self, db: Connection) -> list[tuple[int, int]]:
        """Workspace and id of each that is not over."""
        rows = await db.fetch(UNFINISHED.format(table=self.table))
        return [(row["workspace_id"], row["id"]) for row in rows]

    async def _finish(
        self, db: Connection, workspace_id: int, number: int, state: State, message: str
    ) -> bool:
        done = await db.fetchval(FINISH.format(table=self.table), workspace_id, number, state, message)
        return done is not None


def connection_trouble(tried: DryRun) -> str:
    """Why no other item would get through either; empty when that is not so."""
    error = tried.error or {}
    if error.get("code") not in CONNECTION_TROUBLE:
        return ""
    return f"{error.get('message', '')} {CONNECTION_TROUBLE[str(error.get('code'))]}".strip()[
        :LONGEST_MESSAGE
    ]
