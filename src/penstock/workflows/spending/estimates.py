"""What a call may cost, before it is made: the tokens of its prompt, and as many of an answer as its step's had so far.

Prompts are counted by their characters, which is a fifth off for some languages, so a step's estimates are corrected
by what its calls did cost; before any did, they are rather too high than too low.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from penstock.llm.catalog import price
from penstock.llm.prices import price_of_searches
from penstock.llm.prompt import request_tokens
from penstock.llm.request import LlmRequest
from penstock.llm.result import Usage

# Tokens of an answer before the step had one, and by how much too high its first estimates are.
FIRST_ANSWER_TOKENS = 500
FIRST_MARGIN = 1.3
# What a search puts before the model, roughly, until the step's calls have shown it.
TOKENS_OF_A_SEARCH = 4_000
# The most searches of a call are remembered this much less with every further call.
SEARCHES_FADE = 0.99
# A later call counts for so much in the step's averages; after the first ones, one in so many is looked at.
WEIGHT = 0.1
FIRST_LOOKED_AT = 20
LOOKED_AT_EACH = 8
MOST_REMEMBERED = 10_000

Place = tuple[int, str, str]  # flow, action, model


@dataclass(slots=True)
class _Learned:
    answer_tokens: float
    ratio: float
    calls: int = 0
    searches: float = 0.0


class Estimates:
    """Remembers for each step of this process what its calls cost beside what was estimated."""

    def __init__(self) -> None:
        self._learned: dict[Place, _Learned] = {}

    def of(
        self,
        flow_id: int,
        action_id: str,
        provider: str,
        request: LlmRequest,
        workspace_id: int,
        part: Decimal = Decimal(1),
    ) -> Decimal | None:
        """About what a call costs in USD; None when no price of its model is known.

        Of what its tokens cost `part` is taken (a batch's). Web searches are counted as many as the call may make,
        and where its provider does not stop there, as many as the step's calls made lately.
        """
        learned = self._learned.get((flow_id, action_id, request.model))
        plain = self._plain(learned, provider, request, workspace_id)
        ratio = FIRST_MARGIN if learned is None else learned.ratio
        if plain is None:
            return None
        most = 0
        if request.search is not None:
            most = max(request.search.most, math.ceil(learned.searches) if learned else 0)
        return plain * Decimal(f"{ratio:.4f}") * part + price_of_searches(provider, request.model, most)

    def learn(
        self,
        flow_id: int,
        action_id: str,
        provider: str,
        request: LlmRequest,
        answer_tokens: int,
        usd: Decimal | None,
        workspace_id: int,
        searches: int = 0,
    ) -> None:
        """Takes note of what a call took and cost, with so many web searches."""
        place = (flow_id, action_id, request.model)
        learned = self._learned.get(place)
        if learned is None:
            if len(self._learned) >= MOST_REMEMBERED:
                self._learned.clear()
            learned = self._learned[place] = _Learned(float(answer_tokens), 1.0)
            weight = 1.0
        else:
            weight = WEIGHT
        learned.calls += 1
        learned.searches = max(float(searches), learned.searches * SEARCHES_FADE)
        if learned.calls > FIRST_LOOKED_AT and learned.calls % LOOKED_AT_EACH:
            return
        learned.answer_tokens += weight * (answer_tokens - learned.answer_tokens)
        plain = self._plain(learned, provider, request, workspace_id)
        if plain and usd:
            of_tokens = usd - price_of_searches(provider, request.model, searches)
            learned.ratio += weight * (float(of_tokens / plain) - learned.ratio)

    def _plain(
        self, learned: _Learned | None, provider: str, request: LlmRequest, workspace_id: int
    ) -> Decimal | None:
        tokens = FIRST_ANSWER_TOKENS if learned is None else learned.answer_tokens
        if request.max_output_tokens is not None:
            tokens = min(tokens, request.max_output_tokens)
        size = request_tokens(request)
        if request.search is not None:
            size += request.search.most * TOKENS_OF_A_SEARCH
        usage = Usage(input=size, output=round(tokens))
        return price(provider, request.model, usage, workspace_id)
