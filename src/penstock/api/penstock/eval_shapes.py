"""The shapes of eval sets, cases, runs and the gate."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from penstock.api.json_body import JsonBody
from penstock.api.penstock.flow_shapes import usd
from penstock.api.shapes import Id, Paging, Shape, Time
from penstock.kit.json import Json
from penstock.workflows.evals import gate
from penstock.workflows.evals.cases import EvalCase
from penstock.workflows.evals.checks import Check
from penstock.workflows.evals.runs import EvalRow, EvalRun
from penstock.workflows.evals.scores import CaseResult, Comparison, Confusion, Score, Share, confusions, score
from penstock.workflows.evals.sets import EvalSet

Kind = Literal["equals", "one_of", "contains", "matches", "within", "judge"]


class CheckShape(Shape):
    """What an output field should be. `value` belongs to `equals` and `contains`, `values` to `one_of`, `pattern` (RE2)
    to `matches`, `low` and `high` (inclusive) to `within`, `criterion` to `judge`."""

    field: str
    kind: Kind
    value: Json = None
    values: list[str] | None = None
    pattern: str | None = None
    low: float | None = None
    high: float | None = None
    criterion: str | None = None


class JudgeShape(Shape):
    """The model that decides checks of the kind `judge`."""

    connection_id: Id
    model: Annotated[str, Field(min_length=1, max_length=200)]


class EvalSetShape(Shape):
    """The cases of one LLM step of a workflow. `gates`: publishing waits for it; `margin` is in [0, 1]."""

    id: Id
    flow_id: Id
    action_id: str
    name: str
    judge: JudgeShape | None
    cases: int
    gates: bool
    margin: float
    baseline_run_id: Id | None
    created_by: str
    created_at: Time


class EvalSets(Shape):
    """The eval sets of a workflow, the oldest first."""

    results: list[EvalSetShape]


class EvalCaseShape(Shape):
    """A case: the record's values and earlier outputs as they once were, and what the answer should be."""

    id: Id
    name: str
    record_id: Id | None
    values: dict[str, str]
    outputs: JsonBody
    checks: list[CheckShape]
    created_by: str
    created_at: Time


class EvalCases(Shape):
    """A page of cases, the oldest first."""

    results: list[EvalCaseShape]
    paging: Paging | None = None


class ShareShape(Shape):
    """So many of so many, and the share in [0, 1]."""

    passed: int
    total: int
    agreement: float


class FieldShare(ShareShape):
    """The agreement of one output field."""

    field: str


class ScoreShape(Shape):
    """How often the answers were as expected: over all checks, over whole cases, and by field."""

    checks: ShareShape
    cases: ShareShape
    fields: list[FieldShare]


class ConfusionShape(Shape):
    """What was expected (rows) against what came (columns), as counts: `counts[row][column]`."""

    field: str
    expected: list[str]
    got: list[str]
    counts: list[list[int]]


class EvalRunShape(Shape):
    """A run of an eval set. `revisionId` null: an unpublished document, or another model than the workflow's."""

    id: Id
    eval_set_id: Id
    revision_id: Id | None
    model: str
    current: bool
    state: Literal["WAITING", "RUNNING", "DONE", "CANCELED", "FAILED"]
    message: str
    total: int
    done: int
    cost_usd: str
    unpriced: int
    created_by: str
    created_at: Time
    finished_at: Time | None


class EvalRunDetails(EvalRunShape):
    """A run with its score so far and its confusion tables."""

    score: ScoreShape
    confusions: list[ConfusionShape]


class EvalRuns(Shape):
    """A page of runs, newest first, each with its score so far."""

    results: list[EvalRunDetails]
    paging: Paging | None = None


class VerdictShape(Shape):
    """What became of one check; `note` is the judge's reason, or why there is no answer."""

    field: str
    expected: str
    got: str
    passed: bool
    note: str


class EvalRowShape(Shape):
    """One case in a run. `passed` is null until it was its turn."""

    position: int
    case_id: Id
    case_name: str
    passed: bool | None
    verdicts: list[VerdictShape]
    outputs: JsonBody | None
    error: JsonBody | None
    cost_usd: str | None
    seconds: float | None


class EvalRows(Shape):
    """A page of rows, in their order."""

    results: list[EvalRowShape]
    paging: Paging | None = None


class ChangedShape(Shape):
    """A check that one run passed and the other did not."""

    case_id: Id
    name: str
    field: str
    expected: str
    before: str
    after: str


