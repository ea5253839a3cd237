"""Undo: one version is taken back, once, by a version of its own."""

from __future__ import annotations

import pytest

from penstock.crm import records
from penstock.crm.changes import take
from penstock.crm.history import Version, versions
from penstock.crm.schema import ObjectSchema
from penstock.crm.source import Source
from penstock.crm.undo import undo
from penstock.errors import Conflict, NotFound
from penstock.kit.database import Connection

WORKFLOW = Source("AUTOMATION_PLATFORM", "7", "Triage", {"flow_id": "7"}, depth=3)
ANNA = Source("CRM_UI", "userId:1", "Anna")


async def newest(db: Connection, record_id: int, name: str) -> Version:
    """The newest version of a value."""
    return (await versions(db, 1, [record_id]))[record_id][name][0]


async def test_the_value_before_is_written_again_as_a_change_of_the_person(
    crm: Connection, contacts: ObjectSchema
) -> None:
    made = await records.create(crm, 1, contacts, {"city": "Oslo"}, ANNA)
    await records.update(crm, 1, contacts, made.id, {"city": "Bergen"}, WORKFLOW)
    await take(crm, 10)
    version = await newest(crm, made.id, "city")
    assert version.id is not None
    again = await undo(crm, 1, contacts, made.id, version.id, ANNA)
    found = await newest(crm, made.id, "city")
    assert (found.id, found.value, found.source_type, found.detail) == (
        again, "Oslo", "CRM_UI", {"undo_of": str(version.id)},
    )  # fmt: skip
    [change] = await take(crm, 10)
    assert (change.source_id, change.depth, change.after) == ("userId:1", 0, {"city": "Oslo"})


async def test_an_undo_can_be_taken_back_as_well(crm: Connection, contacts: ObjectSchema) -> None:
    made = await records.create(crm, 1, contacts, {}, ANNA)
    await records.update(crm, 1, contacts, made.id, {"city": "Bergen"}, ANNA)
    first = await newest(crm, made.id, "city")
    back = await undo(crm, 1, contacts, made.id, first.id or 0, ANNA)
    assert (await newest(crm, made.id, "city")).value is None
    await undo(crm, 1, contacts, made.id, back, ANNA)
    assert (await newest(crm, made.id, "city")).value == "Bergen"


async def test_a_version_that_is_not_the_value_of_today_is_not_taken_back(
    crm: Connection, contacts: ObjectSchema
) -> None:
    made = await records.create(crm, 1, contacts, {"city": "Oslo"}, ANNA)
    await records.update(crm, 1, contacts, made.id, {"city": "Bergen"}, ANNA)
    old = await newest(crm, made.id, "city")
    for city in ("Molde", "Bergen"):  # also when the same value was written once more
        await records.update(crm, 1, contacts, made.id, {"city": city}, ANNA)
        with pytest.raises(Conflict) as caught:
            await undo(crm, 1, contacts, made.id, old.id or 0, ANNA)
        assert caught.value.context["currentValue"] == city


async def test_a_unique_value_that_another_took_meanwhile_is_not_taken_back(
    crm: Connection, contacts: ObjectSchema
) -> None:
    made = await records.create(crm, 1, contacts, {"email": "a@example.com"}, ANNA)
    await records.update(crm, 1, contacts, made.id, {"email": "b@example.com"}, ANNA)
    await records.create(crm, 1, contacts, {"email": "a@example.com"}, ANNA)
    version = await newest(crm, made.id, "email")
    with pytest.raises(Conflict):
        async with crm.transaction():
            await undo(crm, 1, contacts, made.id, version.id or 0, ANNA)
    assert (await records.get(crm, 1, "0-1", made.id)).properties["email"] == "b@example.com"


async def test_versions_of_other_records_and_archived_records_are_not_there(
    crm: Connection, contacts: ObjectSchema
) -> None:
    made = await records.create_many(crm, 1, contacts, [{"city": "Oslo"}, {"city": "Oslo"}], ANNA)
    await records.update(crm, 1, contacts, made[0].id, {"city": "Bergen"}, ANNA)
    version = await newest(crm, made[0].id, "city")
    with pytest.raises(NotFound):
        await undo(crm, 1, contacts, made[1].id, version.id or 0, ANNA)
    await records.archive(crm, 1, "0-1", [made[0].id], ANNA)
    with pytest.raises(NotFound):
        await undo(crm, 1, contacts, made[0].id, version.id or 0, ANNA)
