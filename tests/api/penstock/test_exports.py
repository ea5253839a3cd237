"""Records as CSV."""

from __future__ import annotations

import csv
import io
import json

from tests.api.calling import Client, Running
from tests.api.ships import V1, make_ship


async def test_an_export_is_csv_with_labels_and_without_formulas(
    owner: Client, running: Running, vessels: str
) -> None:
    ship = await make_ship(owner, hull="=cmd()|' /C calc'!A0", state="dock")
    wish = {"search": "calc", "properties": ["hull", "state"]}
    answer = await owner("POST", f"{V1}/records/{vessels}/exports", wish)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert list(csv.reader(io.StringIO(answer.text))) == [
        ["Record ID", "Hull", "State"],
        [ship, "'=cmd()|' /C calc'!A0", "In dock"],
    ]
    link = await owner(
        "GET", f"{V1}/records/{vessels}/exports", params={"request": json.dumps({**wish, "names": True})}
    )
    assert next(iter(csv.reader(io.StringIO(link.text)))) == ["hs_object_id", "hull", "state"]
    viewer = owner.with_token(running.tokens["viewer"])
    assert (await viewer("POST", f"{V1}/records/{vessels}/exports", wish)).status == 403
    wrong = await owner("GET", f"{V1}/records/{vessels}/exports", params={"request": "{"})
    assert wrong.status == 400
