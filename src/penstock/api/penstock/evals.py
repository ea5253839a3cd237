"""Eval sets of a workflow, their cases, and the gate before publishing."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, UploadFile
from pydantic import Field

from penstock.api.hubspot.imports import own_copy
from penstock.api.json_body import JsonBody
from penstock.api.penstock.eval_shapes import (
    CheckShape,
    EvalCases,
    EvalCaseShape,
    EvalSets,
    EvalSetShape,
    GateShape,
    JudgeShape,
    case_shape,
    gate_shape,
    set_shape,
)
from penstock.api.route import GuardedRoute, UploadRoute
from penstock.api.security import Caller
from penstock.api.shapes import After, Id, Limit, PathId, Shape, Wish, paging
from penstock.kit.json import Json
from penstock.workflows.editing.chosen import choose_document
from penstock.workflows.evals import cases, gate, gate_settings, sets
from penstock.workflows.evals.checks import Check, read_checks
from penstock.workflows.evals.csv_cases import import_cases
from penstock.workflows.evals.keep import Kept, keep_rows
from penstock.workflows.evals.sets import Judge

router = APIRouter(route_class=GuardedRoute, tags=["evals"])
uploads = APIRouter(route_class=UploadRoute, tags=["evals"])

Checks = Annotated[list[CheckShape], Field(min_length=1, max_length=50)]


class EvalSetWish(Wish):
    """The name of a set, and its judge if it has one."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    judge: JudgeShape | None = None


class NewEvalSet(EvalSetWish):
    """A set for the LLM step `actionId`."""

    action_id: str


class EvalCaseWish(Wish):
    """A case as it should be called, and what is expected. What was asked stays as it is."""

    name: Annotated[str, Field(max_length=200)] = ""
    checks: Checks


class NewEvalCase(EvalCaseWish):
    """A case with these `values` by property and `outputs` of earlier steps by actionId. With `recordId` it begins from
    that record's values as they are now."""

    record_id: Id | None = None
    values: Annotated[dict[str, str], Field(default_factory=dict, max_length=2000)]
    outputs: Annotated[dict[str, JsonBody], Field(default_factory=dict, max_length=1000)]


class KeptRow(Wish):
    """A row of a sample, by its position. `corrections` say what fields should have been; `checks` replace those that
    follow from the answer."""

    position: Annotated[int, Field(ge=1)]
    corrections: Annotated[JsonBody, Field(default_factory=dict)]
    checks: Checks | None = None


class KeptRows(Wish):
    """Rows of a sample to keep as cases."""

    sample_id: Id
    rows: Annotated[list[KeptRow], Field(min_length=1, max_length=500)]


class NewCases(Shape):
    """The cases that were added."""

    results: list[EvalCaseShape]


class GateWish(Wish):
    """Whether publishing waits for the set. Without `baselineRunId` the baseline stays, or is the newest finished run of
    the live revision; without `margin` it stays."""

    gates: bool
    margin: Annotated[float | None, Field(ge=0, le=1)] = None
    baseline_run_id: Id | None = None


@router.get("/flows/{flowId}/eval-sets")
async def list_sets(flowId: PathId, call: Caller) -> EvalSets:  # noqa: N803
    """The eval sets of a workflow."""
    async with call.transaction() as db:
        return EvalSets(
            results=[set_shape(one) for one in await sets.list_sets(db, call.workspace_id, flowId)]
        )


@router.post("/flows/{flowId}/eval-sets", status_code=201)
async def create_set(flowId: PathId, wish: NewEvalSet, call: Caller) -> EvalSetShape:  # noqa: N803
    """A new, empty eval set."""
    async with call.transaction() as db:
        return set_shape(
            await sets.create(
                db, call.actor, flowId, action_id=wish.action_id, name=wish.name, judge=_judge(wish.judge)
            )
        )


@router.get("/flows/{flowId}/gate")
async def read_gate(
    flowId: PathId,  # noqa: N803
    call: Caller,
    revision: Annotated[
        str | None, Query(description="draft, live or a number; the draft where there is one.")
    ] = None,
) -> GateShape:
    """What the gates of a workflow say of a document. Without a gating eval set it opens."""
    async with call.transaction() as db:
        chosen = await choose_document(db, call.workspace_id, flowId, revision)
        return gate_shape(await gate.verdicts(db, call.workspace_id, flowId, chosen.document))


@router.get("/eval-sets/{evalSetId}")
async def read_set(evalSetId: PathId, call: Caller) -> EvalSetShape:  # noqa: N803
    """One eval set."""
    async with call.transaction() as db:
        return set_shape(await sets.get(db, call.workspace_id, evalSetId))


