"""Undo: what a workflow wrote is restored where it still stands, and the rest is listed with who changed it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.workflows.scene_of_runs import edit, flow_of

from penstock.crm import properties, records
from penstock.crm.changes import Change, take
from penstock.crm.properties import Option, Property
from penstock.crm.record_writes import PropertyWrite, write_values
from penstock.crm.schema import ObjectSchema, load_schema
from penstock.crm.source import Source
from penstock.engine.chores import take_back
from penstock.errors import Conflict, InvalidInput, NotFound
from penstock.kit.database import Connection, Pool
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.undos import undos, work
from penstock.workflows.undos.preview import left_by, preview
from penstock.workflows.undos.selection import Selection
from penstock.workflows.undos.undos import Undo

ANNA = Source("CRM_UI", "userId:1", "Anna")
AREA = Property(
    "area", "Area", "enumeration", "select", "ticketinformation", options=(Option("a", "A"), Option("b", "B"))
)
SERIAL = Property("serial", "Serial", "string", "text", "ticketinformation", has_unique_value=True)


@pytest.fixture
async def tickets(crm: Connection) -> ObjectSchema:
    """Tickets with a choice and a unique property."""
    for made in (AREA, SERIAL):
        await properties.create(crm, 1, "0-5", made)
    return await load_schema(crm, 1, "0-5")


@pytest.fixture
async def flow(crm: Connection) -> int:
    """A workflow of tickets in two revisions."""
    flow_id = await flow_of(crm, edit("1"), edit("2"))
    await crm.execute(
        "INSERT INTO flow_revisions (flow_id, revision_id, workspace_id, document)"
        " SELECT flow_id, 2, 1, document FROM flow_revisions WHERE flow_id = $1",
        flow_id,
    )
    return flow_id


def by(flow_id: int, run: int = 1, revision: int = 1, action: str = "1") -> Source:
    """A step of a run as the source of a value."""
    detail: dict[str, Any] = {
        "flow_id": str(flow_id), "revision_id": str(revision), "action_id": action, "enrollment_id": str(run),
    }  # fmt: skip
    return Source("AUTOMATION_PLATFORM", str(flow_id), "Triage", detail, depth=1)


async def ticket(db: Connection, tickets: ObjectSchema, **values: str) -> int:
    """A ticket of Anna's."""
    return (await records.create(db, 1, tickets, values, ANNA)).id


async def value(db: Connection, record_id: int, name: str) -> str | None:
    """What a property holds now."""
    return await db.fetchval("SELECT properties ->> $2 FROM records WHERE id = $1", record_id, name)


async def write(
    db: Connection, tickets: ObjectSchema, record_id: int, source: Source, **values: str | None
) -> None:
    """Writes values."""
    await records.update(db, 1, tickets, record_id, values, source)


async def undo(db: Connection, **selection: Any) -> Undo:
    """An undo by Anna."""
    return await work.begin(db, 1, Selection(**selection), ANNA)


async def test_values_go_back_where_they_still_stand_and_the_rest_is_listed_with_who_changed_it(
    crm: Connection, tickets: ObjectSchema, flow: int
) -> None:
    await crm.execute(
        "INSERT INTO users (id, workspace_id, email, first_name) VALUES (1, 1, 'a@example.com', 'Anna')"
    )
    had, had_none, changed, gone = [await ticket(crm, tickets, subject=f"T{n}") for n in range(4)]
    await write(crm, tickets, had, ANNA, area="a")
    for record_id in (had, had_none, changed, gone):
        await write(crm, tickets, record_id, by(flow), area="b")
    await write(crm, tickets, changed, ANNA, area="a")
    await records.archive(crm, 1, "0-5", [gone], ANNA)

    seen = await preview(crm, PlanSource(), 1, Selection(flow_id=flow), "RESTORE")
    assert (seen.values, seen.records, seen.exact) == (2, 2, True)
    assert seen.left == {"CHANGED_SINCE": 1, "RECORD_ARCHIVED": 1}
    assert [(one.record_name, one.label, one.current, one.before) for one in seen.items] == [
        ("T0", "Area", "b", "a"), ("T1", "Area", "b", None),
    ]  # fmt: skip
    assert await value(crm, had, "area") == "b"

    done = await undo(crm, flow_id=flow)
    assert (done.state, done.records, done.restored, done.left_out) == ("DONE", 4, 2, 2)
    assert [await value(crm, one, "area") for one in (had, had_none, changed)] == ["a", None, "a"]
    rest, _ = await left_by(crm, PlanSource(), 1, done.id, after=None, limit=10)
    assert [(one.record_id, one.verdict, one.newest_by.kind, one.newest_by.name) for one in rest] == [
        (changed, "CHANGED_SINCE", "person", "Anna"), (gone, "RECORD_ARCHIVED", "workflow", "Triage"),
    ]  # fmt: skip
    again = await undo(crm, flow_id=flow)
    assert (again.restored, again.unchanged, again.left_out) == (0, 2, 2)


