"""Any OpenAI-compatible endpoint: Chat Completions at an address of your own.

The connection names the base URL (with its /v1); addresses on private networks need the operator's allow-list.
Works with vLLM, Ollama, llama.cpp, LiteLLM, OpenRouter, Groq, Mistral, DeepSeek, Together, Azure's v1 API.
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

NOT_FOR_TEXT = ("embed", "rerank", "whisper", "tts", "moderation", "stable-diffusion", "flux")


class Compatible:
    """The provider «OpenAI-compatible endpoint»."""

    key = "compatible"
    title = "The OpenAI-compatible endpoint"
    key_help = "Use the key that the endpoint's operator gave you; leave it empty if it needs none."
    base_url: str | None = None
    speaker = Speaker(key, title)

    def authorize(self, headers: Mapping[str, str], key: str) -> dict[str, str]:
        """The key as a bearer token, or none for an endpoint without keys."""
        return {**headers, "authorization": f"Bearer {key}"} if key else dict(headers)

    def key_check(self) -> HttpCall:
        """The list of models, the one thing that every such server has."""
        return self.models()

    def read_key_check(self, status: int, headers: Mapping[str, str], body: bytes) -> KeyCheck:
        """Any list means that key and address are good; no list at this address is a wrong base URL."""
        try:
            read_json(self.speaker, status, headers, body)
        except LlmError as error:
            if error.kind != "model_not_found":
                raise
            raise LlmError(
                "invalid_request",
                f"The endpoint has no list of models at <base URL>/models (HTTP {status}).",
                provider=self.key,
                provider_status=status,
                field="base_url",
                remedy="Check the base URL; it usually ends in /v1.",
            ) from None
        return KeyCheck()

    def models(self, cursor: str | None = None) -> HttpCall:  # noqa: ARG002 - the list has one page
        """The whole list."""
        return HttpCall("GET", "/models", JSON_HEADERS)

    def read_models(self, status: int, headers: Mapping[str, str], body: bytes) -> ModelPage:
        """The list's text models, with what vLLM, OpenRouter and Groq add to the standard fields."""
        reply = read_json(self.speaker, status, headers, body)
        entries = [obj(entry) for entry in items(reply.get("data")) or items(reply.get("models"))]
        return ModelPage(tuple(_listed(entry) for entry in entries if _writes_text(entry)))

    def build(self, request: LlmRequest, capabilities: Capabilities) -> Built:
        """A chat completion."""
        return chat_dialect.build(request, capabilities)

    def read(self, status: int, headers: Mapping[str, str], body: bytes) -> LlmResult:
        """The answer in a chat completion; a gateway that answers in the Responses shape is understood too."""
        reply = read_json(self.speaker, status, headers, body)
        if reply.get("object") == "response":
            return responses_dialect.answer(self.speaker, headers, reply)
        return chat_dialect.answer(self.speaker, headers, reply)


def _writes_text(entry: JsonObject) -> bool:
    name = text(entry.get("id")).lower()
    return bool(name) and not any(word in name for word in NOT_FOR_TEXT)


def _listed(entry: JsonObject) -> ListedModel:
    price = obj(entry.get("pricing"))  # OpenRouter: USD per token, as text
    before, after = number(price.get("prompt")), number(price.get("completion"))
    window = entry.get("max_model_len") or entry.get("context_length") or entry.get("context_window")
    return ListedModel(
        text(entry.get("id")),
        text(entry.get("name")),
        context_tokens=optional_count(window),
        input_usd_per_mtok=None if before is None else before * 1_000_000,
        output_usd_per_mtok=None if after is None else after * 1_000_000,
    )
