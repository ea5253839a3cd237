"""CSV imports over HTTP: a file goes in, its good rows become records, its bad rows are listed."""

from __future__ import annotations

import asyncio
import json
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from tests.api.calling import Answer, Client

IMPORTS = "/crm/v3/imports"
CSV = b"E-mail,Name,Ignored\nann@example.com,Ann,1\nnot an address,Bob,2\ncy@example.com,Cy,3\nshort\n"


def request_of(**changes: Any) -> dict[str, Any]:
    mappings = [
        {"columnObjectTypeId": "0-1", "columnName": "E-mail", "propertyName": "email"},
        {"columnObjectTypeId": "0-1", "columnName": "Name", "propertyName": "firstname"},
        {"columnObjectTypeId": "0-1", "columnName": "Ignored", "propertyName": None},
    ]
    file = {
        "fileName": "people.csv",
        "fileFormat": "CSV",
        "fileImportPage": {"hasHeader": True, "columnMappings": mappings},
    }
    return {"name": "People", "importOperations": {"0-1": "UPSERT"}, "files": [file], **changes}


async def send(owner: Client, wish: object, content: bytes = CSV, files: int = 1) -> Answer:
    form = aiohttp.FormData()
    form.add_field(
        "importRequest", wish if isinstance(wish, str) else json.dumps(wish), content_type="application/json"
    )
    for number in range(files):
        form.add_field("files", BytesIO(content), filename=f"people{number}.csv", content_type="text/csv")
    return await owner("POST", f"{IMPORTS}/", data=form)


async def ended(owner: Client, started: Answer) -> Any:
    """The import when it is over."""
    assert started.status == 200, started.text
    async with asyncio.timeout(30):
        while True:
            job = await owner.ok("GET", f"{IMPORTS}/{started.json['id']}")
            if job["state"] not in ("STARTED", "PROCESSING"):
                return job
            await asyncio.sleep(0.02)


async def test_good_rows_become_records_and_bad_ones_are_listed_with_line_and_column(owner: Client) -> None:
    job = await ended(owner, await send(owner, request_of()))
    counters = job["metadata"]["counters"]
    assert (job["state"], job["importName"], job["mappedObjectTypeIds"]) == ("DONE", "People", ["0-1"])
    assert (counters["TOTAL_ROWS"], counters["CREATED_OBJECTS"], counters["ERRORS"]) == (4, 2, 2)
    assert job["bytesRead"] == job["bytesTotal"] == len(CSV)
    path = "/crm/v3/objects/contacts/ann@example.com?idProperty=email&propertiesWithHistory=firstname"
    version = (await owner.ok("GET", path))["propertiesWithHistory"]["firstname"][0]
    assert (version["value"], version["sourceType"], version["sourceId"]) == ("Ann", "IMPORT", job["id"])
    first = await owner.ok("GET", f"{IMPORTS}/{job['id']}/errors?limit=1")
    last = await owner.ok("GET", f"{IMPORTS}/{job['id']}/errors?after={first['paging']['next']['after']}")
    found = [
        (one["sourceData"]["lineNumber"], one["columnName"], one["errorType"])
        for one in first["results"] + last["results"]
    ]
    assert found == [(3, "E-mail", "INVALID_EMAIL"), (5, "", "INCORRECT_NUMBER_OF_COLUMNS")]
    assert "paging" not in last
    named = [(one["propertyName"], one["invalidValue"]) for one in first["results"] + last["results"]]
    assert named == [("email", "not an address"), ("", "")]


async def test_contacts_are_told_apart_by_their_address_so_the_same_file_again_makes_no_more(
    owner: Client,
) -> None:
    content = b"E-mail,Name,Ignored\n" + b"".join(
        b"again%d@example.com,N,x\n" % number for number in range(50)
    )
    first = await ended(owner, await send(owner, request_of(), content))
    again = await ended(owner, await send(owner, request_of(), content))
    assert first["metadata"]["counters"]["CREATED_OBJECTS"] == 50
    assert (
        again["metadata"]["counters"]["CREATED_OBJECTS"],
        again["metadata"]["counters"]["UNCHANGED_OBJECTS"],
    ) == (0, 50)


async def test_a_file_over_a_megabyte_arrives_whole(owner: Client) -> None:
    rows = 3000
    content = b"subject,content\n" + b"".join(b"big %d,%s\n" % (number, b"x" * 700) for number in range(rows))
    wish = {"name": "Big", "importOperations": {"0-5": "CREATE"}, "files": [{"fileName": "big.csv"}]}
    job = await ended(owner, await send(owner, wish, content))
    assert (job["state"], job["metadata"]["counters"]["CREATED_OBJECTS"]) == ("DONE", rows)
    assert job["bytesTotal"] == len(content)


async def test_a_header_that_fits_nowhere_fails_the_import_and_says_which_column(owner: Client) -> None:
    job = await ended(
        owner, await send(owner, request_of(), b"E-mail,Name,Ignored,Shoe size\na@b.example,A,1,44\n")
    )
    assert job["state"] == "FAILED"
    assert "Shoe size" in job["message"]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ("{", "importRequest"),
        ('{"files": [{"fileFormat": "SPREADSHEET"}]}', "importRequest.files[0].fileFormat"),
        ({"importOperations": {"0-1": "UPSERT"}, "files": []}, "takes one"),
        ({"files": [{}]}, "object types"),
        ({"importOperations": {"0-1": "UPSERT", "0-2": "UPSERT"}, "files": [{}]}, "object types"),
        (
            {"importOperations": {"0-1": "UPSERT"}, "files": [{"fileImportPage": {"hasHeader": False}}]},
            "hasHeader",
        ),
    ],
)
async def test_a_request_that_cannot_be_followed_is_refused_before_an_import_is_made(
    owner: Client, wish: object, said: str
) -> None:
    before = (await owner.ok("GET", IMPORTS))["results"]
    answer = await send(owner, wish)
    assert answer.status == 400
    assert said in answer.json["message"]
    assert (await owner.ok("GET", IMPORTS))["results"] == before


async def test_a_form_without_a_file_or_with_two_is_refused(owner: Client) -> None:
    missing = await send(owner, request_of(), files=0)
    assert (missing.status, missing.json["errors"][0]["in"]) == (400, "files")
    assert (await send(owner, request_of(), files=2)).status == 400


async def test_an_import_that_is_over_cannot_be_canceled(owner: Client) -> None:
    job = await ended(owner, await send(owner, request_of()))
    answer = await owner("POST", f"{IMPORTS}/{job['id']}/cancel")
    assert (answer.status, "DONE" in answer.json["message"]) == (409, True)
