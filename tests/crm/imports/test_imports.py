"""CSV imports: good rows become records, every bad row is listed, and running again doubles nothing."""

from __future__ import annotations

import asyncio
import csv
import io
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from penstock.crm import history, imports, records
from penstock.crm.imports import Import, ImportOptions, run_import
from penstock.crm.properties import Property
from penstock.crm.properties import create as create_property
from penstock.crm.schema import ObjectSchema, load_schema
from penstock.crm.source import Source
from penstock.errors import Conflict, InvalidInput
from penstock.kit.database import Connection, Pool, transaction

COMPLAINTS = Path(__file__).with_name("complaints.csv")


async def _import(
    pool: Pool, text: str | bytes, options: ImportOptions | None = None, type_id: str = "0-1"
) -> tuple[Import, list[tuple[int, str, str]]]:
    data = text.encode() if isinstance(text, str) else text
    async with transaction(pool) as db:
        job = await imports.create(db, 1, type_id, "people.csv", options or ImportOptions(), len(data))
    done = await run_import(pool, 1, job.id, io.BytesIO(data))
    async with transaction(pool) as db:
        found = await imports.errors(db, 1, job.id)
    return done, [(one.line, one.column, one.code) for one in found]


async def test_real_complaints_become_tickets_with_properties_of_fitting_types(
    pool: Pool, crm: Connection
) -> None:
    text = COMPLAINTS.read_bytes()
    options = ImportOptions(
        {
            "Complaint ID": "complaint_id",
            "Consumer complaint narrative": "content",
            "Issue": "subject",
            "Tags": None,
        },
        create_properties=True,
        unique="complaint_id",
    )
    done, bad = await _import(pool, text, options, "0-5")
    assert (done.state, done.created_count, done.error_count, bad) == ("DONE", 40, 0, [])
    assert (done.rows_read, done.bytes_read) == (40, len(text))
    schema = await load_schema(crm, 1, "0-5")
    kinds = {
        name: schema.properties[name].type
        for name in ("complaint_id", "date_received", "timely_response", "company")
    }
    assert kinds == {
        "complaint_id": "string",
        "date_received": "date",
        "timely_response": "bool",
        "company": "string",
    }
    assert schema.properties["complaint_id"].has_unique_value
    assert "tags" not in schema.properties

    with COMPLAINTS.open(newline="", encoding="utf-8") as file:
        row = next(csv.DictReader(file))
    found = await records.find_by_unique(crm, 1, schema, "complaint_id", row["Complaint ID"])
    assert found is not None
    assert found.properties["content"] == row["Consumer complaint narrative"]
    assert found.properties["date_received"] == row["Date received"]
    seen = (await history.versions(crm, 1, [found.id], ["content"]))[found.id]["content"]
    assert [(one.source_type, one.source_id, one.source_label) for one in seen] == [
        ("IMPORT", str(done.id), "people.csv")
    ]

    again, _ = await _import(pool, text, options, "0-5")
    assert (again.created_count, again.updated_count, again.unchanged_count) == (0, 0, 40)


async def test_bad_rows_are_listed_with_line_column_and_code_and_the_good_ones_kept(
    pool: Pool, crm: Connection, source: Source
) -> None:
    schema = await load_schema(crm, 1, "0-1")
    await records.create(crm, 1, schema, {"email": "taken@example.com"}, source)
    await create_property(
        crm, 1, "0-1", Property("visits", "Visits", "number", "number", "contactinformation")
    )
    text = (
        "E-mail,Visits,Lifecycle Stage,Close Date\n"
        "a@example.com,1,lead,2026-01-31\n"
        "no address,x,LEAD,tomorrow\n"
        "taken@example.com,3,,\n"
        'b@example.com,4,nothing such,"2026-02-01\n'
    )
    text = (
        text.replace('"2026-02-01', "2026-02-01")
        + "c@example.com,5\nd@example.com,6,,,\ne@exa\x00mple.com,7,,\n"
    )
    done, bad = await _import(pool, text, ImportOptions({"E-mail": "email"}))
    assert bad == [
        (3, "E-mail", "INVALID_EMAIL"),
        (3, "Visits", "COULD_NOT_PARSE_NUMBER"),
        (3, "Close Date", "COULD_NOT_PARSE_DATE"),
        (5, "Lifecycle Stage", "INVALID_ENUMERATION_OPTION"),
        (6, "", "INCORRECT_NUMBER_OF_COLUMNS"),
        (8, "", "COULD_NOT_PARSE_ROW"),
        (4, "E-mail", "DUPLICATE_UNIQUE_PROPERTY_VALUE"),
    ]
    assert (done.state, done.rows_read, done.created_count, done.error_count) == ("DONE", 7, 2, 5)
    lead = await records.find_by_unique(crm, 1, await load_schema(crm, 1, "0-1"), "email", "a@example.com")
    assert lead is not None
    assert lead.properties["lifecyclestage"] == "lead"


