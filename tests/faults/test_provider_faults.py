"""Each fault of `provider_faults` at each of the five providers, over real HTTP: the outcome as listed, in bounds."""

from __future__ import annotations

import asyncio
import tracemalloc
from pathlib import Path

import pytest
from tests.faults.provider_faults import FAULTS, FIVE, MEBIBYTE, Fault, table
from tests.kit.http_server import serve

from penstock.kit.http import HttpClient
from penstock.llm.client import MOST_BYTES, LlmClient
from penstock.llm.errors import LlmError
from penstock.llm.request import LlmRequest
from penstock.settings import Settings

KEY = "sk-canary-5f0c2f6f1f0d4f7e"
PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "when-a-provider-fails.md"
MODELS = {
    "openai": "gpt-4.1-mini",
    "anthropic": "claude-haiku-4-5",
    "cohere": "command-a-03-2025",
    "xai": "grok-4.3",
    "google": "gemini-2.5-flash",
}
SECONDS = 0.5  # that a call may take; far more than an honest answer on loopback needs
# A test of faults hangs when the limit does not hold, so that this only has to be below pytest's own.
HUNG = 30.0


async def failure_of(fault: Fault, provider: str, home: Path) -> LlmError:
    """What a call comes to that meets the fault."""
    async with serve(fault.answer(provider)) as server, HttpClient(frozenset({"127.0.0.1"})) as http:
        patience = SECONDS if fault.kind == "timeout" else HUNG
        client = LlmClient(http, Settings(home=home, llm_timeout_seconds=patience))
        base = f"http://127.0.0.1:{server.port}"
        request = LlmRequest(MODELS[provider], "Is the customer happy?")
        with pytest.raises(LlmError) as caught:
            await asyncio.wait_for(client.complete(provider, KEY, base, request), HUNG)
        assert len(server.requests) == 1  # trying again is the engine's, where people see it
    return caught.value


@pytest.mark.parametrize("provider", FIVE)
@pytest.mark.parametrize("fault", FAULTS, ids=[fault.what.replace(" ", "_") for fault in FAULTS])
async def test_a_fault_comes_to_the_listed_outcome(fault: Fault, provider: str, tmp_path: Path) -> None:
    error = await failure_of(fault, provider, tmp_path)
    assert (error.kind, error.retriable, error.retry_after) == (fault.kind, fault.retriable, fault.wait)
    assert error.message.endswith((".", "!", "?"))
    assert error.remedy
    assert KEY not in str(error)


@pytest.mark.parametrize(
    "fault", [f for f in FAULTS if "50 MB" in f.what], ids=lambda fault: fault.what.replace(" ", "_")
)
async def test_a_huge_answer_costs_no_more_memory_than_the_largest_good_one(
    fault: Fault, tmp_path: Path
) -> None:
    tracemalloc.start()
    try:
        await failure_of(fault, "openai", tmp_path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_BYTES + 6 * MEBIBYTE


def test_the_documentation_shows_the_table() -> None:
    assert table() in PAGE.read_text(encoding="utf-8"), "run: python -m tests.faults.provider_faults"
