"""What an LLM step does when its call fails: other models tried in order, and a way on for the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from penstock.actions.branches import Edge
from penstock.llm.errors import ErrorKind

# The kinds of failure on which another model may be tried: those of a call, and what else keeps a step from its answer.
ErrorClass = Literal[ErrorKind, "content_filter", "invalid_answer", "cap_reached"]
# Those that are the provider's trouble and not the record's.
USUAL: tuple[ErrorClass, ...] = (
    "authentication",
    "permission",
    "model_not_found",
    "rate_limited",
    "out_of_money",
    "overloaded",
    "timeout",
    "malformed",
    "connect",
)
# The exit of a step with an error path by which a failed record leaves it.
ERROR_EXIT = "error"


# Failure codes whose class has another name; those of llm.errors are their class in capitals.
CLASSES: Mapping[str, ErrorClass] = {
    "ANSWER_TRUNCATED": "truncated",
    "ANSWER_REFUSED": "refused",
    "CONTENT_FILTERED": "content_filter",
    "EMPTY_ANSWER": "invalid_answer",
    "ANSWER_NOT_AS_DECLARED": "invalid_answer",
    "CONNECTION_NEEDS_ATTENTION": "authentication",
    "CONNECTION_MISSING": "authentication",
}


def number_of(connection_id: str | int | None) -> int | None:
    """A connection's id as a number, or None when there is none or it is not a number."""
    text = str(connection_id or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def class_of(code: str) -> str:
    """The class of a failure's code, in the words of `fallback_on`."""
    return CLASSES.get(code, code.lower())


class Fallback(BaseModel):
    """Another model to ask, through the same or another connection."""

    model_config = ConfigDict(extra="allow", frozen=True)

    connection_id: str | int | None = None
    model: str = ""

    @property
    def connection_number(self) -> int | None:
        """The connection's id as a number, or None when there is none or it is not a number."""
        return number_of(self.connection_id)


class ErrorPath(BaseModel):
    """The way of records whose step failed; without a connection they leave the workflow there."""

    model_config = ConfigDict(extra="allow", frozen=True)

    connection: Edge | None = Field(default=None)
