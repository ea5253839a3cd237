"""Google Gemini: generateContent of the Generative Language API.

https://ai.google.dev/api/generate-content. An invalid key is HTTP 400 here, and waits are in the error's body.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote, urlencode

from penstock.kit.json import Json, JsonObject
from penstock.llm.capabilities import Capabilities, settle
from penstock.llm.json_values import count, items, number, obj, optional_count, text
from penstock.llm.prompt import prompt_asking_for_json
from penstock.llm.provider import Built, KeyCheck, ListedModel, ModelPage
from penstock.llm.reply import Speaker, finish, malformed, read_json
from penstock.llm.request import JSON_HEADERS, HttpCall, LlmRequest
from penstock.llm.result import Dropped, LlmResult, StopClass, Usage
from penstock.llm.sources import sources_in

# Gemini 2.5 takes a number of thinking tokens; Pro cannot go below 128.
BUDGETS = {"none": 0, "minimal": 128, "low": 2_048, "medium": 8_192, "high": 24_576}

STOPS: Mapping[str, StopClass] = {"STOP": "complete", "MAX_TOKENS": "truncated"}
FILTERED = frozenset(
    {
        "SAFETY",
        "RECITATION",
        "PROHIBITED_CONTENT",
        "SPII",
        "BLOCKLIST",
        "LANGUAGE",
        "IMAGE_SAFETY",
        "MODEL_ARMOR",
    }
)
NOT_FOR_TEXT = (
    "image",
    "tts",
    "audio",
    "embedding",
    "live",
    "robotics",
    "computer-use",
    "veo",
    "imagen",
    "lyria",
    "aqa",
)


class Google:
    """The provider Google Gemini."""

    key = "google"
    title = "Google Gemini"
    key_help = "Create a key at https://aistudio.google.com/apikey."
    base_url = "https://generativelanguage.googleapis.com/v1beta"
    speaker = Speaker(key, title)

    def authorize(self, headers: Mapping[str, str], key: str) -> dict[str, str]:
        """The key in a header, never in the address, where logs would keep it."""
        return {**headers, "x-goog-api-key": key}

    def key_check(self) -> HttpCall:
        """One entry of the list of models, which costs nothing."""
        return HttpCall("GET", "/models?pageSize=1", JSON_HEADERS)

    def read_key_check(self, status: int, headers: Mapping[str, str], body: bytes) -> KeyCheck:
        """Any list means that the key is good."""
        read_json(self.speaker, status, headers, body)
        return KeyCheck()

    def models(self, cursor: str | None = None) -> HttpCall:
        """A page of up to a thousand models."""
        query = urlencode({"pageSize": "1000"} | ({"pageToken": cursor} if cursor else {}))
        return HttpCall("GET", f"/models?{query}", JSON_HEADERS)

    def read_models(self, status: int, headers: Mapping[str, str], body: bytes) -> ModelPage:
        """The models that generate text."""
        reply = read_json(self.speaker, status, headers, body)
        entries = [obj(entry) for entry in items(reply.get("models"))]
        return ModelPage(
            tuple(_listed(entry) for entry in entries if _writes_text(entry)),
            text(reply.get("nextPageToken")) or None,
        )

    def build(self, request: LlmRequest, capabilities: Capabilities) -> Built:
        """A generateContent call. The model stands in the path, quoted so that it stays one segment."""
        settled = settle(request, capabilities)
        dropped = settled.dropped
        prompt = prompt_asking_for_json(request, settled.native_schema)
        config: JsonObject = {}
        body: JsonObject = {"generationConfig": config}
        if request.system and capabilities.system_role:
            body["systemInstruction"] = {"parts": [{"text": request.system}]}
        elif request.system:
            prompt = f"{request.system}\n\n{prompt}"
            dropped = (
                *dropped,
                Dropped("system", "This model has no system part. It was put before the prompt."),
            )
        body["contents"] = [{"role": "user", "parts": [{"text": prompt}]}]
        if settled.temperature is not None:
            config["temperature"] = settled.temperature
        if request.max_output_tokens is not None:
            config["maxOutputTokens"] = request.max_output_tokens
        if settled.effort is not None:
            if capabilities.effort_style == "budget":
                config["thinkingConfig"] = {"thinkingBudget": BUDGETS[settled.effort]}
            else:
                config["thinkingConfig"] = {"thinkingLevel": settled.effort}
        if request.schema is not None and settled.native_schema:
            config["responseMimeType"] = "application/json"
            config["responseJsonSchema"] = request.schema
        if request.search is not None:
            # https://ai.google.dev/gemini-api/docs/google-search: no domains, no number of searches.
            body["tools"] = [{"googleSearch": {}}]
            reason = "Google's search cannot be held to a number of searches."
            dropped = (*dropped, Dropped("max_searches", reason))
        model = quote(request.model.removeprefix("models/"), safe="")
        return HttpCall("POST", f"/models/{model}:generateContent", JSON_HEADERS, body), dropped

    def read(self, status: int, headers: Mapping[str, str], body: bytes) -> LlmResult:
        """The answer of the first candidate, or the filter that left none."""
        return self.answer(headers, read_json(self.speaker, status, headers, body))

    def answer(self, headers: Mapping[str, str], reply: JsonObject) -> LlmResult:
        """The answer in a decoded reply, also one out of a batch's results."""
        candidates = items(reply.get("candidates"))
        candidate = obj(candidates[0]) if candidates else {}
        blocked = text(obj(reply.get("promptFeedback")).get("blockReason"))
        if not candidates and not blocked:
            raise malformed(self.speaker, "no candidate", 200)
        reason = text(candidate.get("finishReason"))
        written = _text(obj(candidate.get("content")).get("parts"))
        version = text(reply.get("modelVersion"))
        grounding = obj(candidate.get("groundingMetadata"))
        result = finish(
            self.speaker,
            headers,
            written,
            self._stop(reason, blocked, written),
            _usage(obj(reply.get("usageMetadata"))),
            version,
            raw_stop=reason or blocked,
            request_id=text(reply.get("responseId")),
            stop_detail=text(candidate.get("finishMessage")) or blocked,
        )
        return _grounded(result, version, grounding) if grounding else result

    def _stop(self, reason: str, blocked: str, written: str) -> StopClass:
        if reason in FILTERED or (blocked and not written):
            return "content_filter"
        if reason in STOPS or not reason:
            return STOPS.get(reason, "complete")
        # OTHER, MALFORMED_RESPONSE, MALFORMED_FUNCTION_CALL and whatever comes: the answer is not whole.
        raise malformed(self.speaker, f"an unfinished answer ({reason})", 200)


