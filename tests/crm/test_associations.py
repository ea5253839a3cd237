"""Associations: stored both ways, told to both records' change feeds, one primary company."""

from __future__ import annotations

import pytest

from penstock.crm import records
from penstock.crm.association_types import ASSOCIATION_TYPES, by_id, default_type
from penstock.crm.associations import Link, NewAssociation, associate, dissociate, list_associated
from penstock.crm.changes import take
from penstock.crm.schema import load_schemas
from penstock.crm.source import Source
from penstock.errors import InvalidInput, NotFound
from penstock.kit.database import Connection


@pytest.fixture
async def people(crm: Connection, source: Source) -> dict[str, int]:
    """Ids of a contact, a ticket and two companies; their changes are taken already."""
    schemas = await load_schemas(crm, 1, ["0-1", "0-2", "0-5"])
    made = {}
    for name, type_id in (("contact", "0-1"), ("ticket", "0-5"), ("acme", "0-2"), ("beta", "0-2")):
        made[name] = (await records.create(crm, 1, schemas[type_id], {}, source)).id
    await take(crm, 10)
    return made


def test_every_direction_has_its_inverse() -> None:
    for kind in ASSOCIATION_TYPES:
        back = by_id(kind.category, kind.inverse_id)
        assert (back.inverse_id, back.label) == (kind.type_id, kind.label)
        assert back.from_object_type_id == kind.to_object_type_id
    assert default_type("0-1", "0-2").type_id == 279
    assert default_type("0-5", "0-1").type_id == 16


async def test_an_association_is_seen_from_both_ends_and_told_once(
    crm: Connection, people: dict[str, int], source: Source
) -> None:
    link = Link(people["ticket"], people["contact"], 16)
    await associate(crm, 1, [link], source)
    await associate(crm, 1, [link], source)
    there = await list_associated(crm, 1, [people["ticket"]], "0-1")
    back = await list_associated(crm, 1, [people["contact"]], "0-5")
    assert [(one.to_record_id, one.types[0].type_id) for one in there[people["ticket"]]] == [
        (people["contact"], 16)
    ]
    assert [(one.to_record_id, one.types[0].type_id) for one in back[people["contact"]]] == [
        (people["ticket"], 15)
    ]
    told = {
        (change.record_id, change.kind, change.after["toObjectId"], change.after["typeId"])
        for change in await take(crm, 10)
    }
    assert told == {
        (people["ticket"], "associated", str(people["contact"]), 16),
        (people["contact"], "associated", str(people["ticket"]), 15),
    }
    await dissociate(crm, 1, people["contact"], people["ticket"], source)
    assert [change.kind for change in await take(crm, 10)] == ["dissociated", "dissociated"]
    assert await crm.fetchval("SELECT count(*) FROM associations") == 0


async def test_a_new_primary_company_takes_the_place_of_the_old_one_which_stays_associated(
    crm: Connection, people: dict[str, int], source: Source
) -> None:
    for company in ("acme", "beta"):
        await associate(crm, 1, [Link(people["contact"], people[company], 1)], source)
    found = await list_associated(crm, 1, [people["contact"]], "0-2")
    kinds = {one.to_record_id: [kind.type_id for kind in one.types] for one in found[people["contact"]]}
    assert kinds == {people["acme"]: [279], people["beta"]: [1, 279]}
    primary = by_id("HUBSPOT_DEFINED", 1)
    await dissociate(crm, 1, people["contact"], people["beta"], source, [primary])
    found = await list_associated(crm, 1, [people["beta"]], "0-1")
    assert [kind.type_id for kind in found[people["beta"]][0].types] == [280]


async def test_associations_of_wrong_types_or_with_nobody_are_refused(
    crm: Connection, people: dict[str, int], source: Source
) -> None:
    with pytest.raises(InvalidInput, match="goes from 0-1 to 0-2"):
        await associate(crm, 1, [Link(people["ticket"], people["contact"], 279)], source)
    with pytest.raises(NotFound, match="no record 999"):
        await associate(crm, 1, [Link(people["ticket"], 999, 16)], source)
    with pytest.raises(NotFound, match="no association type 7777"):
        await associate(crm, 1, [Link(people["ticket"], people["contact"], 7777)], source)
    with pytest.raises(NotFound):
        await associate(crm, 2, [Link(people["ticket"], people["contact"], 16)], source)


async def test_a_record_is_created_with_associations_and_archived_ones_are_not_shown(
    crm: Connection, people: dict[str, int], source: Source
) -> None:
    schema = (await load_schemas(crm, 1, ["0-5"]))["0-5"]
    made = await records.create(
        crm, 1, schema, {"subject": "x"}, source, [NewAssociation(people["contact"], 16)]
    )
    assert [one.to_record_id for one in (await list_associated(crm, 1, [made.id], "0-1"))[made.id]] == [
        people["contact"]
    ]
    await records.archive(crm, 1, "0-1", [people["contact"]], source)
    assert (await list_associated(crm, 1, [made.id], "0-1"))[made.id] == []
