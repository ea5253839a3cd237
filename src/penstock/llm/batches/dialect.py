"""What a provider's batch API is to us: pure functions between questions, HTTP calls, and answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol

from penstock.kit.json import JsonObject, dumps
from penstock.llm.errors import LlmError
from penstock.llm.provider import Provider
from penstock.llm.request import HttpCall
from penstock.llm.result import LlmResult

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """One call of a batch: the call that would be made live, and the id by which its answer is known again.

    `custom_id` has letters, digits, `-` and `_` only, at most 64 (Anthropic's rule, the narrowest).
    """

    custom_id: str
    call: HttpCall


@dataclass(frozen=True, slots=True)
class BatchCall:
    """A call to a batch API without its key."""

    method: Literal["GET", "POST"]
    path: str
    headers: Mapping[str, str]
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a batch stands at its provider. `answers` are the places of its answers, once it is `over`.

    `refused` is the provider's reason when it took the batch as a whole back; then no call of it was made.
    """

    over: bool
    done: int = 0
    total: int = 0
    answers: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Sought:
    """A batch whose submission we know nothing of: what would tell that it arrived."""

    name: str
    begun: str
    questions: int
    since: datetime
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one question: a result, an error as of a live call, or neither when it was not asked in time."""

    custom_id: str
    result: LlmResult | None = None
    error: LlmError | None = None


class BatchDialect(Protocol):
    """One provider's batch API. The `read…` functions raise LlmError for replies that are not what they look for."""

    @property
    def most_questions(self) -> int:
        """How many questions a batch may have."""

    @property
    def most_bytes(self) -> int:
        """How large the questions of a batch may be together."""

    @property
    def price_factor(self) -> Decimal:
        """What a call costs in a batch, as a part of its usual price; a price that the reply states goes before it."""

    @property
    def in_lines(self) -> bool:
        """Whether answers come as JSON Lines; else each place of answers is one JSON document."""

    def begin(self, name: str, questions: Sequence[Question]) -> BatchCall | None:
        """What comes before submitting (a file to upload, an empty batch); None where nothing does."""

    def read_begun(self, status: int, headers: Headers, body: bytes) -> str:
        """The provider's id of what was begun."""

    def submit(self, name: str, model: str, begun: str, questions: Sequence[Question]) -> BatchCall:
        """The call with which the batch counts as submitted."""

    def read_submitted(self, status: int, headers: Headers, body: bytes, begun: str) -> str:
        """The provider's id of the batch."""

    def seek(self, sought: Sought) -> BatchCall:
        """The call that shows whether a submission arrived whose reply was lost."""

    def read_sought(self, status: int, headers: Headers, body: bytes, sought: Sought) -> str | None:
        """The provider's id of that batch; None when it never arrived."""

    def look(self, batch_id: str) -> BatchCall:
        """The call that asks how a batch stands."""

    def read_standing(self, status: int, headers: Headers, body: bytes) -> Standing:
        """How it stands."""

    def answers(self, document: JsonObject) -> Iterator[Answered]:
        """The answers in a line or document of answers."""

    def next_answers(self, document: JsonObject, place: str) -> str | None:
        """The place of the next page of answers, or None."""

    def cancel(self, batch_id: str) -> BatchCall:
        """The call that stops a batch; questions already asked are billed and answered."""


def answer_of(provider: Provider, custom_id: str, status: int, body: JsonObject) -> Answered:
    """An answer read exactly as the reply to a live call."""
    try:
        return Answered(custom_id, provider.read(status, {}, dumps(body)))
    except LlmError as error:
        return Answered(custom_id, error=error)


def sized(questions: Sequence[Question], most: int, most_bytes: int) -> int:
    """How many of the questions, from the first on, fit into one batch; at least one."""
    size = 0
    for count, question in enumerate(questions):
        size += (
            len(dumps(question.call.body)) + 200
        )  # the envelope of a question is smaller in all four dialects
        if count and (count >= most or size > most_bytes):
            return count
    return len(questions)
