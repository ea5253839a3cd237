"""Keeps rows of a sample as cases: accepted as they are, or with what the answer should have been."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from penstock.accounts.actors import Actor
from penstock.errors import Conflict, InvalidInput, NotFound
from penstock.kit.database import Connection
from penstock.kit.json import Json, JsonObject
from penstock.workflows.evals import cases, sets
from penstock.workflows.evals.cases import EvalCase, NewCase
from penstock.workflows.evals.checks import Check, shown
from penstock.workflows.evals.sets import EvalSet
from penstock.workflows.evals.step import fields_of_step
from penstock.workflows.samples import samples
from penstock.workflows.samples.samples import SampleRow

# Text that somebody wrote freely is never word for word the same twice; a word or two is an answer to compare.
LONGEST_COMPARED_TEXT = 60
COMPARED_TYPES = frozenset({"choice", "choices", "yes_no", "number", "date"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of a sample to keep: `corrections` by output field; `checks` instead of those that follow from the answer."""

    position: int
    corrections: Mapping[str, Json]
    checks: tuple[Check, ...] | None = None


async def keep_rows(
    db: Connection, actor: Actor, set_id: int, sample_id: int, kept: tuple[Kept, ...]
) -> list[EvalCase]:
    """Adds the rows as cases: the record as the step saw it, and the answer, as corrected, as what is expected.

    Without `checks` each field of a fixed shape (a choice, yes/no, a number, a date, a short text) has to equal the
    answer, and each corrected field the correction. Raises NotFound for an unknown set, sample or row, Conflict for a
    row whose step was not reached or not answered, InvalidInput for a correction of a field that there is not.
    """
    found = await sets.get(db, actor.workspace_id, set_id)
    sample = await samples.get(db, actor.workspace_id, sample_id)
    if sample.flow_id != found.flow_id:
        raise NotFound(
            f"Sample {sample_id} is of another workflow than eval set {set_id}.",
            remedy="Take a sample of the workflow that the set belongs to.",
        )
    rows = {row.position: row for row in await samples.rows_of(db, actor.workspace_id, sample_id)}
    new: list[NewCase] = []
    for one in kept:
        row = rows.get(one.position)
        if row is None:
            raise NotFound(f"Sample {sample_id} has no row {one.position}.", remedy="List its rows.")
        new.append(_case(found, sample.document, row, one))
    return await cases.add(db, actor, set_id, new)


def _case(found: EvalSet, document: JsonObject, row: SampleRow, kept: Kept) -> NewCase:
    asked = (row.asked or {}).get(found.action_id)
    outputs = _outputs(row, found.action_id)
    if not isinstance(asked, dict) or (outputs is None and not kept.corrections and kept.checks is None):
        raise Conflict(
            f"Record {row.record_id} did not get an answer from step {found.action_id}.",
            remedy="Leave the row out, or say what the answer should have been.",
        )
    checks = kept.checks or _checks(found.action_id, document, outputs or {}, kept.corrections)
    return NewCase(
        row.record_name,
        {name: str(value) for name, value in _object(asked.get("values")).items()},
        checks,
        {name: _object(value) for name, value in _object(asked.get("outputs")).items()},
        row.record_id,
    )


def _checks(
    action_id: str, document: JsonObject, outputs: JsonObject, corrections: Mapping[str, Json]
) -> tuple[Check, ...]:
    types = _types(document, action_id)
    for name in corrections:
        if name not in types and name not in outputs:
            raise InvalidInput(
                f"Step {action_id} puts out no field '{name[:100]}'.",
                remedy=f"It puts out {', '.join(sorted(types)) or 'text'}.",
            )
    names = list(types) or ["text"]
    checks = [
        Check(name, "equals", value=corrections.get(name, outputs.get(name)))
        for name in dict.fromkeys((*names, *corrections))
        if name in corrections or _comparable(types.get(name), outputs.get(name))
    ]
    if not checks:
        raise InvalidInput(
            "The answer is free text, which is never word for word the same twice.",
            remedy="Say by which checks it is right: contains, matches, or a judge's criterion.",
        )
    return tuple(checks)


def _types(document: JsonObject, action_id: str) -> dict[str, str]:
    """The declared fields of a step with their types; none for a step that puts out text."""
    output = (fields_of_step(document, action_id) or {}).get("output")
    declared = output.get("fields") if isinstance(output, dict) and output.get("type") == "fields" else None
    return {
        str(field.get("name")): str(field.get("type", "text"))
        for field in (declared if isinstance(declared, list) else [])
        if isinstance(field, dict)
    }


def _comparable(type_name: str | None, value: Json) -> bool:
    if type_name in COMPARED_TYPES:
        return True
    return isinstance(value, str) and 0 < len(shown(value)) <= LONGEST_COMPARED_TEXT


def _outputs(row: SampleRow, action_id: str) -> JsonObject | None:
    steps = (row.result or {}).get("steps")
    for step in reversed(steps if isinstance(steps, list) else []):
        if isinstance(step, dict) and step.get("action_id") == action_id and step.get("outputs"):
            return _object(step.get("outputs"))
    return None


def _object(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}
