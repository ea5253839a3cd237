"""What engine tests set up again and again: connections, tickets, flows, and waiting for runs to settle."""

from __future__ import annotations

import asyncio

from tests.llm_stand_in import GOOD_KEY

from penstock.accounts.actors import command_line
from penstock.bootstrap import Penstock
from penstock.connections.connecting import connect
from penstock.connections.connections import ProviderConnection
from penstock.crm import properties, records
from penstock.crm.properties import Option, Property
from penstock.crm.schema import load_schema
from penstock.crm.source import Source
from penstock.engine.lanes import enqueue
from penstock.kit.database import transaction
from penstock.kit.json import JsonObject
from penstock.workflows import flows
from penstock.workflows.enrollment import Enrolled, enroll_by_hand
from penstock.workflows.run_history.lists import RunFilter, find_runs
from penstock.workflows.runs import Run, get_run

TICKETS = "0-5"
ME = command_line(1, "test")
BY_HAND = Source("CRM_UI", "1", "Ann")
URGENCY = Property(
    "urgency",
    "Urgency",
    "enumeration",
    "select",
    "ticketinformation",
    options=(Option("low", "Low"), Option("high", "High")),
)


async def connected(app: Penstock, provider: str, name: str | None = None) -> ProviderConnection:
    """A connection verified live against the stand-in."""
    async with app.pool.acquire() as db:
        return await connect(
            db,
            app.vault,
            1,
            ME,
            provider=provider,
            name=name or provider,
            key=GOOD_KEY,
            base_url=None,
            verify=app.llm.verify_key,
        )


async def tickets(app: Penstock, *subjects: str) -> list[int]:
    """Tickets with these subjects, and the property `urgency`."""
    async with transaction(app.pool) as db:
        schema = await load_schema(db, 1, TICKETS)
        if "urgency" not in schema.properties:
            await properties.create(db, 1, TICKETS, URGENCY)
            schema = await load_schema(db, 1, TICKETS)
        made = await records.create_many(
            db, 1, schema, [{"subject": subject} for subject in subjects], BY_HAND
        )
    return [record.id for record in made]


async def change(app: Penstock, record_id: int, **values: str) -> None:
    """Somebody edits a ticket."""
    async with transaction(app.pool) as db:
        await records.update(db, 1, await load_schema(db, 1, TICKETS), record_id, dict(values), BY_HAND)


async def value_of(app: Penstock, record_id: int, name: str) -> str | None:
    """A ticket's value now."""
    async with app.pool.acquire() as db:
        value = await db.fetchval("SELECT properties ->> $2 FROM records WHERE id = $1", record_id, name)
        return None if value is None else str(value)


def step(action_id: str, type_id: str, fields: JsonObject, after: str | None = None) -> JsonObject:
    """A node with one exit."""
    node: JsonObject = {
        "type": "SINGLE_CONNECTION",
        "actionId": action_id,
        "actionTypeId": type_id,
        "actionTypeVersion": 0,
        "fields": fields,
    }
    if after is not None:
        node["connection"] = {"edgeType": "STANDARD", "nextActionId": after}
    return node


def ask(
    action_id: str, connection: ProviderConnection, model: str, after: str | None = None, **fields: object
) -> JsonObject:
    """An LLM step with the choice output `urgency`, taken live from the property."""
    return step(
        action_id,
        "1-1000",
        {
            "connection_id": str(connection.id), "model": model, "prompt": "How urgent? {{ enrolled_object.subject }}",
            "output": {"type": "fields", "fields": [
                {"name": "urgency", "type": "choice", "label": "Urgency", "description": "", "required": True, "options_from_property": "urgency"}]},
            **fields,
        },  # type: ignore[dict-item]
        after,
    )  # fmt: skip


def edit(action_id: str, name: str, value: JsonObject, after: str | None = None) -> JsonObject:
    """An Edit record step."""
    return step(action_id, "0-5", {"property_name": name, "value": value}, after)


def answer(action_id: str, key: str) -> JsonObject:
    """The value spec for an earlier output."""
    return {"type": "FIELD_DATA", "actionId": action_id, "dataKey": key}


def when(name: str, *values: str) -> JsonObject:
    """Enrollment criteria: a choice property has one of these values."""
    operation: JsonObject = {"operationType": "ENUMERATION", "operator": "IS_ANY_OF", "values": list(values)}
    filters: JsonObject = {"filterType": "PROPERTY", "property": name, "operation": operation}
    group: JsonObject = {
        "filterBranchType": "AND",
        "filterBranchOperator": "AND",
        "filterBranches": [],
        "filters": [filters],
    }
    root: JsonObject = {
        "filterBranchType": "OR",
        "filterBranchOperator": "OR",
        "filterBranches": [group],
        "filters": [],
    }
    return {"type": "LIST_BASED", "shouldReEnroll": False, "listFilterBranch": root}


async def turned_on(
    app: Penstock, *nodes: JsonObject, criteria: JsonObject | None = None, name: str = "Test"
) -> int:
    """A flow of these nodes, turned on; returns its id."""
    document: JsonObject = {
        "type": "PLATFORM_FLOW", "objectTypeId": TICKETS, "flowType": "WORKFLOW", "name": name, "isEnabled": False,
        "startActionId": str(nodes[0]["actionId"]), "nextAvailableActionId": "99", "actions": list(nodes),
        "enrollmentCriteria": criteria or {"type": "MANUAL", "shouldReEnroll": False},
        "timeWindows": [], "blockedDates": [], "customProperties": {},
    }  # fmt: skip
    async with transaction(app.pool) as db:
        flow = await flows.create(db, 1, "test", document)
        await flows.set_enabled(db, 1, flow.id, True)
    return flow.id


async def enroll(app: Penstock, flow_id: int, *record_ids: int) -> list[Enrolled]:
    """Enrolls by hand."""
    async with transaction(app.pool) as db:
        return await enroll_by_hand(db, enqueue, app.runner.plans, 1, flow_id, record_ids)


async def settled(app: Penstock, run_id: int, *statuses: str, seconds: float = 20) -> Run:
    """Waits until a run stands in one of `statuses` (default: any that is an end)."""
    wanted = statuses or ("COMPLETED", "FAILED", "CANCELED", "UNENROLLED")
    for _ in range(int(seconds / 0.02)):
        async with app.pool.acquire() as db:
            run = await get_run(db, 1, run_id)
        if run.status in wanted:
            return run
        await asyncio.sleep(0.02)
    raise AssertionError(f"run {run_id} is {run.status} at {run.next_action_id}: {run.error}")


async def runs_of(app: Penstock, flow_id: int) -> list[Run]:
    """All runs of a flow, newest first."""
    async with app.pool.acquire() as db:
        return await find_runs(db, 1, RunFilter(flow_id=flow_id))
