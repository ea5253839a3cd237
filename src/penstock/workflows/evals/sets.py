"""Eval sets: the cases of one LLM step of a workflow, under a name, and whether publishing waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.connections import connections
from penstock.errors import AlreadyExists, InvalidInput, NotFound
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.workflows import flows
from penstock.workflows.editing.chosen import choose_document
from penstock.workflows.evals.step import step_of

LONGEST_NAME = 100
DEFAULT_MARGIN = 0.05

_SET = """
SELECT s.id, s.flow_id, s.action_id, s.name, s.judge_connection_id, s.judge_model, s.version, s.gates, s.margin,
       s.baseline_run_id, s.created_by, s.created_at,
       (SELECT count(*) FROM eval_cases c WHERE c.eval_set_id = s.id) AS cases
FROM eval_sets s WHERE s.workspace_id = $1
"""
# By primary key, and by eval_sets_name; a workflow has a handful.
GET = _SET + "AND s.id = $2"
LIST = _SET + "AND s.flow_id = $2 ORDER BY s.id"
CREATE = """
INSERT INTO eval_sets (workspace_id, flow_id, action_id, name, judge_connection_id, judge_model, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (workspace_id, flow_id, lower(name)) DO NOTHING RETURNING id
"""
UPDATE = """
UPDATE eval_sets SET name = $3, judge_connection_id = $4, judge_model = $5,
    version = version + CASE WHEN judge_connection_id IS NOT DISTINCT FROM $4 AND judge_model = $5 THEN 0 ELSE 1 END
WHERE workspace_id = $1 AND id = $2
"""
DELETE = "DELETE FROM eval_sets WHERE workspace_id = $1 AND id = $2"
LOCK = "SELECT id FROM eval_sets WHERE workspace_id = $1 AND id = $2 FOR UPDATE"
CHANGED = "UPDATE eval_sets SET version = version + 1 WHERE workspace_id = $1 AND id = $2"
NAMED = "SELECT id FROM eval_sets WHERE workspace_id = $1 AND flow_id = $2 AND lower(name) = lower($3)"


@dataclass(frozen=True, slots=True)
class EvalSet:
    """A set of `cases` cases for the LLM step `action_id`.

    The judge is the model that decides checks of that kind. `gates`: publishing is refused while agreement is lower
    than that of the run `baseline_run_id` by more than `margin` (in [0, 1]). `version` rises when cases or judge change.
    """

    id: int
    flow_id: int
    action_id: str
    name: str
    judge_connection_id: int | None
    judge_model: str
    version: int
    gates: bool
    margin: float
    baseline_run_id: int | None
    created_by: str
    created_at: datetime
    cases: int


@dataclass(frozen=True, slots=True)
class Judge:
    """The model that decides `judge` checks; None: there is none."""

    connection_id: int | None = None
    model: str = ""


async def create(
    db: Connection, actor: Actor, flow_id: int, *, action_id: str, name: str, judge: Judge = Judge()
) -> EvalSet:
    """A new, empty set. Raises NotFound for an unknown workflow, action or connection, InvalidInput for an action that
    asks no model or a name that is none, AlreadyExists for a name that the workflow has.
    """
    workspace_id = actor.workspace_id
    chosen = await choose_document(db, workspace_id, flow_id, None)
    step_of(chosen.document, action_id)
    name = _named(name)
    await _check(db, workspace_id, judge)
    set_id = await db.fetchval(
        CREATE, workspace_id, flow_id, action_id, name, judge.connection_id, judge.model, actor.label
    )
    if set_id is None:
        raise _taken(name)
    await audit.record(db, actor, "eval_set.created", "flow", flow_id, {"evalSetId": str(set_id)})
    return await get(db, workspace_id, set_id)


async def get(db: Connection, workspace_id: int, set_id: int) -> EvalSet:
    """One set. Raises NotFound."""
    row = await db.fetchrow(GET, workspace_id, set_id)
    if row is None:
        raise NotFound(f"There is no eval set {set_id}.", remedy="List the eval sets of the workflow.")
    return EvalSet(**dict(row.items()))


async def list_sets(db: Connection, workspace_id: int, flow_id: int) -> list[EvalSet]:
    """The sets of a workflow, the oldest first. Raises NotFound for an unknown workflow."""
    await flows.get(db, workspace_id, flow_id)
    return [EvalSet(**dict(row.items())) for row in await db.fetch(LIST, workspace_id, flow_id)]


async def update(db: Connection, actor: Actor, set_id: int, *, name: str, judge: Judge) -> EvalSet:
    """Another name or judge. Another judge judges anew, so that earlier runs no longer open the gate."""
    workspace_id = actor.workspace_id
    found = await get(db, workspace_id, set_id)
    name = _named(name)
    await _check(db, workspace_id, judge)
    if await db.fetchval(NAMED, workspace_id, found.flow_id, name) not in (None, set_id):
        raise _taken(name)
    await db.execute(UPDATE, workspace_id, set_id, name, judge.connection_id, judge.model)
    await audit.record(db, actor, "eval_set.changed", "flow", found.flow_id, {"evalSetId": str(set_id)})
    return await get(db, workspace_id, set_id)


async def delete(db: Connection, actor: Actor, set_id: int) -> None:
    """Deletes a set with its cases and runs. Raises NotFound, and InvalidInput while it keeps a gate."""
    found = await get(db, actor.workspace_id, set_id)
    if found.gates:
        raise InvalidInput(
            f"Publishing waits for the eval set '{found.name}'.",
            remedy="Open its gate first, then delete it.",
        )
    await db.execute(DELETE, actor.workspace_id, set_id)
    detail: JsonObject = {"evalSetId": str(set_id), "name": found.name, "cases": found.cases}
    await audit.record(db, actor, "eval_set.deleted", "flow", found.flow_id, detail)


async def cases_changed(db: Connection, workspace_id: int, set_id: int) -> None:
    """Notes that what the set asks is another now; locks it for the caller's transaction. Raises NotFound."""
    if await db.fetchval(LOCK, workspace_id, set_id) is None:
        await get(db, workspace_id, set_id)
    await db.execute(CHANGED, workspace_id, set_id)


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidInput(f"name has 1 to {LONGEST_NAME} characters.", remedy="Give the set a name.")
    return name


def _taken(name: str) -> AlreadyExists:
    return AlreadyExists(f"The workflow has an eval set '{name}' already.", remedy="Choose another name.")


async def _check(db: Connection, workspace_id: int, judge: Judge) -> None:
    if (judge.connection_id is None) != (not judge.model.strip()):
        raise InvalidInput("A judge is a connection and a model.", remedy="Name both, or none.")
    if judge.connection_id is not None:
        await connections.get(db, workspace_id, judge.connection_id)