async def test_several_writes_in_a_row_go_back_to_the_value_before_the_first(
    crm: Connection, tickets: ObjectSchema, flow: int
) -> None:
    one = await ticket(crm, tickets, content="mine")
    for content in ("first", "second"):
        await write(crm, tickets, one, by(flow), content=content)
    await write(crm, tickets, one, ANNA, content="by hand")
    for content in ("third", "fourth"):
        await write(crm, tickets, one, by(flow), content=content)
    await undo(crm, flow_id=flow)
    assert await value(crm, one, "content") == "by hand"


@pytest.mark.parametrize(
    ("narrowed", "kept"),
    [
        ({"action_id": "2"}, {"subject": "w", "content": "x", "area": None}),
        ({"revision_id": 2}, {"subject": "w", "content": None, "area": "a"}),
        ({"property": "subject"}, {"subject": "before", "content": "x", "area": "a"}),
        ({"from_at": datetime(2030, 1, 2, tzinfo=UTC)}, {"subject": "w", "content": None, "area": None}),
        ({"until_at": datetime(2030, 1, 2, tzinfo=UTC)}, {"subject": "before", "content": "x", "area": "a"}),
        ({"flow_id": None, "run_id": 8}, {"subject": "w", "content": "x", "area": None}),
    ],
    ids=["step", "revision", "property", "from a moment", "until a moment", "run"],
)
async def test_an_undo_means_a_step_a_revision_a_span_of_time_or_a_run(
    crm: Connection, tickets: ObjectSchema, flow: int, narrowed: dict[str, Any], kept: dict[str, str | None]
) -> None:
    one = await ticket(crm, tickets, subject="before")
    await crm.execute(
        "INSERT INTO enrollments (id, workspace_id, flow_id, revision_id, record_id, cause, status, lane)"
        " VALUES (8, 1, $1, 1, $2, 'c', 'COMPLETED', 'local')",
        flow,
        one,
    )
    await write(crm, tickets, one, by(flow, 7), subject="w")
    await write(crm, tickets, one, by(flow, 7, revision=2), content="x")
    await write(crm, tickets, one, by(flow, 8, action="2"), area="a")
    for day, name in enumerate(("subject", "content", "area"), start=1):
        at = datetime(2030, 1, day, tzinfo=UTC)
        await crm.execute("UPDATE property_history SET at = $2 WHERE property = $1", name, at)
    await undo(crm, **{"flow_id": flow, **narrowed})
    assert {name: await value(crm, one, name) for name in kept} == kept


async def test_a_value_that_cannot_be_written_any_more_is_left_with_the_reason(
    crm: Connection, tickets: ObjectSchema, flow: int
) -> None:
    one = await ticket(crm, tickets, area="a", serial="S1")
    await write(crm, tickets, one, by(flow), area="b", serial="S2", content="x")
    other = await ticket(crm, tickets, serial="S1")
    await properties.update(crm, 1, "0-5", replace(AREA, options=(Option("b", "B"),)))
    done = await undo(crm, flow_id=flow)
    assert (done.restored, done.left_out) == (1, 2)
    rest, _ = await left_by(crm, PlanSource(), 1, done.id, after=None, limit=10)
    assert {one.property: one.verdict for one in rest} == {"area": "DOES_NOT_FIT", "serial": "VALUE_TAKEN"}
    assert str(other) in next(one.message for one in rest if one.property == "serial")


