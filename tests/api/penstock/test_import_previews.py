"""A look into an import file, and its bad rows afterwards."""

from __future__ import annotations

import asyncio
import csv
import io
import json

import aiohttp
from tests.api.calling import Client
from tests.api.ships import V1, type_id

CONTENT = "Hull;TONS;State;Notes\nBirch;5;At sea;x\nAsh;five;Sunk;y\nFir;7\n"


def upload(content: str, **fields: str) -> aiohttp.FormData:
    """A file with the other fields of its form."""
    form = aiohttp.FormData()
    for name, value in fields.items():
        form.add_field(name, value)
    form.add_field("files", content.encode(), filename="ships.csv", content_type="text/csv")
    return form


async def test_a_preview_suggests_columns_and_tells_what_will_not_fit(owner: Client, vessels: str) -> None:
    answer = await owner("POST", f"{V1}/imports/previews", data=upload(CONTENT, objectType=vessels))
    assert answer.status == 200, answer.text
    found = answer.json
    assert (found["delimiter"], found["encoding"], found["rowsSampled"]) == (";", "utf-8", 3)
    assert [(one["header"], one["suggestion"], one["suggestedBy"]) for one in found["columns"]] == [
        ("Hull", "hull", "name"),
        ("TONS", "tons", "name"),
        ("State", "state", "name"),
        ("Notes", None, None),
    ]
    assert found["columns"][1]["problems"] == [
        {
            "line": 3,
            "code": "COULD_NOT_PARSE_NUMBER",
            "message": found["columns"][1]["problems"][0]["message"],
            "value": "five",
        }
    ]
    assert found["columns"][2]["unknownOptions"] == ["Sunk"]
    assert found["columns"][3]["newProperty"]["name"] == "notes"
    assert found["rows"][0] == ["Birch", "5", "At sea", "x"]
    mapped = await owner(
        "POST",
        f"{V1}/imports/previews",
        data=upload(CONTENT, objectType=vessels, mapping=json.dumps({"Notes": "call_sign", "Hull": None})),
    )
    assert (mapped.json["columns"][3]["suggestedBy"], mapped.json["suggestedUnique"]) == (
        "mapping",
        "call_sign",
    )
    assert mapped.json["columns"][0]["suggestion"] is None


async def test_bad_rows_come_back_as_they_were_with_what_is_wrong(owner: Client, vessels: str) -> None:
    wish = {
        "name": "ships",
        "importOperations": {await type_id(owner): "CREATE"},
        "files": [
            {
                "fileName": "ships.csv",
                "fileImportPage": {"columnMappings": [{"columnName": "Notes", "propertyName": None}]},
            }
        ],
    }
    started = await owner("POST", "/crm/v3/imports", data=upload(CONTENT, importRequest=json.dumps(wish)))
    assert started.status == 200, started.text
    place = f"/crm/v3/imports/{started.json['id']}"
    while (await owner.ok("GET", place))["state"] not in ("DONE", "FAILED"):
        await asyncio.sleep(0.01)
    rows = list(
        csv.reader(io.StringIO((await owner("GET", f"{V1}/imports/{started.json['id']}/bad-rows")).text))
    )
    assert rows[0] == ["line", "column", "code", "message", "Hull", "TONS", "State", "Notes"]
    assert [row[:3] + row[4:] for row in rows[1:]] == [
        [
            "3",
            "TONS; State",
            "COULD_NOT_PARSE_NUMBER; INVALID_ENUMERATION_OPTION",
            "Ash",
            "five",
            "Sunk",
            "y",
        ],
        ["4", "", "INCORRECT_NUMBER_OF_COLUMNS", "Fir", "7"],
    ]
