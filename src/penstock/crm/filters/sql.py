"""A filter as a condition on rows of `records r`. Values and property names are bound parameters only (no text of a
filter ever becomes SQL)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, assert_never

from penstock.crm.computed import COLUMN_OF
from penstock.crm.filters.tree import (
    FilterBranch,
    IsKnown,
    NumberTest,
    OptionTest,
    PropertyFilter,
    TextTest,
    TimeTest,
    TokenTest,
)
from penstock.crm.schema import ObjectSchema

# The value as text, computed properties included; NULL when there is none.
COMPUTED_TEXT = {
    "id": "r.id::text",
    "created_at": """replace(to_char(date_trunc('milliseconds', r.created_at) AT TIME ZONE 'UTC',
                     'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '.000Z', 'Z')""",
    "updated_at": """replace(to_char(date_trunc('milliseconds', r.updated_at) AT TIME ZONE 'UTC',
                     'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '.000Z', 'Z')""",
}


class Predicate(NamedTuple):
    """A condition and its parameters, in the order of their numbers."""

    sql: str
    params: list[object]


def predicate(
    branch: FilterBranch, schema: ObjectSchema, now: datetime, first_parameter: int = 1
) -> Predicate:
    """The condition under which a row of `records r` matches at this aware `now`; it is never NULL.

    Its parameters are numbered from `first_parameter`. The caller restricts workspace, object type and archived
    rows itself. Agrees with `match.matches`.
    """
    writer = SqlWriter(schema, now, first_parameter)
    return Predicate(writer.branch(branch), writer.params)


class SqlWriter:
    """Writes conditions on rows of `records r` and collects their parameters."""

    def __init__(self, schema: ObjectSchema, now: datetime, first_parameter: int) -> None:
        self.schema = schema
        self.now = now
        self.first_parameter = first_parameter
        self.params: list[object] = []

    def parameter(self, value: object, type_name: str) -> str:
        self.params.append(value)
        return f"${self.first_parameter + len(self.params) - 1}::{type_name}"

    def branch(self, branch: FilterBranch) -> str:
        parts = [self.filter(found) for found in branch.filters] + [
            self.branch(child) for child in branch.branches
        ]
        if branch.type in ("AND", "NOT_ALL"):
            joined = " AND ".join(parts) or "true"
        else:
            joined = " OR ".join(parts) or "false"
        return f"NOT ({joined})" if branch.type.startswith("NOT") else f"({joined})"

    def filter(self, found: PropertyFilter) -> str:
        test = found.test
        if isinstance(test, TimeTest) and not self.is_time(found.property):
            return self.never(found, test)
        value = self.value(found.property)
        if isinstance(test, IsKnown):
            return f"{value} IS {'NOT ' if test.known else ''}NULL"
        holds = self.test(found, test, value)
        answer = f"NOT coalesce({holds}, false)" if test.negated else f"coalesce({holds}, false)"
        if found.include_unset:
            return f"({value} IS NULL OR {answer})"
        return f"({value} IS NOT NULL AND {answer})" if test.negated else answer

    def never(self, found: PropertyFilter, test: TimeTest) -> str:
        """The answer where no value can pass the test, so that only having one counts."""
        if found.include_unset is test.negated:
            return "true" if test.negated else "false"
        return f"{self.value(found.property)} IS {'NOT ' if test.negated else ''}NULL"

    def is_time(self, name: str) -> bool:
        """Whether values of this property are dates or moments, computed ones included."""
        if name in COLUMN_OF:
            return COLUMN_OF[name] != "id"
        prop = self.schema.properties.get(name)
        return prop is not None and prop.type in ("date", "datetime")

    def value(self, name: str) -> str:
        if name in COLUMN_OF:
            return COMPUTED_TEXT[COLUMN_OF[name]]
        return f"(r.properties ->> {self.parameter(name, 'text')})"

    def number(self, value: str) -> str:
        """The value as a number. The CASE keeps the cast away from values that are none."""
        return f"(CASE WHEN {value} ~ '^-?[0-9]+(\\.[0-9]+)?$' THEN {value}::numeric END)"

    def test(
        self,
        found: PropertyFilter,
        test: TextTest | OptionTest | NumberTest | TimeTest | TokenTest,
        value: str,
    ) -> str:
        match test:
            case TextTest():
                return self.text(test, value)
            case OptionTest():
                options = self.parameter(sorted(test.options), "text[]")
                chosen = f"string_to_array({value}, ';')"
                if test.how == "any":
                    return f"{chosen} && {options}"
                return (
                    f"({chosen} @> {options} AND {chosen} <@ {options})"
                    if test.how == "exactly"
                    else f"{chosen} @> {options}"
                )
            case NumberTest():
                return self.between(self.number(value), "numeric", test, test.low, test.high)
            case TimeTest():
                return self.time(found.property, test, value)
            case TokenTest():
                words = f"regexp_split_to_array(fold({value}), '[^a-z0-9\\u0080-\\U0010ffff]+')"
                return " AND ".join(self.token(token, words) for token in test.tokens) or "true"
        assert_never(test)

    def text(self, test: TextTest, value: str) -> str:
        texts = self.parameter(list(test.texts), "text[]")
        match test.how:
            case "equals":
                return f"fold({value}) = ANY ({texts})"
            case "contains":
                condition = f"strpos(fold({value}), t) > 0"
            case "starts_with":
                condition = f"starts_with(fold({value}), t)"
            case "ends_with":
                condition = f"right(fold({value}), length(t)) = t"
        return f"EXISTS (SELECT FROM unnest({texts}) t WHERE {condition})"

    def token(self, token: str, words: str) -> str:
        bare = self.parameter(token.strip("*"), "text")
        if token.startswith("*") and token.endswith("*"):
            condition = f"strpos(w, {bare}) > 0"
        elif token.startswith("*"):
            condition = f"right(w, length({bare})) = {bare}"
        elif token.endswith("*"):
            condition = f"starts_with(w, {bare})"
        else:
            return f"{bare} = ANY ({words})"
        return f"EXISTS (SELECT FROM unnest({words}) w WHERE {condition})"

    def time(self, name: str, test: TimeTest, value: str) -> str:
        low = test.low.resolve(self.now) if test.low else None
        high = test.high.resolve(self.now) if test.high else None
        if name in COLUMN_OF:
            column = f"date_trunc('milliseconds', r.{COLUMN_OF[name]})"
            return self.between(column, "timestamptz", test, low and low.instant, high and high.instant)
        prop = self.schema.properties[name]
        # Types decide that stored values can be cast, and another object type may have a text property of the
        # same name, whose rows the database may look at first: hence the CASE.
        owner = self.parameter(self.schema.object_type.id, "text")
        guarded = f"(CASE WHEN r.object_type_id = {owner} THEN {value} END)"
        if prop.type == "date":
            return self.between(
                f"{guarded}::timestamp", "timestamp", test, low and low.local, high and high.local
            )
        return self.between(
            f"{guarded}::timestamptz", "timestamptz", test, low and low.instant, high and high.instant
        )

    def between(
        self, expression: str, type_name: str, test: NumberTest | TimeTest, low: object, high: object
    ) -> str:
        parts = []
        if low is not None:
            parts.append(f"{expression} >{'=' if test.low_included else ''} {self.parameter(low, type_name)}")
        if high is not None:
            parts.append(
                f"{expression} <{'=' if test.high_included else ''} {self.parameter(high, type_name)}"
            )
        return f"({' AND '.join(parts)})"
