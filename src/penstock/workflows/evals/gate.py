"""The gate before publishing: refused while an eval of the step says that it got worse, or nothing says otherwise.

It fails closed: no run of the very step and cases that are to go live, no baseline, no comparable cases, all refuse.
What a revision is measured against is read from the stored baseline, never from what is being published.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.errors import EvalsRefuse, InvalidInput, Problem
from penstock.kit.database import Connection, Row
from penstock.kit.json import Json, JsonObject
from penstock.workflows.evals import runs
from penstock.workflows.evals.runs import EvalRun
from penstock.workflows.evals.scores import Comparison, compare
from penstock.workflows.evals.step import fields_of_step, fingerprint, path_of_step

GateCode = Literal["OPEN", "STEP_GONE", "NO_BASELINE", "NOT_RUN", "NOT_COMPARABLE", "BELOW_BASELINE"]
LONGEST_REASON = 1_000
ROUNDING = 1e-9

# A workflow has a handful of eval sets.
GATING = """
SELECT id, name, action_id, version, margin, baseline_run_id FROM eval_sets
WHERE workspace_id = $1 AND flow_id = $2 AND gates ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Override:
    """Who publishes in spite of the gate, and the reason in their words."""

    actor: Actor
    reason: str


@dataclass(frozen=True, slots=True)
class FieldStanding:
    """Agreement of one field in [0, 1], in the baseline and now; `low`: it fell by more than the margin."""

    field: str
    before: float
    after: float
    low: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate of one eval set says of a document. `code` OPEN lets it through, any other refuses.

    `run_id` is the run that counts, None when there is none; `before` and `after` are the agreements over the
    `cases` that it and the baseline have in common.
    """

    eval_set_id: int
    name: str
    action_id: str
    code: GateCode
    message: str
    remedy: str = ""
    run_id: int | None = None
    baseline_run_id: int | None = None
    margin: float = 0.0
    cases: int = 0
    before: float | None = None
    after: float | None = None
    fields: tuple[FieldStanding, ...] = field(default_factory=tuple)

    @property
    def opens(self) -> bool:
        """Whether the document may go live for all that this set says."""
        return self.code == "OPEN"


async def verdicts(
    db: Connection, workspace_id: int, flow_id: int, document: JsonObject
) -> tuple[Verdict, ...]:
    """What each gating eval set of a workflow says of a document; nothing for a workflow without a gate."""
    rows = await db.fetch(GATING, workspace_id, flow_id)
    return tuple([await _verdict(db, workspace_id, row, document) for row in rows])


async def require(
    db: Connection, workspace_id: int, flow_id: int, document: JsonObject, override: Override | None = None
) -> None:
    """Raises EvalsRefuse, with a problem for each set that refuses, unless somebody overrides it with a reason.

    An override that was needed stands in the audit log with its reason and what it overrode. Raises InvalidInput for
    a reason that is none.
    """
    refused = [one for one in await verdicts(db, workspace_id, flow_id, document) if not one.opens]
    if not refused:
        return
    if override is None:
        raise EvalsRefuse(
            f"{refused[0].message}" + (f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""),
            remedy=f"{refused[0].remedy} Or publish with a written reason, which is kept.".strip(),
            problems=[
                Problem(
                    path_of_step(document, one.action_id),
                    one.code,
                    f"{one.name}: {one.message} {one.remedy}".strip(),
                )
                for one in refused
            ],
        )
    reason = override.reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise InvalidInput(
            f"The reason has {len(reason)} characters; it has 1 to {LONGEST_REASON:,}.",
            remedy="Say why the workflow is published in spite of its evals.",
        )
    overridden: list[Json] = [
        {"evalSetId": str(one.eval_set_id), "code": one.code, "message": one.message} for one in refused
    ]
    detail: JsonObject = {"reason": reason, "overridden": overridden}
    await audit.record(db, override.actor, "flow.gate_overridden", "flow", flow_id, detail)


def decide(name: str, action_id: str, margin: float, compared: Comparison) -> tuple[GateCode, str, str]:
    """Code, message and remedy for a run beside its baseline (pure)."""
    if compared.cases == 0:
        return (
            "NOT_COMPARABLE",
            f"The baseline of '{name}' has none of the cases that are asked now.",
            "Run the live revision on the cases and make that run the baseline.",
        )
    low = [one for one in standings(compared, margin) if one.low]
    total = (compared.before.agreement, compared.after.agreement)
    if not low and not _fell(*total, margin):
        return "OPEN", f"'{name}' agrees in {total[1]:.0%} of the checks, {total[0]:.0%} at the baseline.", ""
    parts = [f"{one.field} {one.after:.0%} (baseline {one.before:.0%})" for one in low]
    if _fell(*total, margin):
        parts.insert(0, f"all checks {total[1]:.0%} (baseline {total[0]:.0%})")
    return (
        "BELOW_BASELINE",
        f"Step {action_id} agrees less with '{name}' than its baseline by more than {margin:.0%}: {'; '.join(parts)}.",
        f"Look at the {len(compared.broken)} answers that got worse, change the prompt or the model, and run the evals again.",
    )


def standings(compared: Comparison, margin: float) -> tuple[FieldStanding, ...]:
    """Each field beside the baseline (pure)."""
    return tuple(
        FieldStanding(
            name,
            before.agreement,
            compared.after.fields[name].agreement,
            _fell(before.agreement, compared.after.fields[name].agreement, margin),
        )
        for name, before in compared.before.fields.items()
    )


async def _verdict(db: Connection, workspace_id: int, row: Row, document: JsonObject) -> Verdict:
    set_id, name, action_id, margin = row["id"], row["name"], row["action_id"], row["margin"]

    def closed(code: GateCode, message: str, remedy: str) -> Verdict:
        return Verdict(set_id, name, action_id, code, message, remedy, None, row["baseline_run_id"], margin)

    fields = fields_of_step(document, action_id)
    if fields is None:
        return closed(
            "STEP_GONE",
            f"Step {action_id}, which '{name}' tests, is not in the workflow any more.",
            "Bring the step back, or open the gate of the eval set.",
        )
    if row["baseline_run_id"] is None:
        return closed(
            "NO_BASELINE", f"'{name}' has no baseline to compare with.", "Make a finished run its baseline."
        )
    run = await runs.latest_done(db, workspace_id, set_id, fingerprint(fields), row["version"])
    if run is None:
        return closed(
            "NOT_RUN",
            f"'{name}' was not run with step {action_id} and the cases as they are now.",
            "Run the eval set on what you are about to publish.",
        )
    return await _compared(db, workspace_id, row, run)


async def _compared(db: Connection, workspace_id: int, row: Row, run: EvalRun) -> Verdict:
    compared = compare(
        await runs.results_of(db, workspace_id, row["baseline_run_id"]),
        await runs.results_of(db, workspace_id, run.id),
    )
    code, message, remedy = decide(row["name"], row["action_id"], row["margin"], compared)
    return Verdict(
        row["id"],
        row["name"],
        row["action_id"],
        code,
        message,
        remedy,
        run.id,
        row["baseline_run_id"],
        row["margin"],
        compared.cases,
        compared.before.agreement,
        compared.after.agreement,
        standings(compared, row["margin"]),
    )


def _fell(before: float, after: float, margin: float) -> bool:
    return after < before - margin - ROUNDING