@router.put("/eval-sets/{evalSetId}")
async def change_set(evalSetId: PathId, wish: EvalSetWish, call: Caller) -> EvalSetShape:  # noqa: N803
    """Another name or judge. Runs by another judge no longer open the gate."""
    async with call.transaction() as db:
        return set_shape(
            await sets.update(db, call.actor, evalSetId, name=wish.name, judge=_judge(wish.judge))
        )


@router.delete("/eval-sets/{evalSetId}", status_code=204)
async def delete_set(evalSetId: PathId, call: Caller) -> None:  # noqa: N803
    """Deletes a set with its cases and runs; refused while it gates."""
    async with call.transaction() as db:
        await sets.delete(db, call.actor, evalSetId)


@router.put("/eval-sets/{evalSetId}/gate")
async def change_gate(evalSetId: PathId, wish: GateWish, call: Caller) -> EvalSetShape:  # noqa: N803
    """Makes publishing wait for the set, or no longer."""
    async with call.transaction() as db:
        return set_shape(
            await gate_settings.set_gate(
                db,
                call.actor,
                evalSetId,
                gates=wish.gates,
                margin=wish.margin,
                baseline_run_id=wish.baseline_run_id,
            )
        )


@router.get("/eval-sets/{evalSetId}/cases")
async def list_cases(evalSetId: PathId, call: Caller, after: After = None, limit: Limit = 100) -> EvalCases:  # noqa: N803
    """The cases of a set, the oldest first."""
    async with call.transaction() as db:
        await sets.get(db, call.workspace_id, evalSetId)
        found = await cases.list_cases(db, call.workspace_id, evalSetId, after=after or 0, limit=limit + 1)
    page = found[:limit]
    return EvalCases(
        results=[case_shape(one) for one in page], **paging(page[-1].id if len(found) > limit else None)
    )


@router.post("/eval-sets/{evalSetId}/cases", status_code=201)
async def add_case(evalSetId: PathId, wish: NewEvalCase, call: Caller) -> EvalCaseShape:  # noqa: N803
    """A case with given values, or with those of a record."""
    checks = _checks(wish.checks)
    async with call.transaction() as db:
        values = wish.values
        if wish.record_id is not None:
            begun = await cases.values_of_record(db, call.workspace_id, evalSetId, wish.record_id)
            values = {**begun, **values}
        new = cases.NewCase(wish.name, values, checks, wish.outputs, wish.record_id)
        [added] = await cases.add(db, call.actor, evalSetId, [new])
    return case_shape(added)


@router.post("/eval-sets/{evalSetId}/kept-rows", status_code=201)
async def keep(evalSetId: PathId, wish: KeptRows, call: Caller) -> NewCases:  # noqa: N803
    """Keeps rows of a sample as cases: the record as the step saw it, and the answer, as corrected, as expected."""
    kept = tuple(
        Kept(row.position, row.corrections, None if row.checks is None else _checks(row.checks))
        for row in wish.rows
    )
    async with call.transaction() as db:
        added = await keep_rows(db, call.actor, evalSetId, wish.sample_id, kept)
    return NewCases(results=[case_shape(one) for one in added])


@uploads.post("/eval-sets/{evalSetId}/case-imports", status_code=201)
async def import_file(
    evalSetId: PathId,  # noqa: N803
    files: Annotated[UploadFile, Form(description="The CSV file.")],
    call: Caller,
) -> NewCases:
    """Adds the cases of a CSV file, all or none. Columns are properties, and `expected.<field>`."""
    file = own_copy(files)
    try:
        async with call.transaction() as db:
            added = await import_cases(db, call.actor, evalSetId, file)
    finally:
        file.close()
    return NewCases(results=[case_shape(one) for one in added])


@router.put("/eval-sets/{evalSetId}/cases/{caseId}")
async def change_case(
    evalSetId: PathId,  # noqa: N803
    caseId: PathId,  # noqa: N803
    wish: EvalCaseWish,
    call: Caller,
) -> EvalCaseShape:
    """Another name, other checks. Runs from before the change no longer open the gate."""
    async with call.transaction() as db:
        return case_shape(
            await cases.change(db, call.actor, evalSetId, caseId, name=wish.name, checks=_checks(wish.checks))
        )


@router.delete("/eval-sets/{evalSetId}/cases/{caseId}", status_code=204)
async def delete_case(evalSetId: PathId, caseId: PathId, call: Caller) -> None:  # noqa: N803
    """Takes a case out of its set."""
    async with call.transaction() as db:
        await cases.delete_case(db, call.actor, evalSetId, caseId)


def _judge(shape: JudgeShape | None) -> Judge:
    return Judge() if shape is None else Judge(shape.connection_id, shape.model)


def _checks(shapes: list[CheckShape]) -> tuple[Check, ...]:
    raw: list[Json] = [shape.model_dump(mode="json", exclude_unset=True) for shape in shapes]
    return read_checks(raw)
