"""How the demo ends: which run it shows, and when it opens a browser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from penstock.accounts import links
from penstock.bootstrap import open_penstock
from penstock.cli.demo.results import Answer
from penstock.cli.demo.serving import has_desktop, shown_run, sign_in_path
from penstock.settings import Settings

ANSWER = Answer(
    1, 10, "COMPLETED", None, "ACME", "Mortgage", "Mortgage", "low", "Late.", "gpt", 90, None, 1.0
)


def test_the_run_that_is_shown_went_the_longest_way() -> None:
    failed = replace(ANSWER, run_id=2, status="FAILED", urgency="high")
    urgent = replace(ANSWER, run_id=3, urgency="high")
    assert shown_run([ANSWER, failed, urgent]) == 3
    assert shown_run([failed, ANSWER]) == 1
    assert shown_run([failed]) == 2
    assert shown_run([]) is None


async def test_the_link_signs_in_as_the_owner_and_goes_to_the_run(settings: Settings) -> None:
    async with open_penstock(settings) as penstock:
        path = await sign_in_path(penstock, 7)
        token = path.removeprefix("/link#").removesuffix("&to=/runs/7")
        async with penstock.pool.acquire() as db:
            link = await links.find(db, penstock.workspace_id, token, at=penstock.clock.now())
    assert (link.purpose, link.role) == ("sign_in", "owner")


@pytest.mark.parametrize(
    ("environ", "platform", "terminal", "opens"),
    [
        ({"DISPLAY": ":0"}, "linux", True, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True, True),
        ({}, "darwin", True, True),
        ({}, "linux", True, False),
        ({"DISPLAY": ":0"}, "linux", False, False),
        ({"DISPLAY": ":0", "CI": "true"}, "linux", True, False),
        ({"DISPLAY": ":10", "SSH_CONNECTION": "1 2 3 4"}, "linux", True, False),
    ],
)
def test_a_browser_is_opened_where_somebody_sits_before_it(
    environ: dict[str, str], platform: str, terminal: bool, opens: bool
) -> None:
    assert has_desktop(environ, platform, terminal=terminal) is opens
