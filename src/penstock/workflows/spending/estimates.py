"""What a call may cost, before it is made: the tokens of its prompt, and as many of an answer as its step's had so far."""

from __future__ import annotations

from decimal import Decimal

from penstock.llm.catalog import price
from penstock.llm.prompt import request_tokens
from penstock.llm.request import LlmRequest
from penstock.llm.result import Usage

# Tokens of an answer before the step had one.
FIRST_ANSWER_TOKENS = 500
# The later answers of a step count for so much in its average.
WEIGHT = 0.1
MOST_REMEMBERED = 10_000

Place = tuple[int, str]  # flow, action


class Estimates:
    """Remembers for each step of this process what its calls cost beside what was estimated."""

    def __init__(self) -> None:
        self._answers: dict[Place, float] = {}

    def of(self, flow_id: int, action_id: str, provider: str, request: LlmRequest) -> Decimal | None:
        """About what a call costs in USD; None when no price of its model is known."""
        answer = self._answers.get((flow_id, action_id))
        tokens = FIRST_ANSWER_TOKENS if answer is None else answer
        if request.max_output_tokens is not None:
            tokens = min(tokens, request.max_output_tokens)
        return price(provider, request.model, Usage(input=request_tokens(request), output=round(tokens)))

    def learn(self, flow_id: int, action_id: str, output_tokens: int) -> None:
        """Takes note of an answer's tokens."""
        if len(self._answers) >= MOST_REMEMBERED:
            self._answers.clear()
        before = self._answers.get((flow_id, action_id), float(output_tokens))
        self._answers[flow_id, action_id] = before + WEIGHT * (output_tokens - before)
