"""The tree that a filter document is parsed into: branches of tests on property values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from penstock.crm.filters.times import TimePoint

BranchType = Literal["OR", "AND", "NOT_ALL", "NOT_ANY"]


@dataclass(frozen=True, slots=True)
class IsKnown:
    """Whether the property has a value (ALL_PROPERTY)."""

    known: bool


@dataclass(frozen=True, slots=True)
class TextTest:
    """Whether the value equals, contains, starts or ends with any of `texts`, which are folded (`crm.text`)."""

    how: Literal["equals", "contains", "starts_with", "ends_with"]
    texts: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class OptionTest:
    """Whether the chosen options (parts between `;`) are any of, exactly, or at least all of `options`."""

    how: Literal["any", "exactly", "all"]
    options: frozenset[str]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class NumberTest:
    """Whether the value is a number in a range; an end that is None is open. Equality is a range of one."""

    low: Decimal | None
    high: Decimal | None
    low_included: bool = True
    high_included: bool = True
    negated: bool = False


@dataclass(frozen=True, slots=True)
class TimeTest:
    """Whether the value is a date or moment in a range; an end that is None is open."""

    low: TimePoint | None
    high: TimePoint | None
    low_included: bool = True
    high_included: bool = True
    negated: bool = False


@dataclass(frozen=True, slots=True)
class TokenTest:
    """Whether every one of `tokens` (folded; `*` at an end stands for anything) is a word of the value (search)."""

    tokens: tuple[str, ...]
    negated: bool = False


Test = IsKnown | TextTest | OptionTest | NumberTest | TimeTest | TokenTest


@dataclass(frozen=True, slots=True)
class PropertyFilter:
    """One test on one property. `include_unset` is the answer for a record without a value (except IsKnown)."""

    property: str
    test: Test
    include_unset: bool = False
    path: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class FilterBranch:
    """All (AND), some (OR), not all (NOT_ALL) or none (NOT_ANY) of the branches and filters."""

    type: BranchType
    branches: tuple[FilterBranch, ...] = ()
    filters: tuple[PropertyFilter, ...] = ()

    def all_filters(self) -> Iterator[PropertyFilter]:
        """Every filter in the tree, in document order."""
        yield from self.filters
        for branch in self.branches:
            yield from branch.all_filters()
