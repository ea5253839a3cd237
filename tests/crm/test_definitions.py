"""Object types, properties and groups: default ones, custom ones, and that every process sees a change at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from penstock.crm import object_types, properties, property_groups, records
from penstock.crm.defaults import install
from penstock.crm.properties import Option, Property
from penstock.crm.schema import ObjectSchema, load_schema, load_schemas
from penstock.crm.source import Source
from penstock.errors import Conflict, InvalidInput, NotFound
from penstock.kit.database import Connection


@pytest.mark.parametrize("name", ["0-5", "tickets", "Ticket", "TICKETS", "p1_tickets"])
async def test_an_object_type_is_found_by_id_name_label_and_qualified_name(
    crm: Connection, name: str
) -> None:
    assert (await object_types.resolve(crm, 1, name)).id == "0-5"


async def test_an_unknown_object_type_is_an_error_that_lists_the_known_ones(crm: Connection) -> None:
    with pytest.raises(NotFound, match="contacts, companies, deals, tickets"):
        await object_types.resolve(crm, 1, "quotes")
    with pytest.raises(NotFound):
        await object_types.resolve(crm, 2, "tickets")


async def test_installing_the_defaults_again_changes_nothing_and_keeps_what_was_changed(
    crm: Connection,
) -> None:
    before = await load_schemas(crm, 1, ["0-1", "0-2", "0-3", "0-5"])
    assert [len(schema.properties) for schema in before.values()] == [36, 32, 29, 29]
    kept = replace(before["0-5"].properties["subject"], label="Our subject")
    await properties.update(crm, 1, "0-5", kept)
    changed = await load_schema(crm, 1, "0-5")
    await install(crm, 1)
    assert await load_schema(crm, 1, "0-5") is changed
    assert changed.properties["subject"].label == "Our subject"
    assert await load_schema(crm, 1, "0-1") is before["0-1"]


async def test_default_properties_are_valid_definitions_in_groups_that_exist(crm: Connection) -> None:
    for type_id, schema in (await load_schemas(crm, 1, ["0-1", "0-2", "0-3", "0-5"])).items():
        groups = {group.name for group in await property_groups.list_all(crm, 1, type_id)}
        for prop in schema.properties.values():
            found = properties.ProblemList()
            properties.check(prop, prop.name, found)
            assert found.errors == []
            assert prop.group_name in groups
        assert schema.object_type.primary_display_property in schema.properties
        assert set(schema.object_type.searchable_properties) <= set(schema.properties)
    stages = (await load_schema(crm, 1, "0-5")).properties["hs_pipeline_stage"].options
    assert [(option.value, option.label) for option in stages][::3] == [("1", "New"), ("4", "Closed")]


async def test_a_custom_type_gets_the_next_id_and_holds_records(crm: Connection, source: Source) -> None:
    labels = {"singular_label": "Car", "plural_label": "Cars", "primary_display_property": "plate"}
    car = await object_types.create(crm, 1, "car", **labels)
    assert car.id == "2-1"
    with pytest.raises(Conflict):
        await object_types.create(crm, 1, "car", **labels)
    await properties.create(
        crm, 1, car.id, Property("plate", "Plate", "string", "text", "", has_unique_value=True)
    )
    schema = await load_schema(crm, 1, car.id)
    made = await records.create(crm, 1, schema, {"plate": "B-X 1"}, source)
    with pytest.raises(Conflict, match="has records"):
        await object_types.archive(crm, 1, car.id)
    await records.archive(crm, 1, car.id, [made.id], source)
    await object_types.archive(crm, 1, car.id)
    with pytest.raises(NotFound):
        await load_schema(crm, 1, car.id)
    again = await object_types.create(crm, 1, "boat", **labels)
    assert again.id == "2-2"


async def test_a_changed_definition_is_seen_by_the_next_load_and_an_unchanged_one_is_not_read_again(
    crm: Connection, tickets: ObjectSchema
) -> None:
    assert await load_schema(crm, 1, "0-5") is tickets
    await properties.create(
        crm, 1, "0-5", Property("mood", "Mood", "enumeration", "select", "ticketinformation")
    )
    await properties.add_options(crm, 1, "0-5", "mood", [Option("sad", "Sad"), Option("glad", "Glad")])
    schema = await load_schema(crm, 1, "0-5")
    assert schema.properties["mood"].values == {"sad", "glad"}
    assert schema.version > tickets.version


async def test_a_property_keeps_its_type_and_an_archived_one_comes_back_with_its_values(
    crm: Connection, source: Source
) -> None:
    prop = await properties.create(
        crm, 1, "0-5", Property("score", "Score", "number", "number", "ticketinformation")
    )
    with pytest.raises(InvalidInput, match="cannot change"):
        await properties.update(crm, 1, "0-5", replace(prop, type="string", field_type="text"))
    with pytest.raises(Conflict):
        await properties.create(crm, 1, "0-5", prop)
    made = await records.create(crm, 1, await load_schema(crm, 1, "0-5"), {"score": 5}, source)
    await properties.archive(crm, 1, "0-5", "score")
    assert "score" not in (await load_schema(crm, 1, "0-5")).properties
    with pytest.raises(Conflict):
        await properties.create(crm, 1, "0-5", replace(prop, type="string", field_type="text"))
    await properties.create(crm, 1, "0-5", replace(prop, label="Points"))
    assert (await load_schema(crm, 1, "0-5")).properties["score"].label == "Points"
    assert (await records.get(crm, 1, "0-5", made.id)).properties["score"] == "5"
    with pytest.raises(Conflict, match="default property"):
        await properties.archive(crm, 1, "0-5", "subject")


async def test_a_bad_definition_is_refused_with_all_its_problems(crm: Connection) -> None:
    bad = Property(
        "Bad Name",
        "",
        "enumeration",
        "text",
        "",
        options=(Option("a", "A"), Option("a", "B")),
        has_unique_value=True,
    )
    with pytest.raises(InvalidInput) as caught:
        await properties.create(crm, 1, "0-5", bad)
    assert [problem.code for problem in caught.value.problems] == [
        "INVALID_NAME",
        "EMPTY_LABEL",
        "UNKNOWN_FIELD_TYPE",
        "NOT_UNIQUE",
        "DUPLICATE_OPTION",
    ]


async def test_a_group_with_properties_stays_and_an_empty_one_can_go(crm: Connection) -> None:
    await property_groups.create(crm, 1, "0-5", "extra", "Extra")
    await properties.create(crm, 1, "0-5", Property("one", "One", "string", "text", "extra"))
    with pytest.raises(Conflict, match="has properties"):
        await property_groups.archive(crm, 1, "0-5", "extra")
    await properties.archive(crm, 1, "0-5", "one")
    await property_groups.archive(crm, 1, "0-5", "extra")
    with pytest.raises(NotFound):
        await property_groups.update(crm, 1, "0-5", "extra", label="New")
    assert (await property_groups.create(crm, 1, "0-5", "extra", "Back")).label == "Back"
