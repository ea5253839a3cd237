"""Who would come into a workflow by its enrollment criteria now, and what that would cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from penstock.actions.action import Effect
from penstock.crm import filters
from penstock.crm.listing import Count, Matching, Order, count, list_page
from penstock.crm.schema import load_schema
from penstock.errors import NotFound
from penstock.kit.database import Connection
from penstock.workflows.document import FlowDocument
from penstock.workflows.facts import load_facts
from penstock.workflows.legs.store import load_workspace
from penstock.workflows.plan import Plan
from penstock.workflows.plan import compile as compile_plan
from penstock.workflows.trying.preview import Sample, context_for, preview

SAMPLE = 5  # records that a price is made from

# Served by flow_days and its tallies, both by flow and day.
ENROLLED_SINCE = """
SELECT coalesce(sum(enrolled), 0)::bigint FROM flow_figures
WHERE workspace_id = $1 AND flow_id = $2 AND day >= day_in_workspace($1, $3)
"""


@dataclass(frozen=True, slots=True)
class WhoMatches:
    """How many records meet the criteria now (None: that cannot be told, and `note` says why)."""

    matching: Count | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """What a record costs on its whole way, at most, in USD: the mean of `sample` records. None where unknown."""

    per_record_usd: Decimal | None
    sample: int
    note: str


async def who_matches(db: Connection, workspace_id: int, document: FlowDocument, now: datetime) -> WhoMatches:
    """Counts, within bounds, the records that meet a document's filter criteria now. Raises TooSlow."""
    plan = compile_plan(document, 0, "", 0)
    criteria = plan.criteria
    if criteria.unsupported is not None:
        return WhoMatches(None, criteria.unsupported)
    if criteria.events:
        return WhoMatches(None, "Records come in when something happens to them, not for what they are now.")
    if criteria.filter is None:
        return WhoMatches(None, "Records come in by hand only.")
    try:
        schema = await load_schema(db, workspace_id, plan.object_type_id)
    except NotFound as error:
        return WhoMatches(None, error.message)
    if problems := filters.check(criteria.filter, schema):
        return WhoMatches(None, problems[0].message)
    return WhoMatches(await count(db, workspace_id, schema, Matching(criteria.filter), now=now))


async def price_per_record(db: Connection, workspace_id: int, document: FlowDocument, now: datetime) -> Price:
    """What the LLM steps of a document cost for a record, from the texts of the newest records that match.

    All LLM steps are counted, also those that stand on different paths; outputs of earlier steps count as empty.
    """
    plan = compile_plan(document, 0, "", 0)
    steps = [action_id for action_id, node in plan.nodes.items() if node.effect is Effect.LLM]
    if not steps:
        return Price(Decimal(0), 0, "No step asks a model.")
    facts = await load_facts(db, workspace_id, plan.object_type_id)
    if facts.schema is None:
        return Price(None, 0, "The object type of this workflow does not exist.")
    wanted = plan.criteria.filter
    usable = wanted is None or not (plan.criteria.unsupported or filters.check(wanted, facts.schema))
    matching = Matching(wanted if usable else None)
    page = await list_page(db, workspace_id, facts.schema, matching, Order(), limit=SAMPLE, now=now)
    if not page.records:
        return Price(None, 0, "There is no record yet to make a price from.")
    workspace = await load_workspace(db, workspace_id)
    providers = {
        number: connection.provider
        for number, connection in facts.connections.items()
        if not connection.uninstalled
    }
    total = Decimal(0)
    for record in page.records:
        sample = Sample(record.id, {name: value for name, value in record.properties.items() if value}, {})
        context = context_for(plan, workspace_id, sample, facts.schema, workspace, now)
        for action_id in steps:
            shown = preview(plan, action_id, context, providers)
            if shown.cost_usd is None:
                return Price(None, 0, shown.note or f"The price of step {action_id} is not known.")
            total += shown.cost_usd
    found = len(page.records)
    return Price(total / found, found, _note(plan, steps))


async def enrolled_last_30_days(db: Connection, workspace_id: int, flow_id: int, now: datetime) -> int:
    """How many records went into a flow in the last 30 days."""
    return int(await db.fetchval(ENROLLED_SINCE, workspace_id, flow_id, now - timedelta(days=30)))


def _note(plan: Plan, steps: list[str]) -> str:
    branches = any(len(node.exits) > 1 for node in plan.nodes.values())
    return (
        "Counts every AI step, also those that a record may pass by on another path."
        if branches and len(steps) > 1
        else "Takes each answer to have up to 150 tokens, without reasoning."
    )
