"""The checks of a step that may search the web: who can, where, how often, and what may leave (pure)."""

from __future__ import annotations

from penstock.actions.action import CheckContext
from penstock.actions.use_custom_llm_fields import UseCustomLlmFields
from penstock.errors import Problem
from penstock.llm.model_facts import known
from penstock.llm.web_search import MOST_DOMAINS, MOST_SEARCHES, is_domain, why_not

# The setting that a refusal names, in the words of the step's inputs.
INPUT_OF = {"web_search": "web_search", "domains": "search_domains"}
CODE_OF = {"web_search": "SEARCH_UNSUPPORTED", "domains": "SEARCH_DOMAINS"}


def check_search(fields: UseCustomLlmFields, ctx: CheckContext, path: str) -> list[Problem]:
    """Domains that are none, a number out of range, models that cannot search so, and sensitive values in a search."""
    search = fields.search
    if search is None:
        return []
    problems: list[Problem] = []
    for index, domain in enumerate(search.domains):
        if not is_domain(domain):
            message = (
                f"'{domain[:60]}' is no domain. Write the name alone, such as example.com: no https://, no path, "
                "no port; letters of other scripts as xn--…"
            )
            problems.append(Problem(f"{path}.search_domains[{index}]", "BAD_DOMAIN", message))
    if len(search.domains) > MOST_DOMAINS:
        message = f"{len(search.domains)} domains are set; {MOST_DOMAINS} are the most. Remove some."
        problems.append(Problem(f"{path}.search_domains", "OUT_OF_RANGE", message))
    if fields.max_searches is not None and not 1 <= fields.max_searches <= MOST_SEARCHES:
        message = f"'max_searches' is {fields.max_searches}; it goes from 1 to {MOST_SEARCHES}."
        problems.append(Problem(f"{path}.max_searches", "OUT_OF_RANGE", message))
    for turn in range(len(fields.fallbacks) + 1):
        problems += _check_model(fields.asking(turn), ctx, path, turn)
    if fields.allow_sensitive:
        message = (
            "Sensitive properties may stand in the prompt, and the model may search the web for what it reads there. "
            "Turn one of the two off, unless that is meant."
        )
        problems.append(Problem(f"{path}.web_search", "SEARCH_SENSITIVE", message, "warning"))
    return problems


def _check_model(fields: UseCustomLlmFields, ctx: CheckContext, path: str, turn: int) -> list[Problem]:
    number, search = fields.connection_number, fields.search
    connection = ctx.connections.get(number) if number is not None else None
    if connection is None or search is None:
        return []  # said elsewhere
    model = fields.model.strip()
    refusal = why_not(
        connection.provider, model, search, known(connection.provider, model) if model else None
    )
    if refusal is None:
        return []
    at = f"{path}.{INPUT_OF[refusal.setting]}" if turn == 0 else f"{path}.fallbacks[{turn - 1}].model"
    return [Problem(at, CODE_OF[refusal.setting], f"{refusal.reason} {refusal.remedy}")]
