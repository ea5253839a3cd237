"""A real model in a real child process: what reaches it, what comes back, and that it never outlives us."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from penstock.llm.client import LlmClient
from penstock.llm.errors import LlmError
from penstock.llm.local.known_weights import SMOLLM2
from penstock.llm.local.servers import LocalServers
from penstock.llm.outputs import Option, OutputField, parse, schema
from penstock.llm.request import LlmRequest

MODEL = SMOLLM2.name
FIELDS = (
    OutputField("mood", "choice", options=(Option("1", "good news"), Option("2", "bad news"))),
    OutputField("story", "text"),
)


def ended(pid: int, *, seconds: float = 30) -> bool:
    """Waits for the end of a process that is not our child."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], seconds)[0])
    finally:
        os.close(process)


async def test_a_real_answer_stops_at_the_limit_and_says_what_was_not_sent(llm: LlmClient) -> None:
    request = LlmRequest(
        MODEL,
        "Tell a long story.",
        system="You write stories.",
        effort="high",
        temperature=0,
        max_output_tokens=8,
    )
    result = await llm.complete("local", "", None, request)
    assert (result.stop, result.usage.output, result.model) == ("truncated", 8, MODEL)
    assert result.usage.input > 10
    assert [dropped.field for dropped in result.dropped] == ["effort"]


async def test_the_same_question_at_temperature_zero_has_the_same_answer(llm: LlmClient) -> None:
    request = LlmRequest(MODEL, "Name a colour.", temperature=0, max_output_tokens=12)
    first, second = [await llm.complete("local", "", None, request) for _ in range(2)]
    assert first.text == second.text


async def test_declared_fields_come_back_whole_also_from_a_model_that_finds_no_end(llm: LlmClient) -> None:
    prompt = "Tell a very long story about a lost card, with many chapters, and never stop."
    request = LlmRequest(MODEL, prompt, temperature=0, max_output_tokens=100, schema=schema(FIELDS))
    result = await llm.complete("local", "", None, request)
    assert result.stop == "complete"
    values = parse(result.text, FIELDS).values
    assert values["mood"] in {"1", "2"}
    assert values["story"]


async def test_a_prompt_that_only_the_model_can_count_is_refused_as_too_long(llm: LlmClient) -> None:
    # Few characters, so that our estimate lets it pass, but each takes this tokenizer several tokens.
    request = LlmRequest(MODEL, "鑿" * 2_000, max_output_tokens=8)
    with pytest.raises(LlmError) as caught:
        await llm.complete("local", "", None, request)
    assert (caught.value.kind, caught.value.field) == ("context_too_long", "prompt")


async def test_more_calls_than_slots_are_all_answered_by_one_server(
    llm: LlmClient, servers: LocalServers
) -> None:
    requests = [LlmRequest(MODEL, f"Write the number {number}.", max_output_tokens=6) for number in range(5)]
    results = await asyncio.gather(*(llm.complete("local", "", None, request) for request in requests))
    assert all(result.usage.output for result in results)
    pid = servers.pid(MODEL)
    assert pid is not None
    siblings = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    served = [
        child for child in siblings if b"llm.local.child" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
    assert served == [str(pid)]


async def test_a_crash_fails_the_call_in_flight_for_a_retry_and_the_next_call_starts_anew(
    llm: LlmClient, servers: LocalServers
) -> None:
    request = LlmRequest(MODEL, "Hello", max_output_tokens=4)
    await llm.complete("local", "", None, request)
    crashed = servers.pid(MODEL)
    assert crashed is not None
    os.kill(crashed, signal.SIGSTOP)  # so that the call is surely in flight when the crash comes
    call = asyncio.create_task(llm.complete("local", "", None, request))
    await asyncio.sleep(0)
    os.kill(crashed, signal.SIGKILL)
    with pytest.raises(LlmError) as caught:
        await call
    assert (caught.value.kind, caught.value.retriable) == ("connect", True)
    assert await asyncio.to_thread(ended, crashed)

    assert (await llm.complete("local", "", None, request)).usage.output
    assert servers.pid(MODEL) not in (None, crashed)


async def test_the_child_gets_no_secret_and_listens_behind_a_path_that_nobody_knows(
    servers: LocalServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PENSTOCK_SECRET_KEY", "do-not-tell")
    address, http = await servers.reach(MODEL)
    environment = Path(f"/proc/{servers.pid(MODEL)}/environ").read_bytes()
    assert b"PENSTOCK_" not in environment
    arguments = Path(f"/proc/{servers.pid(MODEL)}/cmdline").read_bytes().decode()
    port, path = address.removeprefix("http://127.0.0.1:").split("/", 1)
    assert path.removesuffix("/v1") not in arguments
    assert (await http.request("GET", f"{address}/models")).status == 200
    assert (await http.request("GET", f"http://127.0.0.1:{port}/v1/models")).status == 404


STARTS_A_MODEL = """
import asyncio, sys
from pathlib import Path
from penstock.llm.local.servers import LocalServers

async def main():
    servers = LocalServers(Path(sys.argv[1]), Path(sys.argv[2]))
    await servers.reach(sys.argv[3])
    print(servers.pid(sys.argv[3]), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def test_a_killed_parent_leaves_no_child(models: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTS_A_MODEL, str(models), str(tmp_path), MODEL]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert not ended(child, seconds=0)
        parent.kill()
    assert ended(child)


async def test_weights_that_are_not_here_are_named_with_the_command_that_fetches_them(tmp_path: Path) -> None:
    servers = LocalServers(tmp_path / "models", tmp_path / "logs")
    assert servers.listed() == ()
    with pytest.raises(LlmError, match=f"python -m penstock.llm.local.weights {MODEL}") as caught:
        await servers.reach(MODEL)
    assert caught.value.kind == "model_not_found"


async def test_a_file_that_is_no_model_fails_with_the_place_of_the_log(tmp_path: Path) -> None:
    with (tmp_path / SMOLLM2.file_name).open("wb") as file:
        file.truncate(SMOLLM2.size)
    servers = LocalServers(tmp_path, tmp_path / "logs")
    with pytest.raises(LlmError, match="did not start") as caught:
        await servers.reach(MODEL)
    assert str(tmp_path / "logs" / f"model-{MODEL}.log") in caught.value.remedy
    assert servers.pid(MODEL) is None
