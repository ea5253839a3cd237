"""How long people wait at the screens with a million records and a million runs: the API, and the paint.

Every request of every screen (`bench/screen_cases.py` is the table) is sent over HTTP on loopback again and again, one
at a time and in turns, so that a busy machine disturbs them alike. The target is a p95 under 50 ms; the floor is a page
of fifty records by primary key through the same server, in the same run. Then Chromium opens a workflow of 200 steps
and works in it (`bench/screen_painting.py`); its floor is a button on an empty page.

Usage: python -m bench.screens [--count 1000000] [--rounds 60] [--home DIR] [--only api|browser] [--json]

With --home the records are kept for the next run (they take some minutes); the folder is an ordinary PENSTOCK_HOME.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console
from rich.table import Table

from bench.screen_cases import FLOOR
from bench.screen_painting import paint
from bench.screen_scene import make_scene, server
from bench.screen_times import Caller, key, measure, prepare
from penstock.bootstrap import open_penstock
from penstock.settings import Settings

PORT = 18_765
API_TARGET_MS = 50.0
FIRST_LOAD_TARGET_BYTES = 320_000
CLICK_TARGET_MS = 50.0
PAINT_FLOOR = "floor: a word on an empty page"
# What is not a click on what is there already.
OTHER_TARGETS_MS = {"first card, cold cache": 1000.0, "insert a step": 300.0, "undo": 300.0}


async def bench(home: Path, count: int, rounds: int, only: str | None) -> dict[str, Any]:
    """Runs everything, or only the part named, and returns the figures."""
    settings = Settings.from_environment({**os.environ, "PENSTOCK_HOME": str(home)})
    figures: dict[str, Any] = {"records": count, "runs": count, "rounds": rounds}
    async with open_penstock(settings) as app:
        entry = await make_scene(app, count)
        async with server(home, PORT) as address:
            if only != "browser":
                headers = {"Authorization": f"Bearer {entry.token}"}
                async with aiohttp.ClientSession(address, headers=headers) as http:
                    call = Caller(http)
                    await prepare(call, entry.scene)
                    times = await measure(call, entry.scene, rounds)
                figures["api"] = summary(times, key(FLOOR), {}, API_TARGET_MS)
            if only != "api":
                times, size = await paint(entry, address)
                figures["browser"] = summary(times, PAINT_FLOOR, OTHER_TARGETS_MS, CLICK_TARGET_MS)
                figures["first_load_gzip_bytes"] = size
                figures["first_load_to_target"] = round(size / FIRST_LOAD_TARGET_BYTES, 3)
    return figures


def summary(
    times: Mapping[str, Sequence[float]], floor: str, targets: Mapping[str, float], usual: float
) -> dict[str, dict[str, float]]:
    """p50, p95 and how they stand to the target and to the floor, by what was measured."""
    least = at(times[floor], 0.5)
    return {
        name: {
            "p50_ms": round(at(several, 0.5), 2),
            "p95_ms": round(at(several, 0.95), 2),
            "target_ms": (target := targets.get(name, usual)),
            "p95_to_target": round(at(several, 0.95) / target, 3),
            "p50_to_floor": round(at(several, 0.5) / least, 2),
        }
        for name, several in times.items()
    }


def at(times: Sequence[float], share: float) -> float:
    """The value that this share of the sorted times does not exceed."""
    return times[min(len(times) - 1, int(len(times) * share))]


def show(title: str, figures: Mapping[str, Mapping[str, float]]) -> None:
    """One part of the figures as a table; what is beyond its target stands out."""
    table = Table(title=title)
    for column in ("", "p50 ms", "p95 ms", "target ms", "p95 / target", "p50 / floor"):
        table.add_column(column, justify="right" if column else "left")
    for name, one in figures.items():
        table.add_row(
            name,
            f"{one['p50_ms']:.1f}",
            f"{one['p95_ms']:.1f}",
            f"{one['target_ms']:.0f}",
            f"{one['p95_to_target']:.2f}",
            f"{one['p50_to_floor']:.1f}",
            style="bold red" if one["p95_to_target"] > 1 else None,
        )
    Console().print(table)


def main() -> None:
    """Prints tables; with --json one last line for machines."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--only", choices=("api", "browser"))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    home = options.home or Path(tempfile.mkdtemp(prefix="penstock-screens-"))
    try:
        figures = asyncio.run(bench(home, options.count, options.rounds, options.only))
    finally:
        if options.home is None:
            shutil.rmtree(home, ignore_errors=True)
    if "api" in figures:
        show(f"The API behind the screens, {figures['records']:,} contacts and runs", figures["api"])
    if "browser" in figures:
        show("The paint in a workflow of 200 steps", figures["browser"])
        print(
            f"first load: {figures['first_load_gzip_bytes']:,} bytes gzipped, "
            f"{figures['first_load_to_target']} of the target"
        )
    if options.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
