"""What an author declares of an answer: its fields, their types, and the options of a choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

OutputType = Literal["text", "number", "yes_no", "date", "choice", "choices", "list"]
OutputValue = str | float | bool | list[str] | None


@dataclass(frozen=True, slots=True)
class Option:
    """One value that a choice can have: `value` is stored, `label` is what people and the model read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class OutputField:
    """A field that the author wants filled in. `options` belong to the types choice and choices.

    `fallback` is the value of the option that stands in for an answer that is none of the options; without one
    such an answer does not fit. With `confidence` the model also says how sure it is, from 0 to 1.
    """

    name: str
    type: OutputType
    description: str = ""
    required: bool = True
    options: tuple[Option, ...] = ()
    fallback: str | None = None
    confidence: bool = False

    @property
    def multiple(self) -> bool:
        """Whether its value is a list."""
        return self.type in ("choices", "list")


def confidence_name(field_name: str) -> str:
    """The name of the output that holds how sure the model is of a field."""
    return f"{field_name}_confidence"
