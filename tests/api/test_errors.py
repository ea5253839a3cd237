"""Every failure has HubSpot's error body, names what is wrong and where, and can be found in the log."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

import pytest
from tests.api.calling import Client

from penstock.api.errors import error_response
from penstock.errors import InvalidFlow, Problem, RateLimited
from penstock.kit.json import loads
from penstock.llm.errors import LlmError

FIELDS = {"status", "message", "correlationId", "category", "subCategory", "errors", "context", "links"}
JSON = {"Content-Type": "application/json"}


async def test_an_unknown_route_is_a_404_with_a_correlation_id_that_is_also_a_header(owner: Client) -> None:
    answer = await owner("GET", "/crm/v9/nothing")
    assert answer.status == 404
    assert answer.json.keys() == FIELDS
    assert answer.json["status"] == "error"
    assert answer.json["category"] == "OBJECT_NOT_FOUND"
    assert UUID(answer.json["correlationId"])
    assert answer.headers["X-HubSpot-Correlation-Id"] == answer.json["correlationId"]


async def test_a_wrong_method_is_a_405_that_lists_the_methods_there_are(owner: Client) -> None:
    answer = await owner("PUT", "/crm/v3/objects/tickets/1")
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, PATCH, DELETE"
    assert answer.json.keys() == FIELDS


async def test_a_wrong_field_is_named_with_its_place_and_never_with_its_value(owner: Client) -> None:
    wish = {"name": "n", "role": "emperor", "password": "hunter2-hunter2"}
    answer = await owner("POST", "/penstock/v1/tokens", wish)
    assert answer.status == 400
    assert answer.json["category"] == "VALIDATION_ERROR"
    assert {error["in"] for error in answer.json["errors"]} == {"role", "password"}
    assert "emperor" not in answer.text
    assert "hunter2" not in answer.text


async def test_a_wrong_item_of_a_list_is_named_by_its_index(owner: Client) -> None:
    answer = await owner("POST", "/penstock/v1/flows/1/enrollments", {"recordIds": ["1", "1.5"]})
    assert answer.status == 400
    assert [error["in"] for error in answer.json["errors"]] == ["recordIds[1]"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"name": ', "not JSON"),
        (b'{"name": NaN}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"name": "\xff"}', "not JSON"),
        (b'{"name": "a\\u0000b", "role": "viewer"}', "U+0000"),
        (b"[]", "dictionary"),
        (b"", "required"),
    ],
)
async def test_a_body_that_cannot_be_read_is_a_400_that_says_why(
    owner: Client, body: bytes, said: str
) -> None:
    answer = await owner("POST", "/penstock/v1/tokens", data=body, headers=JSON)
    assert answer.status == 400
    assert said in answer.json["message"]


async def test_a_body_without_its_content_type_is_told_which_header_is_missing(owner: Client) -> None:
    answer = await owner("POST", "/penstock/v1/tokens", data=b"{}", headers={"Content-Type": "text/plain"})
    assert answer.status == 400
    assert "Content-Type: application/json" in answer.json["message"]


async def test_text_with_a_backslash_before_u0000_is_not_taken_for_that_character(owner: Client) -> None:
    body = b'{"name": "\\\\u0000", "role": "viewer"}'
    issued = await owner.ok("POST", "/penstock/v1/tokens", data=body, headers=JSON, status=201)
    assert issued["details"]["name"] == "\\u0000"


async def test_a_body_over_ten_mebibytes_is_a_413_whether_or_not_its_length_is_announced(
    owner: Client,
) -> None:
    announced = await owner(
        "POST", "/penstock/v1/tokens", data=BytesIO(b" " * (10 * 1024 * 1024 + 1)), headers=JSON
    )

    async def stream():  # type: ignore[no-untyped-def]
        for _ in range(11):
            yield b" " * (1024 * 1024)

    streamed = await owner("POST", "/penstock/v1/tokens", data=stream(), headers=JSON)
    assert (announced.status, streamed.status) == (413, 413)
    assert "10 MiB" in announced.json["message"]
    assert streamed.json.keys() == FIELDS


@pytest.mark.parametrize("wrong", ["0", "-1", "1.5", "abc", "9223372036854775808", "9" * 5000, "%20"])
async def test_an_id_that_no_row_can_have_is_refused_before_the_database_sees_it(
    owner: Client, wrong: str
) -> None:
    answer = await owner("GET", f"/automation/v4/flows/{wrong}")
    assert answer.status == 400
    assert answer.json["errors"][0]["in"] == "flowId"


async def test_a_nul_in_the_address_is_refused(owner: Client) -> None:
    answer = await owner("GET", "/crm/v3/schemas/a%00b")
    assert answer.status == 400
    assert "U+0000" in answer.json["message"]


def test_a_flow_with_problems_names_each_with_its_path_and_severity() -> None:
    problems = [
        Problem("actions[0].fields.prompt", "EMPTY", "The prompt is empty."),
        Problem("name", "ODD", "Odd.", "warning"),
    ]
    reply = error_response(InvalidFlow("Two problems.", problems=problems), "id-1")
    body = loads(bytes(reply.body))
    assert isinstance(body, dict)
    assert (reply.status_code, body["subCategory"]) == (400, "INVALID_FLOW")
    assert body["errors"] == [
        {
            "message": "The prompt is empty.",
            "code": "EMPTY",
            "in": "actions[0].fields.prompt",
            "context": {"severity": ["error"]},
        },
        {"message": "Odd.", "code": "ODD", "in": "name", "context": {"severity": ["warning"]}},
    ]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("authentication", 400),
        ("invalid_request", 400),
        ("out_of_money", 402),
        ("rate_limited", 429),
        ("overloaded", 502),
    ],
)
def test_a_providers_failure_gets_the_status_that_says_what_to_do(kind: str, status: int) -> None:
    error = LlmError(kind, "The provider said so.", provider="openai", provider_status=418, retry_after=2.2)  # type: ignore[arg-type]
    reply = error_response(error, "id-1")
    assert reply.status_code == status
    assert "The provider said so." in bytes(reply.body).decode()
    assert reply.headers.get("retry-after") == ("3" if status == 429 else None)


def test_waiting_is_told_in_whole_seconds_and_never_as_zero() -> None:
    assert error_response(RateLimited(retry_after=0.01), "id-1").headers["retry-after"] == "1"
