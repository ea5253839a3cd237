"""Models on this machine: llama.cpp's Chat Completions (https://github.com/ggml-org/llama.cpp, tools/server).

No key and no address: `llm.local` runs the server and knows where it listens.
"""

from __future__ import annotations

from collections.abc import Mapping

from penstock.kit.json import Json, JsonObject
from penstock.llm.capabilities import Capabilities
from penstock.llm.provider import Built, KeyCheck, ModelPage
from penstock.llm.providers import chat_dialect
from penstock.llm.reply import Speaker
from penstock.llm.request import JSON_HEADERS, HttpCall, LlmRequest
from penstock.llm.result import LlmResult

# A small model may repeat itself without end; without a limit it would fill its whole window, for minutes.
DEFAULT_MAX_TOKENS = 1_024
# A token of English has about four characters; two leave room for the rest of the JSON and for other languages.
CHARACTERS_PER_TOKEN = 2


class Local:
    """The provider «Local model»."""

    key = "local"
    title = "The local model"
    key_help = "No key is needed: the model runs on this machine."
    base_url: str | None = None
    speaker = Speaker(key, title)

    def authorize(self, headers: Mapping[str, str], key: str) -> dict[str, str]:  # noqa: ARG002 - there is no key
        """The headers as they are."""
        return dict(headers)

    def key_check(self) -> HttpCall:
        """The server's own sign of life; `LlmClient` does not ask, because nothing is running yet."""
        return HttpCall("GET", "/models", JSON_HEADERS)

    def read_key_check(self, status: int, headers: Mapping[str, str], body: bytes) -> KeyCheck:  # noqa: ARG002
        """There is no key that could be bad."""
        return KeyCheck()

    def models(self, cursor: str | None = None) -> HttpCall:  # noqa: ARG002 - the list has one page
        """The model that the server runs."""
        return HttpCall("GET", "/models", JSON_HEADERS)

    def read_models(self, status: int, headers: Mapping[str, str], body: bytes) -> ModelPage:  # noqa: ARG002
        """Nothing: `LocalModels.listed` knows what is here, running or not."""
        return ModelPage(())

    def build(self, request: LlmRequest, capabilities: Capabilities) -> Built:
        """A chat completion, with an end in sight: of the whole answer, and of each text in declared fields."""
        call, dropped = chat_dialect.build(request, capabilities)
        body: JsonObject = {"max_tokens": DEFAULT_MAX_TOKENS, **(call.body or {})}
        limit = request.max_output_tokens or DEFAULT_MAX_TOKENS
        if request.schema is not None and isinstance(shape := body.get("response_format"), dict):
            schema: Json = bounded(request.schema, limit * CHARACTERS_PER_TOKEN)
            body["response_format"] = {
                **shape,
                "json_schema": {"name": request.schema_name, "schema": schema, "strict": True},
            }
        return HttpCall(call.method, call.path, call.headers, body), dropped

    def read(self, status: int, headers: Mapping[str, str], body: bytes) -> LlmResult:
        """The answer in a chat completion."""
        return chat_dialect.read(self.speaker, status, headers, body)


def bounded(schema: JsonObject, characters: int) -> JsonObject:
    """The schema with a `maxLength` on each of its free texts, which share `characters` evenly.

    A small model that does not find an end then still closes its JSON within the output limit, instead of being
    cut off in the middle. Texts with options or a length of their own are left alone.
    """
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return schema
    free = [name for name, kind in properties.items() if isinstance(kind, dict) and _is_free_text(kind)]
    if not free:
        return schema
    limits: JsonObject = {"maxLength": max(20, characters // len(free))}
    fitted: JsonObject = {
        name: {**kind, **limits} if name in free and isinstance(kind, dict) else kind
        for name, kind in properties.items()
    }
    return {**schema, "properties": fitted}


def _is_free_text(kind: JsonObject) -> bool:
    named = kind.get("type")
    is_text = named == "string" or (isinstance(named, list) and "string" in named)
    return is_text and not ({"enum", "maxLength", "const", "pattern", "format"} & kind.keys())
