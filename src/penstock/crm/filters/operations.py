"""The `operation` of a property filter: which test an operationType with an operator is.

Operators are HubSpot's (list filters; the official clients' models). Those that ask about the past of a value
(HAS_EVER_…, UPDATED_AT) or compare two properties are not evaluated yet and are reported as such.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Literal

from penstock.crm.filters.times import TimePoint, fixed_day, from_milliseconds, parse_time_point
from penstock.crm.filters.tree import IsKnown, NumberTest, OptionTest, Test, TextTest, TimeTest
from penstock.crm.text import fold
from penstock.errors import ProblemList
from penstock.kit.json import Json, JsonObject

UNITS = {"DAY": "days", "WEEK": "weeks", "MONTH": "months", "QUARTER": "quarters", "YEAR": "years"}
_NUMBER = re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400})?")

TextMethod = Literal["equals", "contains", "starts_with", "ends_with"]
TEXT_OPERATORS: Mapping[str, tuple[TextMethod, bool]] = {
    "IS_EQUAL_TO": ("equals", False),
    "IS_NOT_EQUAL_TO": ("equals", True),
    "CONTAINS": ("contains", False),
    "CONTAINS_EXACTLY": ("contains", False),
    "DOES_NOT_CONTAIN": ("contains", True),
    "DOES_NOT_CONTAIN_EXACTLY": ("contains", True),
    "STARTS_WITH": ("starts_with", False),
    "ENDS_WITH": ("ends_with", False),
}
OptionMethod = Literal["any", "exactly", "all"]
OPTION_OPERATORS: Mapping[str, tuple[OptionMethod, bool]] = {
    "IS_ANY_OF": ("any", False),
    "IS_NONE_OF": ("any", True),
    "IS_EXACTLY": ("exactly", False),
    "IS_NOT_EXACTLY": ("exactly", True),
    "CONTAINS_ALL": ("all", False),
    "DOES_NOT_CONTAIN_ALL": ("all", True),
}
KNOWN_OPERATORS = {
    "IS_KNOWN": True,
    "IS_UNKNOWN": False,
    "IS_NOT_KNOWN": False,
    "IS_BLANK": False,
    "IS_NOT_BLANK": True,
}


class Reader:
    """One operation being read: its JSON, its place, and the problems found."""

    def __init__(self, raw: JsonObject, path: str, problems: ProblemList) -> None:
        self.raw = raw
        self.path = path
        self.problems = problems
        self.operator = str(raw.get("operator", ""))[:60]

    def texts(self) -> tuple[str, ...]:
        """`value` or `values` as texts; both are accepted wherever one is."""
        raw = self.raw.get("values", self.raw.get("value"))
        items = raw if isinstance(raw, list) else [] if raw is None else [raw]
        texts = tuple(_as_text(item) for item in items)
        if not texts or "" in texts:
            self.problem(
                "value", "The operation has no value, or an empty one. Give a text or a list of texts."
            )
        return texts

    def number(self, name: str) -> Decimal | None:
        """A number that may be written as text."""
        raw = self.raw.get(name)
        text = _as_text(raw[0] if isinstance(raw, list) and len(raw) == 1 else raw)
        if _NUMBER.fullmatch(text) is None:
            self.problem(name, f"{name} is no number. Write digits and a decimal point.")
            return None
        return Decimal(text)

    def whole(self, name: str) -> int:
        """A whole number from 0 to a million."""
        number = self.number(name)
        if number is None or number != number.to_integral_value() or not 0 <= number <= 1_000_000:
            self.problem(name, f"{name} is no whole number from 0 to 1,000,000.")
            return 0
        return int(number)

    def milliseconds(self, name: str) -> TimePoint | None:
        """A point in time as milliseconds since 1970."""
        number = self.number(name)
        point = from_milliseconds(int(number)) if number is not None and abs(number) < 10**17 else None
        if point is None:
            self.problem(name, f"{name} is no time in milliseconds since 1970.")
        return point

    def included(self, name: str, default: bool) -> bool:
        """Whether an endpoint behaviour is INCLUSIVE."""
        raw = self.raw.get(name)
        if raw not in (None, "INCLUSIVE", "EXCLUSIVE"):
            self.problem(name, f"{name} is neither INCLUSIVE nor EXCLUSIVE.")
        return default if raw is None else raw == "INCLUSIVE"

    def problem(self, name: str, message: str) -> None:
        """Adds an INVALID_FILTER at this member of the operation."""
        self.problems.add(f"{self.path}.{name}", "INVALID_FILTER", message)

    def unknown(self, known: Mapping[str, object] | tuple[str, ...]) -> None:
        """Adds an UNSUPPORTED_OPERATOR that lists the operators there are."""
        self.problems.add(
            f"{self.path}.operator",
            "UNSUPPORTED_OPERATOR",
            f"The operator '{self.operator}' is not evaluated for this operation type. Use one of {', '.join(known)}.",
        )


def parse_operation(raw: Json, path: str, problems: ProblemList) -> Test | None:
    """The test that an `operation` object is, or None when problems were added."""
    if not isinstance(raw, dict):
        problems.add(
            path, "INVALID_FILTER", "The operation is not an object. Give operationType and operator."
        )
        return None
    read = OPERATION_TYPES.get(str(raw.get("operationType")))
    if read is None:
        problems.add(
            f"{path}.operationType",
            "UNSUPPORTED_OPERATION",
            f"The operation type '{str(raw.get('operationType'))[:60]}' is not evaluated. "
            f"Use one of {', '.join(OPERATION_TYPES)}.",
        )
        return None
    before = len(problems.items)
    test = read(Reader(raw, path, problems))
    return test if len(problems.items) == before else None


def _known(reader: Reader) -> Test | None:
    if reader.operator not in KNOWN_OPERATORS:
        reader.unknown(KNOWN_OPERATORS)
        return None
    return IsKnown(KNOWN_OPERATORS[reader.operator])


def _text(reader: Reader) -> Test | None:
    if reader.operator not in TEXT_OPERATORS:
        reader.unknown(TEXT_OPERATORS)
        return None
    how, negated = TEXT_OPERATORS[reader.operator]
    return TextTest(how, tuple(fold(text) for text in reader.texts()), negated)


def _options(reader: Reader) -> Test | None:
    if reader.operator not in OPTION_OPERATORS:
        reader.unknown(OPTION_OPERATORS)
        return None
    how, negated = OPTION_OPERATORS[reader.operator]
    # Values joined by ";" are several options, as in a property value.
    chosen = frozenset(part for text in reader.texts() for part in text.split(";") if part)
    return OptionTest(how, chosen, negated)


def _bool(reader: Reader) -> Test | None:
    texts = tuple(text.lower() for text in reader.texts())
    if any(text not in ("true", "false") for text in texts):
        reader.problem("value", "The value is neither true nor false.")
    if reader.operator not in ("IS_EQUAL_TO", "IS_NOT_EQUAL_TO"):
        reader.unknown(("IS_EQUAL_TO", "IS_NOT_EQUAL_TO"))
    return OptionTest("any", frozenset(texts), reader.operator == "IS_NOT_EQUAL_TO")


def _number(reader: Reader) -> Test | None:
    if reader.operator in ("IS_BETWEEN", "IS_NOT_BETWEEN"):
        low, high = reader.number("lowerBound"), reader.number("upperBound")
        return NumberTest(low, high, negated=reader.operator == "IS_NOT_BETWEEN")
    number = reader.number("value" if "value" in reader.raw else "values")
    match reader.operator:
        case "IS_EQUAL_TO" | "IS_NOT_EQUAL_TO":
            return NumberTest(number, number, negated=reader.operator == "IS_NOT_EQUAL_TO")
        case "IS_GREATER_THAN" | "IS_GREATER_THAN_OR_EQUAL_TO":
            return NumberTest(number, None, low_included=reader.operator.endswith("OR_EQUAL_TO"))
        case "IS_LESS_THAN" | "IS_LESS_THAN_OR_EQUAL_TO":
            return NumberTest(None, number, high_included=reader.operator.endswith("OR_EQUAL_TO"))
    reader.unknown(
        (
            "IS_EQUAL_TO",
            "IS_NOT_EQUAL_TO",
            "IS_GREATER_THAN",
            "IS_GREATER_THAN_OR_EQUAL_TO",
            "IS_LESS_THAN",
            "IS_LESS_THAN_OR_EQUAL_TO",
            "IS_BETWEEN",
            "IS_NOT_BETWEEN",
        )
    )
    return None


def _time_point(reader: Reader) -> Test | None:
    _refuse_updated_at(reader)
    point = parse_time_point(reader.raw.get("timePoint"), f"{reader.path}.timePoint", reader.problems)
    included = reader.included("endpointBehavior", False)
    match reader.operator:
        case "IS_BEFORE":
            return TimeTest(None, point, high_included=included)
        case "IS_AFTER":
            return TimeTest(point, None, low_included=included)
    reader.unknown(("IS_BEFORE", "IS_AFTER"))
    return None


def _time_ranged(reader: Reader) -> Test | None:
    _refuse_updated_at(reader)
    names = ("lowerBoundTimePoint", "upperBoundTimePoint")
    low, high = (
        parse_time_point(reader.raw.get(name), f"{reader.path}.{name}", reader.problems) for name in names
    )
    if reader.operator not in ("IS_BETWEEN", "IS_NOT_BETWEEN"):
        reader.unknown(("IS_BETWEEN", "IS_NOT_BETWEEN"))
    return TimeTest(
        low,
        high,
        reader.included("lowerBoundEndpointBehavior", True),
        reader.included("upperBoundEndpointBehavior", True),
        reader.operator == "IS_NOT_BETWEEN",
    )


def _refuse_updated_at(reader: Reader) -> None:
    if reader.raw.get("propertyParser") not in (None, "VALUE"):
        reader.problems.add(
            f"{reader.path}.propertyParser",
            "UNSUPPORTED_OPERATION",
            "Only the property's value can be compared, not when it was updated. Use the propertyParser VALUE.",
        )


def _date(reader: Reader) -> Test | None:
    """A calendar day: the value is within, before or after it."""
    raw = dict(reader.raw)
    month = raw.get("month")
    if isinstance(month, str) and month.upper() in MONTHS:
        raw["month"] = MONTHS.index(month.upper()) + 1
    day = fixed_day(raw, reader.path, reader.problems)
    if day is None:
        return None
    last = day.replace(hour=23, minute=59, second=59, microsecond=999_999)
    start, end = TimePoint(fixed=day), TimePoint(fixed=last)
    match reader.operator.removesuffix("_DATE"):
        case "IS_EQUAL_TO" | "IS_NOT_EQUAL_TO":
            return TimeTest(start, end, negated=reader.operator == "IS_NOT_EQUAL_TO")
        case "IS_BEFORE":
            return TimeTest(None, start, high_included=False)
        case "IS_AFTER":
            return TimeTest(end, None, low_included=False)
    reader.unknown(("IS_EQUAL_TO", "IS_NOT_EQUAL_TO", "IS_BEFORE", "IS_AFTER"))
    return None


def _datetime(reader: Reader) -> Test | None:
    point = reader.milliseconds("timestamp")
    match reader.operator:
        case "IS_EQUAL_TO" | "IS_NOT_EQUAL_TO":
            return TimeTest(point, point, negated=reader.operator == "IS_NOT_EQUAL_TO")
        case "IS_BEFORE":
            return TimeTest(None, point, high_included=False)
        case "IS_AFTER":
            return TimeTest(point, None, low_included=False)
    reader.unknown(("IS_EQUAL_TO", "IS_NOT_EQUAL_TO", "IS_BEFORE", "IS_AFTER"))
    return None


def _ranged_date(reader: Reader) -> Test | None:
    if reader.operator not in ("IS_BETWEEN", "IS_NOT_BETWEEN"):
        reader.unknown(("IS_BETWEEN", "IS_NOT_BETWEEN"))
    low, high = reader.milliseconds("lowerBound"), reader.milliseconds("upperBound")
    return TimeTest(low, high, negated=reader.operator == "IS_NOT_BETWEEN")


def _rolling(reader: Reader) -> Test | None:
    days = reader.whole("numberOfDays")
    now, ago, ahead = TimePoint(), TimePoint(offset=(("days", -days),)), TimePoint(offset=(("days", days),))
    match reader.operator:
        case "IS_LESS_THAN_X_DAYS_AGO":
            return TimeTest(ago, now, low_included=False)
        case "IS_MORE_THAN_X_DAYS_AGO":
            return TimeTest(None, ago, high_included=False)
        case "IS_LESS_THAN_X_DAYS_FROM_NOW":
            return TimeTest(now, ahead, high_included=False)
        case "IS_MORE_THAN_X_DAYS_FROM_NOW":
            return TimeTest(ahead, None, low_included=False)
    reader.unknown(
        (
            "IS_LESS_THAN_X_DAYS_AGO",
            "IS_MORE_THAN_X_DAYS_AGO",
            "IS_LESS_THAN_X_DAYS_FROM_NOW",
            "IS_MORE_THAN_X_DAYS_FROM_NOW",
        )
    )
    return None


def _calendar(reader: Reader) -> Test | None:
    unit = str(reader.raw.get("timeUnit"))
    if unit not in UNITS:
        reader.problem("timeUnit", f"timeUnit is none of {', '.join(UNITS)}.")
        return None
    if reader.raw.get("useFiscalYear"):
        reader.problems.add(
            f"{reader.path}.useFiscalYear",
            "UNSUPPORTED_OPERATION",
            "Fiscal years are not evaluated. Use calendar years.",
        )
    count = reader.whole("timeUnitCount") if reader.raw.get("timeUnitCount") is not None else 1

    def start(units: int) -> TimePoint:
        return TimePoint(
            reference="TODAY" if unit == "DAY" else unit, offset=((UNITS[unit], units),) if units else ()
        )

    match reader.operator:
        case "IN_THIS_TIME_UNIT":
            return TimeTest(start(0), start(1), high_included=False)
        case "IN_THIS_TIME_UNIT_SO_FAR":
            return TimeTest(start(0), TimePoint())
        case "IN_NEXT_TIME_UNIT":
            return TimeTest(start(1), start(1 + count), high_included=False)
        case "IN_LAST_TIME_UNIT":
            return TimeTest(start(-count), start(0), high_included=False)
    reader.unknown(
        ("IN_THIS_TIME_UNIT", "IN_THIS_TIME_UNIT_SO_FAR", "IN_NEXT_TIME_UNIT", "IN_LAST_TIME_UNIT")
    )
    return None


def _as_text(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, str | int | float) else ""


MONTHS = (
    "JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER",
    "DECEMBER",
)  # fmt: skip

OPERATION_TYPES: Mapping[str, Callable[[Reader], Test | None]] = {
    "ALL_PROPERTY": _known,
    "STRING": _text,
    "MULTISTRING": _text,
    "ENUMERATION": _options,
    "BOOL": _bool,
    "NUMBER": _number,
    "NUMBER_RANGED": _number,
    "DATE": _date,
    "DATETIME": _datetime,
    "RANGED_DATE": _ranged_date,
    "CALENDAR_DATE": _calendar,
    "ROLLING_DATE_RANGE": _rolling,
    "TIME_POINT": _time_point,
    "TIME_RANGED": _time_ranged,
}
