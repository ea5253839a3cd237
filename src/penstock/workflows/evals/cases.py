"""The cases of an eval set: a record's values as they once were, earlier outputs, and what the step should answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from penstock.accounts.actors import Actor
from penstock.crm.computed import visible_values
from penstock.errors import InvalidInput, NotFound, TooLarge
from penstock.kit.database import Connection, Row
from penstock.kit.json import Json, JsonObject
from penstock.workflows import flows
from penstock.workflows.dry_run import LOAD_RECORD
from penstock.workflows.evals import sets
from penstock.workflows.evals.checks import Check, read_checks

MOST_CASES = 2_000  # of a set
LONGEST_NAME = 200

_COLUMNS = "id, name, record_id, record_values, outputs, checks, created_by, created_at"
# Served by eval_cases_of_set.
LIST = f"""
SELECT {_COLUMNS} FROM eval_cases WHERE workspace_id = $1 AND eval_set_id = $2 AND id > $3 ORDER BY id LIMIT $4
"""  # noqa: S608 - constants
GET = f"SELECT {_COLUMNS} FROM eval_cases WHERE workspace_id = $1 AND eval_set_id = $2 AND id = $3"  # noqa: S608
COUNT = "SELECT count(*) FROM eval_cases WHERE eval_set_id = $1"
INSERT = """
INSERT INTO eval_cases (workspace_id, eval_set_id, name, record_id, record_values, outputs, checks, created_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
"""
CHANGE = (
    "UPDATE eval_cases SET name = $4, checks = $5 WHERE workspace_id = $1 AND eval_set_id = $2 AND id = $3"
)
DELETE = "DELETE FROM eval_cases WHERE workspace_id = $1 AND eval_set_id = $2 AND id = $3 RETURNING id"


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case to be added: `values` by property, `outputs` by the actionId of earlier steps."""

    name: str
    values: Mapping[str, str]
    checks: tuple[Check, ...]
    outputs: Mapping[str, JsonObject]
    record_id: int | None = None


@dataclass(frozen=True, slots=True)
class EvalCase:
    """A case of a set. `record_id` is the record that its values once came from, if they did."""

    id: int
    name: str
    record_id: int | None
    values: dict[str, str]
    outputs: dict[str, JsonObject]
    checks: tuple[Check, ...]
    created_by: str
    created_at: datetime


async def list_cases(
    db: Connection, workspace_id: int, set_id: int, *, after: int = 0, limit: int = MOST_CASES
) -> list[EvalCase]:
    """The cases of a set behind the id `after`, the oldest first."""
    return [_case(row) for row in await db.fetch(LIST, workspace_id, set_id, after, limit)]


async def get_case(db: Connection, workspace_id: int, set_id: int, case_id: int) -> EvalCase:
    """One case. Raises NotFound."""
    row = await db.fetchrow(GET, workspace_id, set_id, case_id)
    if row is None:
        raise _missing(set_id, case_id)
    return _case(row)


async def values_of_record(db: Connection, workspace_id: int, set_id: int, record_id: int) -> dict[str, str]:
    """The values of a record of the set's workflow as they are now, for a case of it. Raises NotFound."""
    found = await sets.get(db, workspace_id, set_id)
    type_id = (await flows.get(db, workspace_id, found.flow_id)).object_type_id
    row = await db.fetchrow(LOAD_RECORD, workspace_id, type_id, record_id)
    if row is None:
        raise NotFound(
            f"There is no record {record_id} of the workflow's type.",
            remedy="Choose a record of the type that the workflow enrolls.",
        )
    return visible_values(record_id, row["properties"], row["created_at"], row["updated_at"])


async def add(db: Connection, actor: Actor, set_id: int, new: Sequence[NewCase]) -> list[EvalCase]:
    """Adds cases. Raises NotFound, InvalidInput for a judge's check in a set without a judge, TooLarge."""
    workspace_id = actor.workspace_id
    await sets.cases_changed(db, workspace_id, set_id)
    found = await sets.get(db, workspace_id, set_id)
    if found.cases + len(new) > MOST_CASES:
        raise TooLarge(
            f"The set would have {found.cases + len(new):,} cases; {MOST_CASES:,} are allowed.",
            remedy="Delete some, or make another set.",
        )
    ids: list[int] = []
    for case in new:
        _check_judge(found, case.checks)
        checks: list[Json] = [check.to_json() for check in case.checks]
        ids.append(
            await db.fetchval(
                INSERT,
                workspace_id,
                set_id,
                _named(case.name),
                case.record_id,
                dict(case.values),
                dict(case.outputs),
                checks,
                actor.label,
            )
        )
    return [await get_case(db, workspace_id, set_id, case_id) for case_id in ids]


async def change(
    db: Connection, actor: Actor, set_id: int, case_id: int, *, name: str, checks: tuple[Check, ...]
) -> EvalCase:
    """Another name, other checks. Raises NotFound and InvalidInput. Runs from before other checks no longer open the gate."""
    workspace_id = actor.workspace_id
    found = await get_case(db, workspace_id, set_id, case_id)
    if checks != found.checks:
        await sets.cases_changed(db, workspace_id, set_id)
        _check_judge(await sets.get(db, workspace_id, set_id), checks)
    written: list[Json] = [check.to_json() for check in checks]
    await db.execute(CHANGE, workspace_id, set_id, case_id, _named(name), written)
    return await get_case(db, workspace_id, set_id, case_id)


async def delete_case(db: Connection, actor: Actor, set_id: int, case_id: int) -> None:
    """Takes a case out of its set. Raises NotFound."""
    await sets.cases_changed(db, actor.workspace_id, set_id)
    if await db.fetchval(DELETE, actor.workspace_id, set_id, case_id) is None:
        raise _missing(set_id, case_id)


def _check_judge(found: sets.EvalSet, checks: tuple[Check, ...]) -> None:
    if found.judge_connection_id is None and any(check.kind == "judge" for check in checks):
        raise InvalidInput(
            f"The eval set '{found.name}' has no judge, so no check can be judged.",
            remedy="Give the set a judge: a connection and a model.",
        )


def _named(name: str) -> str:
    name = " ".join(name.split())[:LONGEST_NAME]
    return name or "Case"


def _missing(set_id: int, case_id: int) -> NotFound:
    return NotFound(f"Eval set {set_id} has no case {case_id}.", remedy="List the cases of the set.")


def _case(row: Row) -> EvalCase:
    return EvalCase(
        row["id"],
        row["name"],
        row["record_id"],
        row["record_values"],
        cast("dict[str, JsonObject]", row["outputs"]),
        read_checks(row["checks"]),
        row["created_by"],
        row["created_at"],
    )