async def test_rows_with_a_known_unique_value_update_and_empty_cells_leave_values_alone(
    pool: Pool, crm: Connection, contacts: ObjectSchema, source: Source
) -> None:
    old = await records.create(
        crm, 1, contacts, {"email": "a@example.com", "city": "Rome", "state": "RM"}, source
    )
    text = "email,city,state\nA@example.com,Oslo,\nb@example.com,Bonn,\nb@example.com,,NRW\nb@example.com,Köln,\n"
    done, bad = await _import(pool, text, ImportOptions(unique="email"))
    assert (done.created_count, done.updated_count, bad) == (1, 3, [])
    after = await records.get(crm, 1, "0-1", old.id)
    assert (after.properties["city"], after.properties["state"]) == ("Oslo", "RM")
    new = await records.find_by_unique(crm, 1, contacts, "email", "b@example.com")
    assert new is not None
    assert (new.properties["city"], new.properties["state"]) == ("Köln", "NRW")


@pytest.mark.parametrize(
    ("operation", "code"), [("CREATE", "CREATE_ONLY_IMPORT"), ("UPDATE", "UPDATE_ONLY_IMPORT")]
)
async def test_an_import_can_be_kept_to_new_or_to_existing_records(
    pool: Pool, crm: Connection, contacts: ObjectSchema, source: Source, operation: str, code: str
) -> None:
    await records.create(crm, 1, contacts, {"email": "old@example.com"}, source)
    text = "email,city\nold@example.com,Rome\nnew@example.com,Oslo\n"
    options = ImportOptions(unique="email", operation=operation)  # type: ignore[arg-type]
    done, bad = await _import(pool, text, options)
    line = 2 if operation == "CREATE" else 3
    assert bad == [(line, "email", code)]
    assert done.created_count + done.updated_count == 1


async def test_dates_are_read_in_the_order_that_the_import_says(pool: Pool, crm: Connection) -> None:
    options = ImportOptions(date_format="DAY_MONTH_YEAR", create_properties=True)
    done, _ = await _import(pool, "email,Since\na@example.com,3.4.2026\nb@example.com,31/12/2025\n", options)
    schema = await load_schema(crm, 1, "0-1")
    assert (done.created_count, schema.properties["since"].type) == (2, "date")
    values = await crm.fetch("SELECT properties ->> 'since' AS since FROM records ORDER BY id")
    assert [row["since"] for row in values] == ["2026-04-03", "2025-12-31"]


HEADERS_THAT_DO_NOT_FIT: list[tuple[str, ImportOptions, str]] = [
    ("", ImportOptions(), "no header row"),
    (
        "email,Shoe size\na@example.com,42\n",
        ImportOptions(),
        "Column 'Shoe size': no property has that name",
    ),
    ("email,Email\na,b\n", ImportOptions(), "both go into 'email'"),
    ("email,x\na,b\n", ImportOptions({"x": "no_such"}), "the property 'no_such' does not exist"),
    ("email\na\n", ImportOptions({"Mail": "email"}), "The file has no column 'Mail'"),
    ("city\nRome\n", ImportOptions(unique="email"), "No column goes into the unique property"),
    ("city\nRome\n", ImportOptions(unique="city"), "'city' is not a unique property"),
    ("Record ID\n5\n", ImportOptions(), "'hs_object_id' is read-only"),
    ("email,\na,b\n", ImportOptions(create_properties=True), "Column 2 has no header"),
]


