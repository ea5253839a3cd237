"""xAI: the Responses dialect, with the system part as a message and its own list of language models.

https://docs.x.ai/docs/api-reference. An invalid key is HTTP 400 here, and errors are `{code, error: "text"}`.
"""

from __future__ import annotations

from collections.abc import Mapping

from penstock.kit.json import JsonObject
from penstock.llm.capabilities import Capabilities
from penstock.llm.errors import LlmError
from penstock.llm.json_values import items, number, obj, optional_count, text
from penstock.llm.provider import Built, KeyCheck, ListedModel, ModelPage
from penstock.llm.providers import chat_dialect, responses_dialect
from penstock.llm.reply import Speaker, read_json
from penstock.llm.request import JSON_HEADERS, HttpCall, LlmRequest
from penstock.llm.result import LlmResult

# Prices are written in US cents per hundred million tokens.
USD_PER_MTOK = 1 / 10_000


class Xai:
    """The provider xAI."""

    key = "xai"
    title = "xAI"
    key_help = "Create a key at https://console.x.ai."
    base_url = "https://api.x.ai/v1"
    speaker = Speaker(key, title)

    def authorize(self, headers: Mapping[str, str], key: str) -> dict[str, str]:
        """The key as a bearer token."""
        return {**headers, "authorization": f"Bearer {key}"}

    def key_check(self) -> HttpCall:
        """What xAI knows of the key itself."""
        return HttpCall("GET", "/api-key", JSON_HEADERS)

    def read_key_check(self, status: int, headers: Mapping[str, str], body: bytes) -> KeyCheck:
        """A key may exist and still be blocked or disabled, itself or its team."""
        reply = read_json(self.speaker, status, headers, body)
        for flag, state in (
            ("api_key_blocked", "is blocked"),
            ("api_key_disabled", "is disabled"),
            ("disabled", "is disabled"),
            ("team_blocked", "belongs to a blocked team"),
        ):
            if reply.get(flag) is True:
                raise LlmError("authentication", f"xAI says that this API key {state}.", provider=self.key)
        return KeyCheck()

    def models(self, cursor: str | None = None) -> HttpCall:  # noqa: ARG002 - the list has one page
        """The language models with their prices."""
        return HttpCall("GET", "/language-models", JSON_HEADERS)

    def read_models(self, status: int, headers: Mapping[str, str], body: bytes) -> ModelPage:
        """The language models; also reads the shorter `/models` list that a gateway may have instead."""
        reply = read_json(self.speaker, status, headers, body)
        entries = [obj(entry) for entry in items(reply.get("models")) or items(reply.get("data"))]
        return ModelPage(tuple(_listed(entry) for entry in entries if _writes_text(entry)))

    def build(self, request: LlmRequest, capabilities: Capabilities) -> Built:
        """A response; xAI refuses OpenAI's `instructions`."""
        return responses_dialect.build(request, capabilities, of_xai=True)

    def read(self, status: int, headers: Mapping[str, str], body: bytes) -> LlmResult:
        """The answer of either of xAI's endpoints (its batches answer as chat completions)."""
        reply = read_json(self.speaker, status, headers, body)
        if "choices" in reply:
            return chat_dialect.answer(self.speaker, headers, reply)
        return responses_dialect.answer(self.speaker, headers, reply)


def _writes_text(entry: JsonObject) -> bool:
    name, modalities = text(entry.get("id")), items(entry.get("output_modalities"))
    if not name:
        return False
    return (
        "text" in modalities if modalities else not any(word in name for word in ("image", "video", "voice"))
    )


def _listed(entry: JsonObject) -> ListedModel:
    efforts = obj(entry.get("capabilities")).get("reasoning_effort")
    before, after = (
        number(entry.get("prompt_text_token_price")),
        number(entry.get("completion_text_token_price")),
    )
    return ListedModel(
        text(entry.get("id")),
        context_tokens=optional_count(entry.get("context_length")),
        efforts=tuple(text(word).lower() for word in items(efforts)) if isinstance(efforts, list) else None,
        input_usd_per_mtok=before * USD_PER_MTOK if before else None,
        output_usd_per_mtok=after * USD_PER_MTOK if after else None,
    )
