"""Batches: 200 or 201 when all went well, 207 naming what did not, and nothing half done without saying so."""

from __future__ import annotations

from tests.api.calling import Client

CONTACTS = "/crm/v3/objects/contacts"
REQUIRED = {"status", "startedAt", "completedAt", "results"}


def contact(email: str, **more: str) -> dict[str, object]:
    return {"properties": {"email": email}, **more}


async def test_a_batch_that_goes_well_has_no_errors_and_keeps_the_order(owner: Client) -> None:
    emails = [f"order{number}@example.com" for number in range(5)]
    made = await owner.ok(
        "POST", f"{CONTACTS}/batch/create", {"inputs": [contact(e) for e in emails]}, status=201
    )
    assert made.keys() == REQUIRED
    assert [one["properties"]["email"] for one in made["results"]] == emails
    ids = [{"id": one["id"]} for one in made["results"]]
    read = await owner.ok("POST", f"{CONTACTS}/batch/read", {"inputs": ids, "properties": ["email"]})
    assert [one["properties"] for one in read["results"]] == [{"email": email} for email in emails]


async def test_reading_ids_that_are_not_there_is_207_with_the_ones_that_are(owner: Client) -> None:
    made = await owner.ok(
        "POST", f"{CONTACTS}/batch/create", {"inputs": [contact("there@example.com")]}, status=201
    )
    inputs = [{"id": made["results"][0]["id"]}, {"id": "999999998"}, {"id": "not-an-id"}]
    read = await owner.ok("POST", f"{CONTACTS}/batch/read", {"inputs": inputs}, status=207)
    assert [one["id"] for one in read["results"]] == [inputs[0]["id"]]
    assert read["numErrors"] == 1
    assert read["errors"][0]["category"] == "OBJECT_NOT_FOUND"
    assert read["errors"][0]["context"]["ids"] == ["999999998", "not-an-id"]
    by_email = {"inputs": [{"id": "there@example.com"}], "idProperty": "email"}
    assert (await owner.ok("POST", f"{CONTACTS}/batch/read", by_email))["results"][0]["id"] == inputs[0]["id"]


async def test_a_create_batch_with_one_bad_input_creates_nothing_and_names_the_input(owner: Client) -> None:
    inputs = [contact("first@example.com"), {"properties": {"nonsense": "x"}}]
    answer = await owner("POST", f"{CONTACTS}/batch/create", {"inputs": inputs})
    assert answer.status == 400
    assert answer.json["errors"][0]["in"].startswith("inputs[1].properties")
    assert (await owner("GET", f"{CONTACTS}/first@example.com?idProperty=email")).status == 404


async def test_a_create_batch_with_trace_ids_keeps_the_good_inputs_and_names_the_bad_ones(
    owner: Client,
) -> None:
    inputs = [
        contact("kept@example.com", objectWriteTraceId="a"),
        {"properties": {"nonsense": "x"}, "objectWriteTraceId": "b"},
    ]
    made = await owner.ok("POST", f"{CONTACTS}/batch/create", {"inputs": inputs}, status=207)
    assert [one["properties"]["email"] for one in made["results"]] == ["kept@example.com"]
    assert made["errors"][0]["context"]["objectWriteTraceId"] == ["b"]
    assert (await owner("GET", f"{CONTACTS}/kept@example.com?idProperty=email")).status == 200


async def test_an_update_batch_changes_what_is_there_and_names_what_is_not(owner: Client) -> None:
    made = await owner.ok(
        "POST", f"{CONTACTS}/batch/create", {"inputs": [contact("up@example.com")]}, status=201
    )
    inputs = [
        {"id": made["results"][0]["id"], "properties": {"firstname": "Up"}},
        {"id": "999999997", "properties": {"firstname": "Nobody"}},
    ]
    changed = await owner.ok("POST", f"{CONTACTS}/batch/update", {"inputs": inputs}, status=207)
    assert [one["properties"]["firstname"] for one in changed["results"]] == ["Up"]
    assert changed["errors"][0]["context"]["ids"] == ["999999997"]


async def test_an_upsert_says_which_records_are_new_and_does_the_same_again_without_making_more(
    owner: Client,
) -> None:
    await owner.ok("POST", CONTACTS, contact("old@example.com"), status=201)
    inputs = [
        {"id": email, "idProperty": "email", "properties": {"firstname": "F"}}
        for email in ("old@example.com", "new@example.com")
    ]
    first = await owner.ok("POST", f"{CONTACTS}/batch/upsert", {"inputs": inputs})
    second = await owner.ok("POST", f"{CONTACTS}/batch/upsert", {"inputs": inputs})
    assert [one["new"] for one in first["results"]] == [False, True]
    assert [one["new"] for one in second["results"]] == [False, False]
    assert [one["id"] for one in first["results"]] == [one["id"] for one in second["results"]]


async def test_archiving_passes_over_what_is_not_there(owner: Client) -> None:
    made = await owner.ok("POST", CONTACTS, contact("gone@example.com"), status=201)
    wish = {"inputs": [{"id": made["id"]}, {"id": "999999996"}]}
    await owner.ok("POST", f"{CONTACTS}/batch/archive", wish, status=204)
    assert (await owner("GET", f"{CONTACTS}/{made['id']}")).status == 404


async def test_more_than_a_hundred_inputs_are_refused(owner: Client) -> None:
    answer = await owner("POST", f"{CONTACTS}/batch/read", {"inputs": [{"id": "1"}] * 101})
    assert answer.status == 400
    assert answer.json["errors"][0]["in"] == "inputs"
