"""What each provider's models accept: a table of model-name beginnings, the first that fits wins.

Sources: the providers' model pages; modelparams.dev (MIT, 2026-08-22); the profiles of pydantic-ai (MIT, live
probes of July to November 2026); the providers' own answers as recorded in tests/llm/provider_traffic. A model
that is not here is UNKNOWN: it gets what the author set, and a refusal that names the field is learned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from penstock.llm.capabilities import UNKNOWN, Capabilities, Range
from penstock.llm.local.known_weights import KNOWN

Table = tuple[tuple[str, Capabilities], ...]

MINIMAL_TO_HIGH = ("minimal", "low", "medium", "high")
LOW_TO_HIGH = ("low", "medium", "high")
LOW_TO_XHIGH = (*LOW_TO_HIGH, "xhigh")
LOW_TO_MAX = (*LOW_TO_XHIGH, "max")
MEDIUM_TO_XHIGH = ("medium", "high", "xhigh")

# --- OpenAI: https://platform.openai.com/docs/models and /docs/guides/reasoning -----------------------------
# A temperature is a 400 whenever the model reasons.
# Web search: not before GPT-4o, not in GPT-4.1 nano, and not at the effort «minimal» of GPT-5
# (https://developers.openai.com/api/docs/guides/tools-web-search, «Limitations»).
_GPT = Capabilities(context_tokens=128_000, max_output_tokens=16_384)
_NO_SEARCH = "OpenAI does not offer web search with this model."
_GPT_4_1 = Capabilities(context_tokens=1_047_576, max_output_tokens=32_768)
_NO_SCHEMA = replace(
    _GPT,
    structured=False,
    structured_note="This model predates structured output.",
    max_output_tokens=4_096,
    search=False,
    search_note=_NO_SEARCH,
)
_SEARCH = replace(
    _GPT,
    endpoint="chat",
    temperature=None,
    temperature_note="Search models take no temperature.",
    max_tokens_name="max_completion_tokens",
    search=False,
    search_note="This model searches on every call, by itself and without limits that Penstock could set.",
)


def _openai(
    efforts: tuple[str, ...], *, on: bool = True, context: int | None = 400_000, output: int = 128_000
) -> Capabilities:
    can_be_off = "none" in efforts
    return Capabilities(
        temperature=Range(0, 2) if can_be_off else None,
        temperature_needs_reasoning_off=True,
        temperature_note=(
            "OpenAI takes a temperature only while reasoning is off (effort none)."
            if can_be_off
            else "This model always reasons, and OpenAI refuses a temperature then."
        ),
        efforts=efforts,
        reasons_by_default=on,
        context_tokens=context,
        max_output_tokens=output,
    )


_O_SERIES = _openai(LOW_TO_HIGH, context=200_000, output=100_000)
_FIXED_MEDIUM = _openai(("medium",), context=128_000, output=16_384)
_PRO = _openai(MEDIUM_TO_XHIGH, context=None)

OPENAI: Table = (
    ("gpt-4o-search", _SEARCH),
    ("gpt-4o-mini-search", _SEARCH),
    ("gpt-4o-2024-05-13", replace(_NO_SCHEMA, search=True)),
    ("gpt-4o", _GPT),
    ("chatgpt-4o", replace(_GPT, search=False, search_note=_NO_SEARCH)),
    ("gpt-4.1-nano", replace(_GPT_4_1, search=False, search_note=_NO_SEARCH)),
    ("gpt-4.1", _GPT_4_1),
    ("gpt-4-turbo", _NO_SCHEMA),
    ("gpt-4", replace(_NO_SCHEMA, context_tokens=None, max_output_tokens=8_192)),
    ("gpt-3.5", replace(_NO_SCHEMA, context_tokens=16_385)),
    ("o1", replace(_O_SERIES, search=False, search_note=_NO_SEARCH)),
    ("o3", _O_SERIES),
    ("o4", _O_SERIES),
    ("gpt-6-astra", _openai(LOW_TO_MAX, context=None)),
    ("gpt-6.1-sol", _openai(LOW_TO_MAX, context=None)),
    ("gpt-6.1-terra", _openai(("none", *LOW_TO_XHIGH), context=None)),
    ("gpt-6-sol", _openai(("none", *LOW_TO_XHIGH), context=None)),
    ("gpt-6-luna", _openai(("none", *LOW_TO_XHIGH), context=None)),
    ("gpt-5.6", _openai(("none", *LOW_TO_XHIGH), context=None)),
    ("gpt-5.5-pro", _PRO),
    ("gpt-5.5", _openai(("none", *LOW_TO_XHIGH), context=None)),
    ("gpt-5.4-pro", _PRO),
    ("gpt-5.4", _openai(("none", *LOW_TO_XHIGH), on=False, context=None)),
    ("gpt-5.3-chat", _FIXED_MEDIUM),
    ("gpt-5.3", _openai(("none", *LOW_TO_XHIGH), on=False)),
    ("gpt-5.2-pro", _PRO),
    ("gpt-5.2-chat", _FIXED_MEDIUM),
    ("gpt-5.2", _openai(("none", *LOW_TO_XHIGH), on=False)),
    ("gpt-5.1-chat", _FIXED_MEDIUM),
    ("gpt-5.1-codex-max", _openai(LOW_TO_XHIGH)),
    ("gpt-5.1-codex", _openai(LOW_TO_HIGH)),
    ("gpt-5.1", _openai(("none", *LOW_TO_HIGH), on=False)),
    ("gpt-5-chat", _GPT),
    ("gpt-5-pro", _openai(("high",), output=272_000)),
    ("gpt-5-codex", _openai(LOW_TO_HIGH)),
    ("gpt-5.", UNKNOWN),  # a later 5.x
    ("gpt-5", replace(_openai(MINIMAL_TO_HIGH), minimal_search=False)),
)

# --- Anthropic: https://platform.claude.com/docs/en/about-claude/models ------------------------------------
# Temperature only up to Claude 4.6 and only without thinking (API version 2023-06-01). Budgets up to 4.5,
# adaptive thinking from 4.6 on. Without a `thinking` field the models up to 4.8 do not think.
_NO_TEMPERATURE = "Anthropic refuses a temperature from Claude Opus 4.7 and Claude 5 on."


def _claude(
    efforts: tuple[str, ...],
    *,
    temperature: bool,
    budget: bool,
    structured: bool = True,
    context: int = 200_000,
    output: int = 64_000,
    on: bool = False,
) -> Capabilities:
    return Capabilities(
        temperature=Range(0, 1) if temperature else None,
        temperature_needs_reasoning_off=True,
        temperature_note="" if temperature else _NO_TEMPERATURE,
        efforts=efforts,
        effort_style="budget" if budget else "adaptive",
        reasons_by_default=on,
        structured=structured,
        structured_note="" if structured else "Anthropic's structured output starts with Claude 4.1 Opus.",
        context_tokens=context,
        max_output_tokens=output,
    )


_BUDGET = ("none", *LOW_TO_HIGH)
_CLAUDE_5 = _claude(
    ("none", *LOW_TO_MAX), temperature=False, budget=False, context=1_000_000, output=128_000, on=True
)
_CLAUDE_ALWAYS = replace(
    _CLAUDE_5, efforts=LOW_TO_MAX, effort_note="This model's thinking cannot be switched off."
)

ANTHROPIC: Table = (
    ("claude-3-7", _claude(_BUDGET, temperature=True, budget=True, structured=False)),
    (
        "claude-3-5",
        replace(_claude((), temperature=True, budget=True, structured=False), max_output_tokens=8_192),
    ),
    (
        "claude-3",
        replace(
            _claude((), temperature=True, budget=True, structured=False),
            max_output_tokens=4_096,
            search=False,
            search_note="Anthropic's web search starts with Claude 3.5.",
        ),
    ),
    ("claude-opus-4-1", _claude(_BUDGET, temperature=True, budget=True, output=32_000)),
    ("claude-opus-4-5", _claude(_BUDGET, temperature=True, budget=True)),
    (
        "claude-opus-4-6",
        _claude(
            ("none", *LOW_TO_HIGH, "max"), temperature=True, budget=False, context=1_000_000, output=128_000
        ),
    ),
    ("claude-opus-4-7", replace(_CLAUDE_5, reasons_by_default=False)),
    ("claude-opus-4-8", replace(_CLAUDE_5, reasons_by_default=False)),
    ("claude-opus-4-0", _claude(_BUDGET, temperature=True, budget=True, structured=False, output=32_000)),
    ("claude-opus-4-2", _claude(_BUDGET, temperature=True, budget=True, structured=False, output=32_000)),
    ("claude-opus-5-5", _CLAUDE_ALWAYS),
    ("claude-opus-5", _CLAUDE_5),
    ("claude-sonnet-4-5", _claude(_BUDGET, temperature=True, budget=True)),
    (
        "claude-sonnet-4-6",
        _claude(("none", *LOW_TO_HIGH, "max"), temperature=True, budget=False, context=1_000_000),
    ),
    ("claude-sonnet-4-0", _claude(_BUDGET, temperature=True, budget=True, structured=False)),
    ("claude-sonnet-4-2", _claude(_BUDGET, temperature=True, budget=True, structured=False)),
    ("claude-sonnet-5-5", replace(_CLAUDE_5, effort_style="adaptive_between_tools")),
    ("claude-sonnet-5", replace(_CLAUDE_5, reasons_by_default=False)),
    ("claude-haiku-4-5", _claude(_BUDGET, temperature=True, budget=True)),
    ("claude-fable", _CLAUDE_ALWAYS),
    ("claude-mythos", _CLAUDE_ALWAYS),
)

# --- Google Gemini: https://ai.google.dev/gemini-api/docs/models and /docs/thinking ------------------------
# Gemini up to 2.5 refuses a schema beside the search; of the later ones some do both and others leave the search out
# without a word (github.com/google-gemini/cookbook issue 1274), so with a search the fields are asked for in words.
_WORDS_WITH_SEARCH = "Gemini does not search the web reliably while it is held to a schema."
_GEMINI = Capabilities(
    context_tokens=1_048_576,
    max_output_tokens=65_536,
    structured_search=False,
    structured_search_note=_WORDS_WITH_SEARCH,
)
_GEMINI_3 = replace(
    _GEMINI,
    temperature_note="Google advises to leave the temperature of Gemini 3 and later unset.",
    efforts=MINIMAL_TO_HIGH,
    reasons_by_default=True,
)
_GEMINI_3_PRO = replace(_GEMINI_3, efforts=LOW_TO_HIGH)
_GEMMA = Capabilities(
    structured=False,
    structured_note="Gemma has no JSON mode at Google.",
    search=False,
    search_note="Gemma cannot search the web.",
    system_role=False,
    context_tokens=131_072,
)

GOOGLE: Table = (
    (
        "gemini-2.5-pro",
        replace(_GEMINI, efforts=MINIMAL_TO_HIGH, effort_style="budget", reasons_by_default=True),
    ),
    ("gemini-2.5-flash-lite", replace(_GEMINI, efforts=("none", *LOW_TO_HIGH), effort_style="budget")),
    (
        "gemini-2.5-flash",
        replace(_GEMINI, efforts=("none", *LOW_TO_HIGH), effort_style="budget", reasons_by_default=True),
    ),
    ("gemini-2.0", replace(_GEMINI, max_output_tokens=8_192)),
    (
        "gemini-1.5",
        replace(
            _GEMINI,
            max_output_tokens=8_192,
            search=False,
            search_note="Google's search tool starts with Gemini 2.",
        ),
    ),
    ("gemini-3-pro", replace(_GEMINI_3, efforts=("low", "high"))),
    ("gemini-3.1-pro", _GEMINI_3_PRO),
    ("gemini-3.7-flash", _GEMINI_3_PRO),
    ("gemini-3.8-flash", _GEMINI_3_PRO),
    ("gemini-3", _GEMINI_3),
    ("gemini-4-argon", _GEMINI_3_PRO),
    ("gemma-3", _GEMMA),
)

# --- xAI: https://docs.x.ai/docs/models -------------------------------------------------------------------
_GROK = Capabilities()

XAI: Table = (
    (
        "grok-4.20",
        replace(_GROK, reasons_by_default=True, effort_note="Grok 4.20 refuses a reasoning effort."),
    ),
    (
        "grok-4.3",
        replace(_GROK, efforts=("none", *LOW_TO_HIGH), reasons_by_default=True, context_tokens=1_000_000),
    ),
    ("grok-4.5", replace(_GROK, efforts=LOW_TO_HIGH, reasons_by_default=True)),
    ("grok-4.6", replace(_GROK, efforts=LOW_TO_HIGH, reasons_by_default=True)),
    ("grok-4.7", replace(_GROK, efforts=LOW_TO_XHIGH, reasons_by_default=True)),
    ("grok-4.", UNKNOWN),  # a later 4.x
    ("grok-4", replace(_GROK, effort_note="This Grok model refuses a reasoning effort.")),
    (
        "grok-3-mini",
        replace(
            _GROK,
            efforts=("low", "high"),
            reasons_by_default=True,
            context_tokens=131_072,
            search=False,
            search_note="Grok 3 mini has no search tools.",
        ),
    ),
    ("grok-3", replace(_GROK, context_tokens=131_072)),
    ("grok-build", replace(_GROK, effort_note="Grok Build refuses a reasoning effort.")),
    ("grok-code", replace(_GROK, effort_note="Grok Code refuses a reasoning effort.")),
)

# --- Cohere: https://docs.cohere.com/docs/models ----------------------------------------------------------
_COMMAND = Capabilities(temperature=Range(0, 1), context_tokens=128_000, max_output_tokens=4_096)

COHERE: Table = (
    (
        "command-a-reasoning",
        replace(
            _COMMAND,
            efforts=("none", *LOW_TO_HIGH),
            effort_style="budget",
            reasons_by_default=True,
            context_tokens=256_000,
            max_output_tokens=32_768,
        ),
    ),
    ("command-a-vision", replace(_COMMAND, max_output_tokens=8_192)),
    ("command-a-03", replace(_COMMAND, context_tokens=256_000, max_output_tokens=8_192)),
    ("command-r7b", _COMMAND),
    ("command-r-plus", _COMMAND),
    ("command-r", _COMMAND),
)

# --- Local models: llama.cpp enforces a schema and takes a temperature; none of ours reasons ----------------
LOCAL: Table = tuple(
    (
        weights.name,
        Capabilities(
            efforts=(),
            effort_note="This local model does not reason, so it has no reasoning effort.",
            context_tokens=weights.context_tokens,
            endpoint="chat",
        ),
    )
    for weights in KNOWN.values()
)

TABLES: Mapping[str, Table] = {
    "openai": OPENAI,
    "anthropic": ANTHROPIC,
    "google": GOOGLE,
    "xai": XAI,
    "cohere": COHERE,
    "local": LOCAL,
}

# How an unknown model of each provider is first tried.
UNKNOWN_OF: Mapping[str, Capabilities] = {
    "anthropic": replace(UNKNOWN, temperature=Range(0, 1), effort_style="adaptive"),
    "cohere": replace(UNKNOWN, temperature=Range(0, 1), effort_style="budget"),
    "google": replace(
        UNKNOWN,
        efforts=MINIMAL_TO_HIGH,
        structured_search=False,
        structured_search_note=_WORDS_WITH_SEARCH,
    ),
}


def known(provider: str, model: str) -> Capabilities:
    """The table's row for a model, or that provider's UNKNOWN. A fine-tuned model is read by its base model."""
    name = model.removeprefix("models/").removeprefix("ft:").lower()
    for beginning, capabilities in TABLES.get(provider, ()):
        if name.startswith(beginning):
            return capabilities
    return UNKNOWN_OF.get(provider, UNKNOWN)
