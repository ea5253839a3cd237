"""What a process is put together from."""

from __future__ import annotations

from dataclasses import replace

from tests.llm_stand_in import Seen, StandIn, Trouble, llm_stand_in

from penstock.bootstrap import open_penstock
from penstock.llm.request import LlmRequest
from penstock.settings import Settings

REFUSAL = {
    "error": {
        "message": "Unsupported parameter: 'temperature' is not supported with this model.",
        "type": "invalid_request_error",
        "param": "temperature",
        "code": None,
    }
}


def refuse_temperature(seen: Seen) -> Trouble | None:
    return Trouble(400, REFUSAL) if "temperature" in seen.body else None


async def temperatures_sent(settings: Settings, provider: StandIn) -> list[bool]:
    """Whether each request of a fresh process carried a temperature."""
    provider.seen.clear()
    async with open_penstock(settings) as penstock:
        request = LlmRequest(model="a-model-of-next-year", prompt="Hello", temperature=0.2)
        await penstock.llm.complete("openai", provider.key, None, request)
    return ["temperature" in seen.body for seen in provider.seen]


async def test_what_a_model_refused_is_known_to_the_next_process(settings: Settings) -> None:
    async with llm_stand_in() as provider:
        provider.trouble = refuse_temperature
        settings = replace(settings, provider_base_urls=provider.base_urls())
        assert await temperatures_sent(settings, provider) == [True, False]
        assert await temperatures_sent(settings, provider) == [False]
