from __future__ import annotations

import asyncio
from uuid import UUID

import orjson
import pytest
from tests.workflows import flow_documents

from penstock.crm.defaults import install
from penstock.errors import Conflict, InvalidFlow, InvalidInput, NotFound
from penstock.kit.database import Connection, Pool, transaction
from penstock.kit.json import Json, JsonObject
from penstock.workflows import flows


@pytest.fixture
async def db(pool: Pool) -> Connection:  # type: ignore[misc]
    """A connection inside a transaction, to a workspace with HubSpot's default objects."""
    async with transaction(pool) as connection:
        await install(connection, 1)
        yield connection


def greeting(**keys: Json) -> JsonObject:
    """A flow that can be turned on."""
    action: Json = {
        "type": "SINGLE_CONNECTION",
        "actionId": "1",
        "actionTypeId": "0-5",
        "actionTypeVersion": 0,
        "fields": {"property_name": "subject", "value": {"type": "STATIC_VALUE", "staticValue": "Hi"}},
    }
    return {
        "type": "PLATFORM_FLOW",
        "objectTypeId": "0-5",
        "name": "Greeting",
        "startActionId": "1",
        "actions": [action],
        **keys,
    }


def canonical(value: Json, *without: str) -> bytes:
    kept = (
        {key: item for key, item in value.items() if key not in without} if isinstance(value, dict) else value
    )
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS)


async def test_a_flow_that_is_read_and_put_back_is_the_same_and_makes_no_revision(db: Connection) -> None:
    for name in flow_documents.EXAMPLES:
        source = flow_documents.example(name)
        created = await flows.create(db, 1, "test", source)
        sent = created.to_json()
        again = await flows.replace(db, 1, created.id, "test", sent)
        assert canonical(again.to_json()) == canonical(sent)
        owned = flows.SERVER_FIELDS
        assert canonical({key: sent[key] for key in source if key not in owned}) == canonical(source, *owned)


async def test_a_new_flow_has_what_hubspots_have(db: Connection) -> None:
    shown = (await flows.create(db, 1, "test", greeting())).to_json()
    assert (shown["revisionId"], shown["isEnabled"], shown["crmObjectCreationStatus"]) == (
        "1",
        False,
        "COMPLETE",
    )
    assert (shown["nextAvailableActionId"], shown["flowType"]) == ("2", "WORKFLOW")
    assert [shown[key] for key in ("timeWindows", "blockedDates", "dataSources", "customProperties")] == [
        [],
        [],
        [],
        {},
    ]
    assert str(shown["createdAt"]).endswith("Z")
    assert str(UUID(str(shown["uuid"]))) == shown["uuid"]
    contact = (await flows.create(db, 1, "test", {"type": "CONTACT_FLOW", "objectTypeId": "0-1"})).to_json()
    assert (contact["suppressionListIds"], contact["canEnrollFromSalesforce"]) == ([], False)


async def test_a_put_replaces_everything_and_keeps_the_old_revision(db: Connection) -> None:
    created = await flows.create(db, 1, "ada", greeting(description="Old", customProperties={"a": "b"}))
    put: JsonObject = {"type": "PLATFORM_FLOW", "revisionId": "1", "name": "Empty", "actions": []}
    replaced = await flows.replace(db, 1, created.id, "bob", put)
    shown = replaced.to_json()
    assert (replaced.revision_id, replaced.name, shown["actions"], shown["customProperties"]) == (
        2,
        "Empty",
        [],
        {},
    )
    assert "description" not in shown
    old = await flows.get_revision(db, 1, created.id, 1)
    assert (old.revision_id, old.document["description"]) == (1, "Old")


async def test_a_put_need_not_send_what_hubspots_cannot_and_may_not_change_it(db: Connection) -> None:
    source: list[Json] = [{"type": "ASSOCIATION", "name": "fetched_company"}]
    created = await flows.create(db, 1, "test", greeting(dataSources=source, flowType="WORKFLOW"))
    put = {
        key: value
        for key, value in created.to_json().items()
        if key not in ("dataSources", "objectTypeId", "flowType")
    }
    assert (await flows.replace(db, 1, created.id, "test", put)).to_json() == created.to_json()
    with pytest.raises(InvalidFlow, match="objectTypeId of a workflow cannot change"):
        await flows.replace(db, 1, created.id, "test", {**put, "objectTypeId": "0-3"})


async def test_a_put_of_another_revision_is_a_conflict_and_changes_nothing(db: Connection) -> None:
    created = await flows.create(db, 1, "test", greeting())
    for sent in ("0", "2", 2, "seven"):
        with pytest.raises(Conflict, match="at revision 1"):
            await flows.replace(db, 1, created.id, "test", greeting(name="Other", revisionId=sent))
    with pytest.raises(InvalidFlow, match="revisionId"):
        await flows.replace(db, 1, created.id, "test", greeting(name="Other"))
    assert (await flows.get(db, 1, created.id)).name == "Greeting"


async def test_of_two_people_who_save_at_once_the_second_is_told(pool: Pool) -> None:
    async with transaction(pool) as db:
        await install(db, 1)
        flow_id = (await flows.create(db, 1, "test", greeting())).id

    async def save(name: str) -> bool:
        try:
            async with transaction(pool) as db:
                await flows.replace(db, 1, flow_id, name, greeting(name=name, revisionId="1"))
        except Conflict:
            return False
        return True

    assert sorted(await asyncio.gather(save("ada"), save("bob"))) == [False, True]


async def test_a_flow_with_a_dangling_edge_is_not_stored(db: Connection) -> None:
    broken = greeting(startActionId="9")
    with pytest.raises(InvalidFlow, match="startActionId: There is no action 9"):
        await flows.create(db, 1, "test", broken)
    assert (await flows.list_flows(db, 1)).flows == ()


