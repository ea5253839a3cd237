"""`serve` as a process of its own: its first words, a run from trigger to end, and how it ends."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from tests.api.calling import Client
from tests.api.flow_documents import MATCHES_HIGH, ticket_flow

from penstock.api.server import listen
from penstock.errors import ConfigurationProblem

PROGRAM = "from penstock.api.server import run; from penstock.settings import Settings; run(Settings.from_environment())"


@asynccontextmanager
async def serving(
    home: Path, database_url: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str, str]]:
    """A server with a worker: the process, its address, and whatever else it printed until it answered."""
    environment = {
        "PATH": os.environ["PATH"],
        "PENSTOCK_HOME": str(home),
        "PENSTOCK_DATABASE_URL": database_url,
        "PENSTOCK_PORT": "0",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        said = (await process.stdout.readline()).decode()
        found = re.search(r"http://127\.0\.0\.1:\d+", said)
        if found is None:
            assert process.stderr is not None
            raise AssertionError(said + (await process.stderr.read()).decode())
        async with aiohttp.ClientSession(found[0]) as session:
            while True:
                try:
                    await Client(session)("GET", "/penstock/v1/health")
                    break
                except aiohttp.ClientError:
                    await asyncio.sleep(0.05)
        # What it says at its start is in the pipe before it answers.
        more = b""
        while True:
            line = asyncio.create_task(process.stdout.readline())
            if not (await asyncio.wait([line], timeout=0.2))[0]:
                line.cancel()
                break
            more += line.result()
        yield process, found[0], more.decode()
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_the_first_start_prints_the_owners_token_and_link_and_a_changed_record_runs_through_a_workflow(
    tmp_path: Path, database_url: str
) -> None:
    async with serving(tmp_path, database_url) as (process, url, said):
        token = re.search(r"pst_\w+", said)
        link = re.search(re.escape(url) + r"/link#([\w-]{43})\n", said)
        assert token is not None
        assert link is not None
        async with aiohttp.ClientSession(url) as session:
            owner = Client(session, token[0])
            document = ticket_flow(isEnabled=True, enrollmentCriteria=MATCHES_HIGH)
            await owner.ok("POST", "/automation/v4/flows", document, status=201)
            wish = {"properties": {"subject": "enroll me"}}
            ticket = await owner.ok("POST", "/crm/v3/objects/tickets", wish, status=201)
            path = f"/penstock/v1/enrollments?recordId={ticket['id']}&status=COMPLETED"
            async with asyncio.timeout(30):
                while not (runs := (await owner.ok("GET", path))["results"]):
                    await asyncio.sleep(0.05)
            run = await owner.ok("GET", f"/penstock/v1/enrollments/{runs[0]['id']}")
            assert [step["status"] for step in run["steps"]] == ["COMPLETED"]
            query = "propertiesWithHistory=hs_ticket_priority"
            read = await owner.ok("GET", f"/crm/v3/objects/tickets/{ticket['id']}?{query}")
            version = read["propertiesWithHistory"]["hs_ticket_priority"][0]
            assert (version["value"], version["sourceType"]) == ("HIGH", "AUTOMATION_PLATFORM")
            assert version["sourceDetail"]["enrollment_id"] is not None
            assert len((await owner.ok("GET", "/penstock/v1/status"))["workers"]) == 1
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            assert await process.wait() == 0
    async with serving(tmp_path, database_url) as (process, url, said):
        assert "pst_" not in said
        # Until the owner has a password each start shows a link, and the one before stays good.
        assert re.search(r"/link#[\w-]{43}\n", said)
        async with aiohttp.ClientSession(url) as session:
            wish = {"token": link[1], "password": "three blue boats", "firstName": "Ada"}
            await Client(session).ok("POST", "/penstock/v1/link-redemptions", wish)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            await process.wait()
    async with serving(tmp_path, database_url) as (process, url, said):
        assert said == ""
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(30):
            assert await process.wait() == 0


def test_a_port_that_is_taken_is_named_with_the_setting_that_changes_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ConfigurationProblem, match=f"Port {port} .* is taken .* PENSTOCK_PORT"):
            listen("127.0.0.1", port)


def test_an_address_of_another_machine_is_named_with_the_setting_that_changes_it() -> None:
    with pytest.raises(ConfigurationProblem, match="PENSTOCK_HOST"):
        listen("192.0.2.1", 0)
