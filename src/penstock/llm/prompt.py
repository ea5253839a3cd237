"""The size of a prompt, and the words that ask for JSON where a model cannot be made to give it (pure)."""

from __future__ import annotations

import math

from penstock.kit import template
from penstock.kit.json import JsonObject, dumps
from penstock.kit.template import Escape
from penstock.llm.capabilities import Capabilities
from penstock.llm.errors import LlmError
from penstock.llm.request import JSON_PROMPT, LlmRequest

# English text has about 4 characters a token with today's tokenizers; 3.6 leaves a margin. Letters of other scripts
# take two to four bytes in UTF-8 and make more tokens; every byte above the first counts half a token.
CHARACTERS_PER_TOKEN = 3.6
TOKENS_PER_FURTHER_BYTE = 0.5


def estimate_tokens(text: str) -> int:
    """About how many tokens a text has, rather too many than too few."""
    further = 0 if text.isascii() else len(text.encode(errors="replace")) - len(text)
    return math.ceil(len(text) / CHARACTERS_PER_TOKEN + further * TOKENS_PER_FURTHER_BYTE)


def request_tokens(request: LlmRequest) -> int:
    """About how many tokens the whole request puts before the model: system, prompt and schema."""
    tokens = estimate_tokens(request.prompt) + estimate_tokens(request.system or "")
    if request.schema is not None:
        tokens += estimate_tokens(dumps(request.schema).decode())
    return tokens


def check_size(request: LlmRequest, capabilities: Capabilities) -> None:
    """Refuses a prompt that cannot fit, before it costs anything (fault F14).

    Raises LlmError of kind context_too_long with the sizes. Models of unknown size pass; the provider decides.
    """
    window = capabilities.context_tokens
    # Every token has at least one byte, so a short prompt needs no estimate.
    if window is None or len(request.prompt) + len(request.system or "") < window // 2:
        return
    tokens = request_tokens(request)
    room = window - (request.max_output_tokens or 0)
    if tokens <= room:
        return
    characters = len(request.prompt) + len(request.system or "")
    message = f"The prompt has {characters:,} characters, about {tokens:,} tokens; {request.model} takes {window:,} tokens"
    if request.max_output_tokens:
        message += f", of which {request.max_output_tokens:,} are kept for the answer"
    raise LlmError("context_too_long", f"{message}. It was not sent.", field="prompt")


def schema_in_words(schema: JsonObject, words: str = JSON_PROMPT) -> str:
    """The words that ask for JSON fitting the schema, which stands where they say `{{ schema }}`."""
    written = dumps(schema).decode()
    return template.render(
        template.parse(words), lambda path: written if path == ("schema",) else None, Escape.TEXT
    ).text


def prompt_asking_for_json(request: LlmRequest, native_schema: bool) -> str:
    """The prompt as the model gets it: the author's words, followed by the step's own that ask for JSON where the
    schema is not native."""
    if request.schema is None or native_schema or not request.json_prompt.strip():
        return request.prompt
    return f"{request.prompt}\n\n{schema_in_words(request.schema, request.json_prompt)}"