async def test_a_header_that_does_not_fit_fails_the_import_and_says_why(pool: Pool, crm: Connection) -> None:
    for text, options, message in HEADERS_THAT_DO_NOT_FIT:
        with pytest.raises(InvalidInput) as caught:
            await _import(pool, text, options)
        assert message in str(caught.value)
        job = (await imports.list_all(crm, 1))[0]
        assert (job.state, job.rows_read) == ("FAILED", 0)
        assert message in job.message
    assert await crm.fetchval("SELECT count(*) FROM records") == 0


class _Endless(io.RawIOBase, BinaryIO):
    """A file of as many rows as asked for, made while it is read."""

    def __init__(self, rows: int) -> None:
        self._lines = self._make(rows)
        self._rest = b"email,city,Notes\n"

    @staticmethod
    def _make(rows: int) -> Iterator[bytes]:
        for number in range(rows):
            yield b"p%d@example.com,City %d,%s\n" % (number, number % 97, b"text " * 10)

    def read(self, size: int = -1, /) -> bytes:
        while len(self._rest) < size and (line := next(self._lines, None)) is not None:
            self._rest += line
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece


async def test_a_canceled_import_keeps_what_it_wrote_and_stops_there(pool: Pool, crm: Connection) -> None:
    job = await imports.create(
        crm, 1, "0-1", "endless.csv", ImportOptions(create_properties=True, unique="email")
    )
    reached = asyncio.Event()
    running = asyncio.create_task(run_import(pool, 1, job.id, _Endless(1_000_000), lambda _: reached.set()))
    await reached.wait()
    assert await imports.fail_interrupted(crm) == 0
    with pytest.raises(Conflict, match="is being run already"):
        await run_import(pool, 1, job.id, _Endless(1))
    await imports.cancel(crm, 1, job.id)
    done = await running
    assert done.state == "CANCELED"
    assert done.created_count == await crm.fetchval("SELECT count(*) FROM records")
    assert 1_000 <= done.created_count < 1_000_000
    with pytest.raises(Conflict, match="is CANCELED already"):
        await imports.cancel(crm, 1, job.id)


async def test_an_import_whose_process_died_is_marked_failed_and_can_be_run_again(
    pool: Pool, crm: Connection
) -> None:
    job = await imports.create(crm, 1, "0-1", "people.csv", ImportOptions(unique="email"))
    await crm.execute("UPDATE imports SET state = 'PROCESSING', rows_read = 1000 WHERE id = $1", job.id)
    assert await imports.fail_interrupted(crm) == 1
    failed = await imports.get(crm, 1, job.id)
    assert failed.state == "FAILED"
    assert "ended after 1,000 rows" in failed.message
    assert await imports.fail_interrupted(crm) == 0


async def test_two_imports_of_the_same_people_at_once_create_each_of_them_once(
    pool: Pool, crm: Connection
) -> None:
    text = "email\n" + "".join(f"p{number}@example.com\n" for number in range(3_000))
    backwards = "email\n" + "".join(f"p{number}@example.com\n" for number in reversed(range(3_000)))
    options = ImportOptions(unique="email")
    outcomes = await asyncio.gather(_import(pool, text, options), _import(pool, backwards, options))
    assert sum(done.created_count for done, _ in outcomes) == 3_000
    assert await crm.fetchval("SELECT count(*) FROM records") == 3_000


@pytest.mark.slow
async def test_memory_stays_flat_over_a_hundred_thousand_rows(pool: Pool, crm: Connection) -> None:
    await _import(
        pool, "email,city,Notes\nx@example.com,a,b\n", ImportOptions(create_properties=True, unique="email")
    )
    job = await imports.create(crm, 1, "0-1", "large.csv", ImportOptions(unique="email"))
    largest: dict[int, int] = {}

    def watch(progress: Import) -> None:
        largest[progress.rows_read] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB on Linux

    done = await run_import(pool, 1, job.id, _Endless(100_000), watch)
    assert (done.state, done.created_count) == ("DONE", 100_000)
    assert largest[100_000] - largest[20_000] < 8_000