def _grounded(result: LlmResult, version: str, grounding: JsonObject) -> LlmResult:
    """The answer with the pages that it was looked up in, and the searches that are billed."""
    pages = [obj(obj(chunk).get("web")) for chunk in items(grounding.get("groundingChunks"))]
    usage = replace(result.usage, searches=_billed(version, grounding, bool(pages)))
    found = ((text(page.get("uri")), text(page.get("title"))) for page in pages)
    return replace(result, usage=usage, sources=sources_in(found))


def _billed(version: str, grounding: JsonObject, found: bool) -> int:
    """The searches that Google bills: each query once from Gemini 3 on, before that the prompt if pages were found."""
    queries = {query for one in items(grounding.get("webSearchQueries")) if (query := text(one).strip())}
    if version.startswith(("gemini-1", "gemini-2")):
        return int(bool(queries) and found)
    return len(queries)


def _text(parts: Json) -> str:
    """The text of the parts that are no thoughts."""
    return "".join(
        text(part.get("text")) for part in map(obj, items(parts)) if part.get("thought") is not True
    )


def _usage(reported: JsonObject) -> Usage:
    """Google counts thoughts beside the candidates; the prompt includes what was cached."""
    thoughts = count(reported.get("thoughtsTokenCount"))
    return Usage(
        count(reported.get("promptTokenCount")) + count(reported.get("toolUsePromptTokenCount")),
        count(reported.get("candidatesTokenCount")) + thoughts,
        count(reported.get("cachedContentTokenCount")),
        0,
        thoughts,
    )


def _writes_text(entry: JsonObject) -> bool:
    name = text(entry.get("name"))
    return "generateContent" in items(entry.get("supportedGenerationMethods")) and not any(
        w in name for w in NOT_FOR_TEXT
    )


def _listed(entry: JsonObject) -> ListedModel:
    return ListedModel(
        text(entry.get("name")).removeprefix("models/"),
        text(entry.get("displayName")),
        context_tokens=optional_count(entry.get("inputTokenLimit")),
        max_output_tokens=optional_count(entry.get("outputTokenLimit")),
        max_temperature=number(entry.get("maxTemperature")),
        efforts=None if entry.get("thinking") is True else (),
    )
