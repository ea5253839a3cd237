"""OpenAI: Responses, and Chat Completions for the models that have nothing else.

https://platform.openai.com/docs/api-reference/responses, /models, /docs/guides/error-codes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from penstock.llm.capabilities import Capabilities
from penstock.llm.errors import LlmError
from penstock.llm.json_values import items, obj, text
from penstock.llm.provider import Built, KeyCheck, ListedModel, ModelPage
from penstock.llm.providers import chat_dialect, responses_dialect
from penstock.llm.reply import Speaker, read_json
from penstock.llm.request import JSON_HEADERS, HttpCall, LlmRequest
from penstock.llm.result import LlmResult

# The list names no abilities, so models for anything but text are told by the words in their names.
NOT_FOR_TEXT = re.compile(
    r"(^|[-_:.])(embed\w*|whisper|tts|dall|image|audio|realtime|transcribe|translate|moderation|sora|similarity|search-(doc|query)"
    r"|code-search|computer-use|deep-research|live|instruct|davinci|curie|babbage|ada|edit|insert|voice)([-_:.]|$)"
)


class OpenAi:
    """The provider OpenAI."""

    key = "openai"
    title = "OpenAI"
    key_help = "Create a key at https://platform.openai.com/api-keys."
    base_url = "https://api.openai.com/v1"
    speaker = Speaker(key, title)

    def authorize(self, headers: Mapping[str, str], key: str) -> dict[str, str]:
        """The key as a bearer token."""
        return {**headers, "authorization": f"Bearer {key}"}

    def key_check(self) -> HttpCall:
        """The list of models, which costs nothing."""
        return self.models()

    def read_key_check(self, status: int, headers: Mapping[str, str], body: bytes) -> KeyCheck:
        """A restricted key may be forbidden to list models (403) and is still good."""
        try:
            read_json(self.speaker, status, headers, body)
        except LlmError as error:
            if error.kind != "permission" or error.provider_status != 403:
                raise
            return KeyCheck("The key is restricted: it may not list models, so type the model's name.")
        return KeyCheck()

    def models(self, cursor: str | None = None) -> HttpCall:  # noqa: ARG002 - the list has one page
        """The whole list."""
        return HttpCall("GET", "/models", JSON_HEADERS)

    def read_models(self, status: int, headers: Mapping[str, str], body: bytes) -> ModelPage:
        """The text models; the list has ids and a shutdown date, nothing more."""
        listed = [obj(entry) for entry in items(read_json(self.speaker, status, headers, body).get("data"))]
        return ModelPage(
            tuple(
                ListedModel(name, retires_at=text(entry.get("shutdown_date")) or None)
                for entry in listed
                if (name := text(entry.get("id"))) and not NOT_FOR_TEXT.search(base_model(name))
            )
        )

    def build(self, request: LlmRequest, capabilities: Capabilities) -> Built:
        """A response, or a chat completion where the model speaks only that."""
        if capabilities.endpoint == "chat":
            return chat_dialect.build(request, capabilities)
        return responses_dialect.build(request, capabilities)

    def read(self, status: int, headers: Mapping[str, str], body: bytes) -> LlmResult:
        """The answer of either endpoint."""
        reply = read_json(self.speaker, status, headers, body)
        if "choices" in reply:
            return chat_dialect.answer(self.speaker, headers, reply)
        return responses_dialect.answer(self.speaker, headers, reply)


def base_model(name: str) -> str:
    """The model below a fine-tuned one: `gpt-4o` of `ft:gpt-4o:acme::x`, `curie` of `curie:ft-acme-2022`."""
    return name.split(":")[1] if name.startswith("ft:") else name.split(":", 1)[0]