async def test_turning_on_needs_a_flow_without_errors_by_either_way(db: Connection) -> None:
    unfinished = greeting(timeWindows=[{"day": "MONDAY"}])
    created = await flows.create(db, 1, "test", unfinished)
    with pytest.raises(InvalidFlow, match="cannot be turned on: timeWindows"):
        await flows.set_enabled(db, 1, created.id, True)
    with pytest.raises(InvalidFlow, match="cannot be turned on: timeWindows"):
        await flows.replace(db, 1, created.id, "test", {**unfinished, "isEnabled": True, "revisionId": "1"})
    with pytest.raises(InvalidFlow, match="cannot be turned on: timeWindows"):
        await flows.create(db, 1, "test", {**unfinished, "isEnabled": True})
    assert not (await flows.get(db, 1, created.id)).is_enabled


async def test_a_flow_is_turned_on_and_off_and_stays_so_when_a_put_does_not_say(db: Connection) -> None:
    created = await flows.create(db, 1, "test", greeting())
    assert (await flows.set_enabled(db, 1, created.id, True)).is_enabled
    kept = await flows.replace(db, 1, created.id, "test", greeting(name="New", revisionId="1"))
    assert (kept.is_enabled, kept.revision_id) == (True, 2)
    off = await flows.replace(
        db, 1, created.id, "test", greeting(name="New", revisionId="2", isEnabled=False)
    )
    assert (off.is_enabled, off.revision_id) == (False, 2)


async def test_the_connection_of_an_llm_step_is_looked_up_in_its_own_workspace(db: Connection) -> None:
    await db.execute("INSERT INTO workspaces (id, name) VALUES (2, 'Other')")
    await db.execute(
        "INSERT INTO connections (id, workspace_id, name, provider) VALUES (3, 1, 'Ours', 'openai')"
    )
    await db.execute(
        "INSERT INTO connections (id, workspace_id, name, provider) VALUES (4, 2, 'Theirs', 'openai')"
    )

    def asking(connection_id: Json) -> JsonObject:
        fields: Json = {"connection_id": connection_id, "model": "m", "prompt": "Hi"}
        node: Json = {
            "type": "SINGLE_CONNECTION",
            "actionId": "1",
            "actionTypeId": "1-1000",
            "fields": fields,
        }
        return greeting(actions=[node])

    ours = await flows.create(db, 1, "test", asking("3"))
    number = await flows.create(db, 1, "test", asking(3))
    assert [flow.id for flow in await flows.uses_connection(db, 1, 3)] == [ours.id, number.id]
    assert await flows.uses_connection(db, 2, 3) == []
    codes = [problem.code for problem in await flows.check_flow(db, 1, asking("4"))]
    assert codes == ["CONNECTION_NOT_FOUND"]
    await db.execute("UPDATE connections SET uninstalled_at = now() WHERE id = 3")
    codes = [problem.code for problem in await flows.check_flow(db, 1, asking("3"))]
    assert codes == ["CONNECTION_UNINSTALLED"]


async def test_no_function_reaches_into_another_workspace(db: Connection) -> None:
    created = await flows.create(db, 1, "test", greeting())
    assert await flows.batch_read(db, 2, [created.id]) == []
    assert (await flows.list_flows(db, 2)).flows == ()

    async def never(db: Connection, workspace_id: int, flow_id: int) -> None:
        raise AssertionError("the hook must not run")

    for attempt in (
        flows.get(db, 2, created.id),
        flows.get_revision(db, 2, created.id, 1),
        flows.replace(db, 2, created.id, "x", greeting(revisionId="1")),
        flows.set_enabled(db, 2, created.id, True),
        flows.delete(db, 2, created.id, never),
    ):
        with pytest.raises(NotFound):
            await attempt


async def test_a_deleted_flow_is_gone_and_its_records_are_let_go_in_the_same_transaction(
    db: Connection,
) -> None:
    created = await flows.create(db, 1, "test", greeting())
    asked: list[tuple[int, int]] = []

    async def cancel(db: Connection, workspace_id: int, flow_id: int) -> None:
        asked.append((workspace_id, flow_id))

    await flows.delete(db, 1, created.id, cancel)
    assert asked == [(1, created.id)]
    with pytest.raises(NotFound):
        await flows.get(db, 1, created.id)
    assert (await flows.list_flows(db, 1)).flows == ()


async def test_pages_follow_each_other_without_gaps(db: Connection) -> None:
    ids = [(await flows.create(db, 1, "test", greeting(name=f"Flow {index}"))).id for index in range(5)]
    first = await flows.list_flows(db, 1, limit=2)
    second = await flows.list_flows(db, 1, after=first.after or 0, limit=3)
    assert [flow.id for flow in (*first.flows, *second.flows)] == ids
    assert (first.after, second.after) == (ids[1], None)
    row = first.flows[0].to_row()
    assert set(row) == {
        "id",
        "name",
        "isEnabled",
        "flowType",
        "objectTypeId",
        "revisionId",
        "uuid",
        "createdAt",
        "updatedAt",
    }
    with pytest.raises(InvalidInput, match="limit is 101"):
        await flows.list_flows(db, 1, limit=101)


async def test_checking_a_document_without_storing_it_gives_problems_of_shape_too(db: Connection) -> None:
    problems = await flows.check_flow(
        db, 1, {"type": "PLATFORM_FLOW", "objectTypeId": "0-5", "actions": "none"}
    )
    assert [(one.path, one.code) for one in problems] == [("actions", "WRONG_TYPE")]
    assert [one.code for one in await flows.check_flow(db, 1, [])] == ["WRONG_TYPE"]
    assert await flows.check_flow(db, 1, greeting()) == []
