"""Noting a sample: which document, which records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from random import Random

from penstock.accounts import audit
from penstock.accounts.actors import Actor
from penstock.errors import InvalidInput
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject
from penstock.workflows import flows
from penstock.workflows.document import parse
from penstock.workflows.editing.chosen import choose_document
from penstock.workflows.plan import compile as compile_plan
from penstock.workflows.samples import choose
from penstock.workflows.samples.samples import MOST_RECORDS, Sample, Wanted, create


@dataclass(frozen=True, slots=True)
class SampleWish:
    """What somebody wants tried: `record_ids`, or `number` records at random.

    `document` is tried as it is; without one `revision` says which (`draft`, `live`, a number; None: the draft where
    there is one). `action_id` stops behind one step. `max_usd` is where the sample stops spending.
    """

    record_ids: Sequence[int] = ()
    number: int | None = None
    document: JsonObject | None = None
    revision: str | None = None
    action_id: str | None = None
    max_usd: Decimal | None = None


async def begin(
    db: Connection, actor: Actor, flow_id: int, wish: SampleWish, now: datetime, chance: Random
) -> Sample:
    """Notes a sample, to be done by `run_sample` once the caller has committed.

    Raises InvalidInput unless records are named or a number of 1 to 500 is given, and what `choose` and `create` raise.
    """
    workspace_id = actor.workspace_id
    if bool(wish.record_ids) == (wish.number is not None):
        raise InvalidInput(
            "Nothing says which records to try.",
            remedy="Name records, or a number of random ones: one of the two.",
        )
    if wish.number is not None and not 1 <= wish.number <= MOST_RECORDS:
        raise InvalidInput(
            f"number is {wish.number}; it goes from 1 to {MOST_RECORDS}.", remedy="Ask for fewer records."
        )
    if wish.document is None:
        chosen = await choose_document(db, workspace_id, flow_id, wish.revision)
        document, revision_id = chosen.document, chosen.revision_id
    else:
        await flows.get(db, workspace_id, flow_id)
        document, revision_id = wish.document, None
    plan = compile_plan(parse(document), flow_id, "", 0)
    ids = (
        await choose.named(db, workspace_id, plan, wish.record_ids)
        if wish.number is None
        else await choose.at_random(db, workspace_id, plan, wish.number, now, chance)
    )
    wanted = Wanted(flow_id, document, revision_id, wish.action_id, wish.max_usd)
    sample = await create(db, workspace_id, actor.label, wanted, ids)
    await audit.record(
        db, actor, "flow.sampled", "flow", flow_id, {"sampleId": str(sample.id), "records": sample.total}
    )
    return sample
