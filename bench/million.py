"""A million contacts in a few minutes: realistic values, copied straight into the tables that an import would fill.

Usage: python -m bench.million --home DIR [--count 1000000]

The home is an ordinary PENSTOCK_HOME afterwards; a second run finds the contacts there and adds the ones missing.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from penstock.bootstrap import Penstock, open_penstock
from penstock.crm.record_inserts import RESERVE
from penstock.crm.schema import load_schema
from penstock.crm.search_words import REFRESH
from penstock.kit.database import Connection, transaction
from penstock.settings import Settings

CONTACTS = "0-1"
AT_ONCE = 20_000
# Everything lies two years back at most, and the same seed gives the same people.
SPAN = timedelta(days=730)


def _words(text: str, separator: str = " ") -> tuple[str, ...]:
    return tuple(text.split(separator))


FIRST_NAMES = _words(
    "Anna Bo Carla David Emma Frida Gustav Hanne Ivan Jonas Karen Lars Mette Niels Olga Peter Rikke Sofie Thomas Ulla "
    "Viktor William Astrid Birgit Christian Dorthe Erik Freja Henrik Ida Jakob Kirsten Lone Mads Nanna Ole Pia Rasmus "
    "Signe Torben James Mary Robert Patricia John Jennifer Michael Linda Wei Fatima Yusuf Aiko Priya Diego Lucía Chloé"
)
LAST_NAMES = _words(
    "Jensen Nielsen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen Petersen Madsen Kristensen "
    "Olsen Thomsen Christiansen Poulsen Johansen Møller Mortensen Smith Johnson Williams Brown Jones García Miller Davis "
    "Rodríguez Martínez Hernández López Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Tanaka Suzuki Li Wang"
)
CITIES = _words(
    "Copenhagen Aarhus Odense Aalborg Esbjerg Hamburg Berlin Munich London Paris Madrid Lisbon Oslo Bergen Stockholm "
    "Malmö Gothenburg Helsinki Warsaw Prague Vienna Zurich Milan Rome Dublin Amsterdam Brussels Chicago Boston Toronto"
)
COMPANY_WORDS = _words(
    "North Blue Green Prime Nordic Alpine Harbor Silver Bright Swift Solid True Atlas Vertex Fjord"
)
COMPANY_KINDS = _words(
    "Logistics Energy Foods Software Textiles Clinics Marine Tools Media Finance Farms Robotics"
)
TITLES = _words(
    "Head of Support|Buyer|Founder|Sales Manager|Engineer|Accountant|Chief Executive|Nurse|Analyst|Designer",
    "|",
)
STAGES = ("subscriber", "lead", "marketingqualifiedlead", "opportunity", "customer")
STATUSES = ("NEW", "OPEN", "IN_PROGRESS", "UNQUALIFIED", "CONNECTED", "BAD_TIMING")
MESSAGE = "I would like to hear more about your prices for teams of about {n} people, and when somebody could call me."


def contact(number: int, chance: random.Random) -> dict[str, str]:
    """The values of one contact; a tenth to a half of them lack each optional one. One in 5,000 is an evangelist."""
    first, last = chance.choice(FIRST_NAMES), chance.choice(LAST_NAMES)
    company = f"{chance.choice(COMPANY_WORDS)} {chance.choice(COMPANY_KINDS)} {number % 997}"
    values = {
        "email": f"{first}.{last}.{number}@{company.replace(' ', '-')}.example".lower(),
        "firstname": first,
        "lastname": last,
        "company": company,
        "lifecyclestage": "evangelist" if number % 5000 == 0 else chance.choice(STAGES),
        "hs_lead_status": chance.choice(STATUSES),
    }
    if chance.random() < 0.9:
        values["city"] = chance.choice(CITIES)
        values["zip"] = str(chance.randrange(1000, 99999))
    if chance.random() < 0.7:
        values["phone"] = f"+45{chance.randrange(10_000_000, 99_999_999)}"
        values["jobtitle"] = chance.choice(TITLES)
    if chance.random() < 0.6:
        values["hubspotscore"] = str(chance.randrange(0, 10_000))
    if chance.random() < 0.5:
        moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(0, 20_000_000))
        values["notes_last_contacted"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        values["message"] = MESSAGE.format(n=chance.randrange(3, 900))
    return values


async def seed(app: Penstock, count: int, now: datetime) -> int:
    """Adds contacts until there are `count`; returns how many were added. Ends with ANALYZE, as autovacuum would."""
    async with app.pool.acquire() as db:
        have = int(
            await db.fetchval(
                "SELECT count(*) FROM records WHERE workspace_id = $1 AND object_type_id = $2",
                app.workspace_id,
                CONTACTS,
            )
        )
    for start in range(have, count, AT_ONCE):
        async with transaction(app.pool) as db:
            await _add(db, app.workspace_id, range(start, min(count, start + AT_ONCE)), count, now)
    if have < count:
        async with app.pool.acquire() as db:
            for table in ("records", "record_words", "unique_values"):
                await db.execute(f"VACUUM (ANALYZE) {table}")
    return max(0, count - have)


async def _add(db: Connection, workspace_id: int, numbers: range, count: int, now: datetime) -> None:
    schema = await load_schema(db, workspace_id, CONTACTS)
    ids = sorted(row["id"] for row in await db.fetch(RESERVE, len(numbers)))
    people = [contact(number, random.Random(number)) for number in numbers]
    times = [now - SPAN + SPAN * number / count for number in numbers]
    rows: Iterator[tuple[object, ...]] = (
        (record_id, workspace_id, CONTACTS, values, at, at, "IMPORT", "1", "contacts.csv")
        for record_id, values, at in zip(ids, people, times, strict=True)
    )
    columns = [
        "id", "workspace_id", "object_type_id", "properties", "created_at", "updated_at", "source_type", "source_id",
        "source_label",
    ]  # fmt: skip
    await db.copy_records_to_table("records", records=rows, columns=columns)
    await db.copy_records_to_table(
        "unique_values",
        records=[
            (workspace_id, CONTACTS, "email", values["email"], record_id)
            for record_id, values in zip(ids, people, strict=True)
        ],
        columns=["workspace_id", "object_type_id", "property", "value", "record_id"],
    )
    await db.execute(REFRESH, workspace_id, CONTACTS, ids, list(schema.object_type.searchable_properties))


async def main() -> None:
    """Seeds a home from the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--home", type=Path, required=True)
    arguments.add_argument("--count", type=int, default=1_000_000)
    wanted = arguments.parse_args()
    began = time.perf_counter()
    async with open_penstock(Settings(home=wanted.home)) as app:
        added = await seed(app, wanted.count, app.clock.now())
    print(f"{added:,} contacts added in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    asyncio.run(main())