class ComparisonShape(Shape):
    """Two runs on the cases that both have with the same checks."""

    cases: int
    before: ScoreShape
    after: ScoreShape
    fixed: list[ChangedShape]
    broken: list[ChangedShape]


class GateField(Shape):
    """A field's agreement at the baseline and now."""

    field: str
    before: float
    after: float
    low: bool


class GateVerdictShape(Shape):
    """What the gate of one eval set says. `OPEN` lets the document through, any other code refuses, with why and remedy."""

    eval_set_id: Id
    name: str
    action_id: str
    code: Literal["OPEN", "STEP_GONE", "NO_BASELINE", "NOT_RUN", "NOT_COMPARABLE", "BELOW_BASELINE"]
    message: str
    remedy: str
    run_id: Id | None
    baseline_run_id: Id | None
    margin: float
    cases: int
    before: float | None
    after: float | None
    fields: list[GateField]


class GateShape(Shape):
    """Whether what is edited now may be published for all that the evals say."""

    opens: bool
    verdicts: list[GateVerdictShape]


def set_shape(found: EvalSet) -> EvalSetShape:
    """An eval set."""
    judge = None
    if found.judge_connection_id is not None:
        judge = JudgeShape(connection_id=found.judge_connection_id, model=found.judge_model)
    return EvalSetShape(
        id=found.id,
        flow_id=found.flow_id,
        action_id=found.action_id,
        name=found.name,
        judge=judge,
        cases=found.cases,
        gates=found.gates,
        margin=found.margin,
        baseline_run_id=found.baseline_run_id,
        created_by=found.created_by,
        created_at=found.created_at,
    )


def case_shape(case: EvalCase) -> EvalCaseShape:
    """A case."""
    return EvalCaseShape(
        id=case.id,
        name=case.name,
        record_id=case.record_id,
        values=case.values,
        outputs={**case.outputs},
        checks=[check_shape(check) for check in case.checks],
        created_by=case.created_by,
        created_at=case.created_at,
    )


def check_shape(check: Check) -> CheckShape:
    """A check, with what belongs to its kind only."""
    return CheckShape.model_validate(check.to_json())


def run_details(run: EvalRun, results: list[CaseResult], version: int) -> EvalRunDetails:
    """A run with its score; `version` is that of its set now."""
    return EvalRunDetails(
        id=run.id,
        eval_set_id=run.eval_set_id,
        revision_id=run.revision_id,
        model=run.model,
        current=run.set_version == version,
        state=run.state,
        message=run.message,
        total=run.total,
        done=run.done,
        cost_usd=usd(run.cost_usd) or "0",
        unpriced=run.unpriced,
        created_by=run.created_by,
        created_at=run.created_at,
        finished_at=run.finished_at,
        score=score_shape(score(results)),
        confusions=[confusion_shape(one) for one in confusions(results)],
    )


def row_shape(row: EvalRow) -> EvalRowShape:
    """A row of a run."""
    result = row.result()
    return EvalRowShape(
        position=row.position,
        case_id=row.case_id,
        case_name=row.case_name,
        passed=None if row.status is None else result.passed,
        verdicts=[VerdictShape.model_validate(one) for one in result.verdicts],
        outputs=row.outputs,
        error=row.error,
        cost_usd=usd(row.cost_usd),
        seconds=row.seconds,
    )


def score_shape(found: Score) -> ScoreShape:
    """A score."""
    fields = [FieldShare(field=name, **dict(_share(share))) for name, share in found.fields.items()]
    return ScoreShape(checks=_share(found.checks), cases=_share(found.cases), fields=fields)


def confusion_shape(found: Confusion) -> ConfusionShape:
    """A confusion table."""
    return ConfusionShape(
        field=found.field,
        expected=list(found.expected),
        got=list(found.got),
        counts=[list(row) for row in found.counts],
    )


def comparison_shape(found: Comparison) -> ComparisonShape:
    """Two runs beside each other."""
    return ComparisonShape(
        cases=found.cases,
        before=score_shape(found.before),
        after=score_shape(found.after),
        fixed=[ChangedShape.model_validate(one) for one in found.fixed],
        broken=[ChangedShape.model_validate(one) for one in found.broken],
    )


def gate_shape(verdicts: tuple[gate.Verdict, ...]) -> GateShape:
    """What all gates of a workflow say."""
    return GateShape(
        opens=all(one.opens for one in verdicts),
        verdicts=[GateVerdictShape.model_validate(one) for one in verdicts],
    )


def _share(share: Share) -> ShareShape:
    return ShareShape(passed=share.passed, total=share.total, agreement=share.agreement)