async def test_a_unique_value_that_somebody_takes_at_that_moment_is_left_and_the_rest_goes_back(
    pool: Pool, crm: Connection, tickets: ObjectSchema, flow: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clash, free = [await ticket(crm, tickets, serial=serial) for serial in ("S1", "S2")]
    for record_id, serial in ((clash, "S3"), (free, "S4")):
        await write(crm, tickets, record_id, by(flow), serial=serial)
    others: list[int] = []

    async def late(db: Connection, *rest: Any) -> None:
        if not others:
            async with pool.acquire() as other:
                others.append(await ticket(other, tickets, serial="S1"))
        await write_values(db, *rest)

    monkeypatch.setattr(work, "write_values", late)
    done = await undo(crm, flow_id=flow)
    assert (done.state, done.restored, done.left_out) == ("DONE", 1, 1)
    [left], _ = await left_by(crm, PlanSource(), 1, done.id, after=None, limit=10)
    assert (left.record_id, left.verdict, str(others[0]) in left.message) == (clash, "VALUE_TAKEN", True)
    assert [await value(crm, one, "serial") for one in (clash, free)] == ["S3", "S2"]


async def changes_of(db: Connection) -> Sequence[Change]:
    """The changes that triggers have not read yet."""
    return await take(db, 1000)


async def test_the_workflow_does_not_start_from_what_is_taken_back_from_it(
    crm: Connection, tickets: ObjectSchema, flow: int
) -> None:
    one = await ticket(crm, tickets)
    await write(crm, tickets, one, by(flow), content="x")
    await changes_of(crm)
    quiet = await undo(crm, flow_id=flow)
    assert await changes_of(crm) == []
    await undo(crm, undone_id=quiet.id)
    assert await value(crm, one, "content") == "x"
    await write(crm, tickets, one, by(flow), content="y")
    await changes_of(crm)
    await work.begin(crm, 1, Selection(flow_id=flow), ANNA, start_workflows=True)
    [change] = await changes_of(crm)
    assert (change.closed_to, change.source_id, change.depth) == (flow, "userId:1", 0)


async def test_what_is_not_of_this_workspace_or_was_never_written_is_refused(
    crm: Connection, tickets: ObjectSchema, flow: int
) -> None:
    one = await ticket(crm, tickets)
    await write(crm, tickets, one, by(flow), content="x")
    version = await crm.fetchval("SELECT max(id) FROM property_history")
    for named in ({"flow_id": flow}, {"version_id": version}):
        with pytest.raises(NotFound):
            await work.begin(crm, 2, Selection(**named), ANNA)
    for named in (
        {"flow_id": flow, "revision_id": 9},
        {"run_id": 999},
        {"undone_id": 999},
        {"version_id": 9**9},
    ):
        with pytest.raises(NotFound):
            await undo(crm, **named)
    for named in ({}, {"flow_id": flow, "version_id": version}, {"version_id": version, "revision_id": 1}):
        with pytest.raises(InvalidInput):
            await undo(crm, **named)
    with pytest.raises(Conflict):
        await undo(crm, flow_id=flow, action_id="99")


@asynccontextmanager
async def counted(db: Connection) -> AsyncIterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []
    note = lambda query: sent.append(query.query)  # noqa: E731
    with db.query_logger(note):
        yield sent


async def test_twenty_thousand_values_take_a_few_statements_for_five_hundred_records(
    pool: Pool, crm: Connection, tickets: ObjectSchema, flow: int
) -> None:
    many = 20_000
    await crm.execute(
        "INSERT INTO records (workspace_id, object_type_id, properties)"
        " SELECT 1, '0-5', jsonb_build_object('content', 'was ' || n) FROM generate_series(1, $1::int) n",
        many,
    )
    ids = [row["id"] for row in await crm.fetch("SELECT id FROM records ORDER BY id")]
    source = by(flow)
    for start in range(0, many, 2000):
        some = ids[start : start + 2000]
        await write_values(crm, 1, tickets, [PropertyWrite(one, "content", "w", source) for one in some])
    await write(crm, tickets, ids[7], ANNA, content="mine")

    begun = await undo(crm, flow_id=flow)
    assert (begun.state, begun.restored) == ("WAITING", 0)
    async with counted(crm) as sent:
        while await work.advance(crm, begun.id):
            pass
    assert len(sent) < 15 * many / work.BATCH
    done = await undos.get(crm, 1, begun.id)
    assert (done.state, done.records, done.restored, done.left_out) == ("DONE", many, many - 1, 1)
    wrong = "SELECT count(*) FROM records WHERE properties ->> 'content' NOT LIKE 'was %'"
    assert await crm.fetchval(wrong) == 1


async def test_a_large_undo_goes_on_in_any_worker_where_one_stopped_and_can_be_stopped(
    pool: Pool, crm: Connection, tickets: ObjectSchema, flow: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "BATCH", 2)
    made = [await ticket(crm, tickets, content="was") for _ in range(5)]
    for one in made:
        await write(crm, tickets, one, by(flow), content="w")
    begun = await undo(crm, flow_id=flow)
    late = await ticket(crm, tickets, content="was")
    await write(crm, tickets, late, by(flow), content="w")
    for _ in range(2):  # finds the records, then does two of them
        await work.advance(crm)
    with pytest.raises(RuntimeError):
        async with crm.transaction():
            await work.advance(crm)
            raise RuntimeError("the worker dies")
    assert (await undos.get(crm, 1, begun.id)).done == 2
    await take_back(pool)
    done = await undos.get(crm, 1, begun.id)
    assert (done.state, done.done, done.restored) == ("DONE", 5, 5)
    assert [await value(crm, one, "content") for one in (*made, late)] == ["was"] * 5 + ["w"]

    back = await undo(crm, undone_id=done.id)
    await work.advance(crm)
    assert (await undos.stop(crm, 1, back.id)).state == "CANCELED"
    await take_back(pool)
    assert await value(crm, made[0], "content") == "was"
