"""Decides reviews: the run goes on with the answer, with another one, or by the author's rule for rejected ones.

A decision is one transaction: the review, the step's row and the enrollment's move are committed together. Of two
people who decide at once the second finds the row decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.actions.outcome import Done, Fail
from penstock.actions.use_custom_llm import UseCustomLlmFields
from penstock.actions.use_custom_llm_review import approved, rejected
from penstock.errors import ChangedMeanwhile, Conflict, InvalidInput, NotFound
from penstock.kit.database import Connection, Row
from penstock.kit.json import Json, JsonObject
from penstock.workflows.legs.jsonb import encode
from penstock.workflows.legs.leg import Arrival, LegKey
from penstock.workflows.legs.runner import STANDING, Runner
from penstock.workflows.reviews.closing import FIELDS_LEFT, OF_FLOW, OUTPUTS_LEFT
from penstock.workflows.reviews.queue import Review, changed_names, field_of, get, version_of

LONGEST_REASON = 1000  # characters

# Locked in this order, as everywhere: the enrollment before its record.
LOCK_REVIEW = "SELECT * FROM reviews WHERE workspace_id = $1 AND id = $2 FOR UPDATE"
LOCK_ENROLLMENT = "SELECT seq, status FROM enrollments WHERE id = $1 FOR NO KEY UPDATE"
LOCK_RECORD = "SELECT properties FROM records WHERE id = $1 FOR NO KEY UPDATE"
DECIDE = f"""
UPDATE reviews r
SET seen = '{{}}', state = $2, reason = $4, decided_by = $5, decided_at = now(), outputs = {OUTPUTS_LEFT},
    decided_outputs = CASE WHEN NOT forgets THEN $3::text::jsonb END, fields = {FIELDS_LEFT}
FROM {OF_FLOW} WHERE r.id = $1 AND of_flow.id = r.flow_id
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decides. `values` are those that they wrote instead of the model's, by field name.

    `record_version` is the version of the record that they looked at (`Review.record_version`); without one the
    record must be as it was when the model was asked.
    """

    verdict: Literal["approve", "reject"]
    values: Mapping[str, Json] = field(default_factory=dict)
    reason: str = ""
    record_version: str | None = None


async def decide(runner: Runner, db: Connection, actor: Actor, review_id: int, decision: Decision) -> Review:
    """Decides one review in the caller's transaction and returns it.

    Raises NotFound; Conflict when it was decided already or its run is elsewhere; ChangedMeanwhile when an answer is to
    be approved for a record that has changed; InvalidInput for values that do not fit.
    """
    if len(decision.reason) > LONGEST_REASON:
        raise InvalidInput(
            f"`reason` has {len(decision.reason):,} characters; {LONGEST_REASON:,} are allowed."
        )
    row = await db.fetchrow(LOCK_REVIEW, actor.workspace_id, review_id)
    if row is None:
        raise NotFound(f"There is no review {review_id}.", remedy="Look at the list of reviews.")
    if row["state"] not in ("WAITING", "OVER"):
        raise Conflict(
            f"Review {review_id} was decided already ({row['state'].lower()}, by {row['decided_by']}).",
            remedy="Look at the next one.",
        )
    await _check_standing(db, row)
    changed = await _check_record(db, row, decision)
    outcome, state = await _outcome(runner, db, row, actor, decision)
    said: JsonObject = {"id": str(review_id), "decision": state.lower(), "by": actor.label}
    if decision.reason:
        said["reason"] = decision.reason
    if changed:
        said["changed"] = list(changed)
    detail: JsonObject = {"review": said, "model": row["outputs"].get("hs_model")}
    arrival = Arrival(LegKey(row["enrollment_id"], row["seq"]), replace(outcome, detail=detail))
    # One step only: what comes after it is a worker's, and its trouble is not the reviewer's.
    await runner.commit_in(db, [arrival], STANDING["reply"], limit=1)
    outputs = encode(outcome.outputs) if isinstance(outcome, Done) else None
    await db.execute(DECIDE, review_id, state, outputs, decision.reason, actor.label)
    await audit.record(db, actor, f"review.{state.lower()}", "review", review_id, {"reason": decision.reason})
    return await get(db, actor.workspace_id, review_id)


async def _check_standing(db: Connection, row: Row) -> None:
    standing = await db.fetchrow(LOCK_ENROLLMENT, row["enrollment_id"])
    there = standing is not None and standing["seq"] == row["seq"] and standing["status"] == "WAITING"
    if row["state"] == "OVER" or not there:
        raise Conflict(
            f"Run {row['enrollment_id']} does not wait for this review any more.",
            remedy="It was canceled or went on by another way; there is nothing to decide.",
        )


async def _check_record(db: Connection, row: Row, decision: Decision) -> Sequence[str]:
    """The properties that changed since the model was asked. Raises ChangedMeanwhile unless the person saw that."""
    now = await db.fetchval(LOCK_RECORD, row["record_id"])
    changed = changed_names(row["seen"], now)
    looked_at = decision.record_version
    fits = not changed if looked_at is None else looked_at == version_of(now)
    if decision.verdict == "approve" and not fits:
        since = "the model was asked about it" if looked_at is None else "you looked at it"
        raise ChangedMeanwhile(
            f"The record has changed since {since}" + (f": {', '.join(changed[:10])}." if changed else "."),
            remedy="Look at the changes, then approve again with `recordVersion`, or reject the answer.",
            changed=", ".join(changed),
        )
    return changed


async def _outcome(
    runner: Runner, db: Connection, row: Row, actor: Actor, decision: Decision
) -> tuple[Done | Fail, Literal["APPROVED", "EDITED", "REJECTED"]]:
    fields = [field_of(one) for one in row["fields"]]
    if decision.verdict == "approve":
        outputs = approved(fields, row["outputs"], decision.values, actor.label)
        edited = any(outputs[one.name] != row["outputs"].get(one.name) for one in fields)
        return Done(outputs=outputs), "EDITED" if edited else "APPROVED"
    plans = await runner.plans.get(db, [(row["flow_id"], row["revision_id"])])
    plan = plans.get((row["flow_id"], row["revision_id"]))
    node = plan.nodes.get(row["action_id"]) if plan is not None else None
    rule = node.fields.when_rejected if node and isinstance(node.fields, UseCustomLlmFields) else "fail"
    return rejected(rule, fields, row["outputs"], actor.label, decision.reason), "REJECTED"
