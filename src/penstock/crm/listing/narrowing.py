"""From a filter to a condition that an index can serve: implied by the filter, so that nothing is lost by it.

A filter is exact and slow to look up; what is written here is coarser and fast. Whoever reads records by it asks the
whole filter of each one found. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from penstock.crm.computed import COLUMN_OF
from penstock.crm.filters.sql import SqlWriter
from penstock.crm.filters.tree import (
    FilterBranch,
    IsKnown,
    NumberTest,
    OptionTest,
    PropertyFilter,
    TextTest,
    TimeTest,
)
from penstock.crm.text import fold
from penstock.crm.value_keys import LONGEST_KEY, ValueKey, key_of

LAST_CHARACTER = "\U0010ffff"
MILLISECOND = timedelta(milliseconds=1)


class Narrower:
    """Writes implied conditions for one request, with the parameters of `writer`, and notes what it lacks.

    `ready` are the properties that have an index. `used` collects those that serve the filter, `missing` those that
    would if they had one.
    """

    def __init__(self, writer: SqlWriter, ready: Mapping[str, object]) -> None:
        self._writer = writer
        self._ready = ready
        self.used: set[str] = set()
        self.missing: set[str] = set()

    def condition(self, branch: FilterBranch) -> str | None:
        """A condition on rows of `records r` that every match of `branch` fulfils; None when no index helps."""
        parts = [self._test(found) for found in branch.filters]
        parts += [self.condition(child) for child in branch.branches]
        helpful = [part for part in parts if part is not None]
        match branch.type:
            case "AND":
                return f"({' AND '.join(helpful)})" if helpful else None
            case "OR":
                return f"({' OR '.join(helpful)})" if helpful and len(helpful) == len(parts) else None
            case _:
                return None

    def _test(self, found: PropertyFilter) -> str | None:
        prop = self._writer.schema.properties.get(found.property)
        key = None if prop is None else key_of(prop)
        test = found.test
        if (
            prop is None
            or key is None
            or found.include_unset
            or (not isinstance(test, IsKnown) and test.negated)
        ):
            return None
        if isinstance(test, OptionTest) and (prop.multiple or prop.type not in ("enumeration", "bool")):
            return None
        before = len(self._writer.params)
        condition = self._written(key, test)
        if condition is None:
            return None
        if found.property in self._ready:
            self.used.add(found.property)
            return condition
        del self._writer.params[before:]
        self.missing.add(found.property)
        return None

    def _written(self, key: ValueKey, test: object) -> str | None:
        expression = key.expression()
        match test:
            case IsKnown() if key.nullable:
                return f"{expression} IS {'NOT ' if test.known else ''}NULL"
            case TextTest(how="equals"):
                return self._any_of(key, test.texts)
            case TextTest(how="starts_with"):
                starts = [self._starts_with(expression, text) for text in test.texts]
                return f"({' OR '.join(starts)})"
            case OptionTest(how="any" | "exactly"):
                return self._any_of(key, tuple(fold(option) for option in sorted(test.options)))
            case NumberTest() if key.kind == "number":
                return self._between(expression, "numeric", test.low, test.high)
            case TimeTest():
                return self._time(key, expression, test)
        return None

    def _any_of(self, key: ValueKey, texts: tuple[str, ...]) -> str | None:
        if key.kind != "text":
            return None
        cut = [text[:LONGEST_KEY] for text in texts]
        return f"{key.expression()} = ANY ({self._writer.parameter(cut, 'text[]')})"

    def _starts_with(self, expression: str, text: str) -> str:
        return self._between(expression, "text", text[:LONGEST_KEY], text[:LONGEST_KEY] + LAST_CHARACTER)

    def _time(self, key: ValueKey, expression: str, test: TimeTest) -> str | None:
        low = test.low.resolve(self._writer.now) if test.low else None
        high = test.high.resolve(self._writer.now) if test.high else None
        if key.name in COLUMN_OF:
            # The filter compares whole milliseconds.
            return self._between(
                expression, "timestamptz", low and low.instant, high and _later(high.instant, MILLISECOND)
            )
        prop = self._writer.schema.properties[key.name]
        if prop.type == "date":
            return self._between(
                expression,
                "text",
                low and low.local.date().isoformat(),
                high and high.local.date().isoformat(),
            )
        if prop.type == "datetime":
            # `~` comes behind the milliseconds that a stored moment of the same second may have.
            return self._between(
                expression, "text", low and _second(low.instant), high and _second(high.instant) + "~"
            )
        return None

    def _between(self, expression: str, type_name: str, low: object, high: object) -> str:
        parts = []
        if low is not None:
            parts.append(f"{expression} >= {self._writer.parameter(low, type_name)}")
        if high is not None:
            parts.append(f"{expression} <= {self._writer.parameter(high, type_name)}")
        return f"({' AND '.join(parts)})" if parts else f"{expression} IS NOT NULL"


def _second(moment: datetime) -> str:
    return moment.replace(tzinfo=None, microsecond=0).isoformat()


def _later(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment + by
    except OverflowError:
        return moment
