"""The providers' own web search: who has it, what it can be held to, what a search costs, and what is refused.

The model reads what its provider finds and can do nothing else with it (decision 0014). Sources: OpenAI
developers.openai.com/api/docs/guides/tools-web-search; Anthropic platform.claude.com/docs, «Web search tool» and «Batch
processing»; Google ai.google.dev/gemini-api/docs/google-search and /batch-api; xAI docs.x.ai/developers/tools.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from penstock.llm.capabilities import Capabilities
from penstock.llm.errors import LlmError
from penstock.llm.request import LlmRequest, WebSearch

MOST_SEARCHES = 10  # of one call
MOST_DOMAINS = 20


@dataclass(frozen=True, slots=True)
class SearchFacts:
    """What a provider's search can be held to.

    `most_domains` is how many domains a call can be kept to (0: none). `bound` is what the provider counts up to the most
    searches of a call: searches, turns of the model (one call of the tool each), or nothing. `in_batches`: whether its batch API documents the search. `usd` is the price of one search
    where the price list has none for the model.
    """

    most_domains: int
    bound: Literal["searches", "turns", "nothing"]
    in_batches: bool
    usd: Decimal


OFFERED: Mapping[str, SearchFacts] = {
    "openai": SearchFacts(MOST_DOMAINS, "searches", in_batches=False, usd=Decimal("0.010")),
    "anthropic": SearchFacts(MOST_DOMAINS, "searches", in_batches=True, usd=Decimal("0.010")),
    # Gemini 3 and later by query; the 2.x models are in the price list, by grounded prompt.
    "google": SearchFacts(0, "nothing", in_batches=True, usd=Decimal("0.014")),
    "xai": SearchFacts(5, "turns", in_batches=False, usd=Decimal("0.005")),
}
NOT_OFFERED: Mapping[str, str] = {
    "cohere": "Cohere's API has no web search.",
    "compatible": "OpenAI-compatible endpoints have no web search in common.",
    "local": "A model on this machine has no web search.",
}

TITLES = {"openai": "OpenAI", "xai": "xAI"}  # of those whose batches have none

ABOUT_SEARCH = re.compile(r"(web|google)[ _-]?search|search (tool|grounding)", re.IGNORECASE)

LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"({LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]")
LONGEST_DOMAIN = 253


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a search cannot be had: the setting at fault (`web_search`, `domains`), the reason and the remedy."""

    setting: str
    reason: str
    remedy: str


def is_domain(text: str) -> bool:
    """Whether a text is a bare domain such as `example.com`: no scheme, port or path, no address of a machine."""
    return len(text) <= LONGEST_DOMAIN and DOMAIN.fullmatch(text) is not None


def why_not(
    provider: str, model: str, search: WebSearch, capabilities: Capabilities | None = None
) -> Refusal | None:
    """Why this search cannot be had from a model; None when it can. Without `capabilities` the provider alone is asked.

    An answer without the search, or with a wider one, would pass for what the author asked for; so nothing is left out
    here as other settings are.
    """
    facts = OFFERED.get(provider)
    if facts is None:
        reason = NOT_OFFERED.get(provider, "This provider has no web search that Penstock knows.")
        return Refusal(
            "web_search", reason, "Turn web search off, or choose OpenAI, Anthropic, Google or xAI."
        )
    if capabilities is not None and not capabilities.search:
        reason = capabilities.search_note or f"{model} cannot search the web."
        return Refusal("web_search", reason, "Turn web search off, or choose another model.")
    if search.domains and not facts.most_domains:
        return Refusal(
            "domains",
            "Google's search cannot be kept to chosen domains.",
            "Remove the domains, or choose another provider.",
        )
    if len(search.domains) > facts.most_domains > 0:
        return Refusal(
            "domains",
            f"The search of this provider can be kept to {facts.most_domains} domains at most; {len(search.domains)} are set.",
            "Remove some of them, or choose another provider.",
        )
    return None


def check_search(provider: str, request: LlmRequest, capabilities: Capabilities) -> None:
    """Refuses a call whose search cannot be had as asked, before it costs anything. Raises LlmError (invalid_request)."""
    if request.search is None:
        return
    refusal = why_not(provider, request.model, request.search, capabilities)
    if refusal is not None:
        raise LlmError(
            "invalid_request",
            refusal.reason,
            provider=provider,
            field=refusal.setting,
            remedy=f"{refusal.remedy} Then retry.",
        )


def about_search(error: LlmError, request: LlmRequest) -> LlmError:
    """An error of a call that searches, as the step's trouble and not the connection's where it is about the search.

    A key may do everything but search: an organization can have it switched off at its provider.
    """
    if request.search is None or error.kind not in {"permission", "invalid_request"}:
        return error
    if not ABOUT_SEARCH.search(error.detail):
        return error
    told = LlmError(
        "invalid_request",
        error.message,
        provider=error.provider,
        provider_status=error.provider_status,
        field="web_search",
        remedy="Allow web search in the provider's console, or turn it off in the step; then retry.",
        detail=error.detail,
    )
    told.stated = error.stated
    return told


def not_in_batches(provider: str) -> str | None:
    """Why a step that searches cannot go through the provider's batch API; None when it can."""
    facts = OFFERED.get(provider)
    if facts is None or facts.in_batches:
        return None
    return f"The batch API of {TITLES[provider]} does not document web search."
