"""The end of `make demo`: a link that signs in and shows a run."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path
from urllib.parse import urljoin

from playwright.async_api import expect
from tests.e2e.conftest import Browse
from tests.e2e.plausible import answer_plausibly
from tests.llm_stand_in import GOOD_KEY, StandIn

LINK = re.compile(rb"http://127\.0\.0\.1:\d+/link#\S+")


async def test_the_demo_ends_on_the_page_of_a_run_with_its_user_signed_in(
    browse: Browse, stand_in: StandIn, server_home: Path
) -> None:
    answer_plausibly(stand_in)
    outer = {name: value for name, value in os.environ.items() if not name.startswith("PENSTOCK_")}
    demo = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "penstock", "demo", "--records", "6", "--enroll", "2",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={
            **outer,
            "PENSTOCK_HOME": str(server_home),
            "PENSTOCK_PORT": "0",
            "PENSTOCK_OPENAI_API_KEY": GOOD_KEY,
            "PENSTOCK_OPENAI_BASE_URL": stand_in.base_urls()["openai"],
            "PENSTOCK_OUTBOUND_ALLOWED_HOSTS": stand_in.url.removeprefix("http://"),
        },
    )  # fmt: skip
    try:
        assert demo.stdout is not None
        async for line in demo.stdout:
            if link := LINK.search(line):
                break
        else:
            raise AssertionError("the demo ended without a link")
        page = await browse(None)
        await page.goto(link[0].decode())
        await page.wait_for_url(lambda url: "/runs/" in url and "#" not in url)
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await page.goto(
            urljoin(page.url, "/records/tickets")
        )  # of the demo, which is another site than that of the tests
        await page.get_by_role("link", name="Triage").click()
        await expect(page.get_by_role("columnheader", name="Summary (model)")).to_be_visible()
        again = await browse(None)
        await again.goto(link[0].decode())
        await expect(again.get_by_role("heading", level=1)).to_be_visible()
        assert "/link" in again.url  # the link was valid once
    finally:
        demo.terminate()
        await demo.communicate()
    assert demo.returncode == 0
