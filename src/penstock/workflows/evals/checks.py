"""What an answer's field should be, and whether it is (pure, but for the judge, which `judge` asks)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast, get_args

import re2

from penstock.errors import InvalidInput, Problem
from penstock.kit.json import Json, JsonObject

CheckKind = Literal["equals", "one_of", "contains", "matches", "within", "judge"]
KINDS: tuple[CheckKind, ...] = get_args(CheckKind)
MOST_CHECKS = 50  # of a case
LONGEST_TEXT = 10_000  # characters of an expected text, a pattern or a judge's criterion
LONGEST_PATTERN = 1_000

# RE2 reads a text in one pass, whatever the pattern, so a pattern of a stranger cannot keep a worker busy.
PATTERN_OPTIONS = re2.Options()
PATTERN_OPTIONS.max_mem = 1 << 20
PATTERN_OPTIONS.log_errors = False


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation of one output field.

    `value` is for `equals` (text, number, yes/no, or a list, whose order does not count) and `contains` (a text, or
    an item of a list); `values` for `one_of`; `pattern` for `matches` (RE2 syntax, found anywhere); `low` and `high`,
    inclusive, for `within`; `criterion` for `judge`: words that another model decides by.
    """

    field: str
    kind: CheckKind
    value: Json = None
    values: tuple[str, ...] = ()
    pattern: str = ""
    low: float | None = None
    high: float | None = None
    criterion: str = ""

    def to_json(self) -> JsonObject:
        """The check as it is stored and sent: `field`, `kind` and what belongs to the kind."""
        own: JsonObject = {
            "equals": {"value": self.value},
            "contains": {"value": self.value},
            "one_of": {"values": list(self.values)},
            "matches": {"pattern": self.pattern},
            "within": {"low": self.low, "high": self.high},
            "judge": {"criterion": self.criterion},
        }[self.kind]  # type: ignore[assignment]
        return {"field": self.field, "kind": self.kind, **own}

    @property
    def expected(self) -> str:
        """What is expected, in words for people."""
        match self.kind:
            case "equals":
                return shown(self.value)
            case "one_of":
                return "one of " + ", ".join(self.values)
            case "contains":
                return f"contains {shown(self.value)}"
            case "matches":
                return f"matches {self.pattern}"
            case "within":
                low = "" if self.low is None else f"{self.low:g}"
                high = "" if self.high is None else f"{self.high:g}"
                return f"{low} to {high}"
            case "judge":
                return f"judged: {self.criterion}"


def read_checks(raw: Json, path: str = "checks") -> tuple[Check, ...]:
    """The checks of a case from JSON. Raises InvalidInput with every problem and where it is."""
    if not isinstance(raw, list) or not 0 < len(raw) <= MOST_CHECKS:
        message = f"{path} is not a list of 1 to {MOST_CHECKS} checks."
        raise InvalidInput(message, problems=[Problem(path, "WRONG_TYPE", message)])
    found: list[Check] = []
    problems: list[Problem] = []
    for index, one in enumerate(raw):
        read = _check(one, f"{path}[{index}]")
        if isinstance(read, Problem):
            problems.append(read)
        else:
            found.append(read)
    if problems:
        raise InvalidInput(
            f"{problems[0].path}: {problems[0].message}",
            remedy="Correct the check, or leave it out.",
            problems=problems,
        )
    return tuple(found)


def passes(check: Check, got: Json) -> bool:
    """Whether an output's value is as expected. A `judge` check never passes here: a model decides it."""
    match check.kind:
        case "equals":
            return _same(check.value, got)
        case "one_of":
            return any(_same(value, got) for value in check.values)
        case "contains":
            if isinstance(got, list):
                return any(_same(check.value, item) for item in got)
            return _folded(shown(check.value)) in _folded(shown(got))
        case "matches":
            return _pattern(check.pattern).search(shown(got)) is not None
        case "within":
            number = _number(got)
            if number is None:
                return False
            return (check.low is None or number >= check.low) and (check.high is None or number <= check.high)
        case "judge":
            return False


def shown(value: Json) -> str:
    """A value as text: lists joined by semicolons, yes/no as `true` and `false`, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list):
        return ";".join(shown(item) for item in value)
    return str(value)


def _same(expected: Json, got: Json) -> bool:
    if isinstance(expected, list) or isinstance(got, list):
        return _items(expected) == _items(got)
    if isinstance(expected, bool) or isinstance(got, bool):
        return _yes_no(expected) is not None and _yes_no(expected) == _yes_no(got)
    numbers = _number(expected), _number(got)
    if numbers[0] is not None and numbers[1] is not None:
        return math.isclose(numbers[0], numbers[1], rel_tol=1e-9)
    return _folded(shown(expected)) == _folded(shown(got))


def _items(value: Json) -> set[str]:
    parts: Sequence[Json] = value if isinstance(value, list) else shown(value).split(";")
    return {folded for part in parts if (folded := _folded(shown(part)))}


def _yes_no(value: Json) -> bool | None:
    return {"true": True, "yes": True, "false": False, "no": False}.get(_folded(shown(value)))


def _number(value: Json) -> float | None:
    if isinstance(value, bool) or value is None or isinstance(value, list | dict):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> re2._Regexp:
    return re2.compile(pattern, PATTERN_OPTIONS)


def _check(raw: Json, at: str) -> Check | Problem:
    if not isinstance(raw, dict):
        return Problem(at, "WRONG_TYPE", "A check is a JSON object.")
    field, kind = raw.get("field"), raw.get("kind")
    if not isinstance(field, str) or not 0 < len(field) <= 200:
        return Problem(f"{at}.field", "MISSING_FIELD", "Name the output field that the check looks at.")
    if kind not in KINDS:
        return Problem(f"{at}.kind", "WRONG_VALUE", f"kind is one of {', '.join(KINDS)}.")
    allowed = {"field", "kind", *_ALLOWED[kind]}
    if stray := sorted(
        key for key, value in raw.items() if key not in allowed and value not in (None, "", [])
    ):
        return Problem(f"{at}.{stray[0]}", "UNKNOWN_FIELD", f"A check '{kind}' has no {stray[0]}.")
    return _READ[kind](field, raw, at)


def _valued(field: str, raw: JsonObject, at: str) -> Check | Problem:
    value = raw.get("value")
    if isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(one, list | dict) for one in value)
    ):
        return Problem(
            f"{at}.value", "WRONG_TYPE", "value is a text, a number, yes or no, or a list of such."
        )
    if raw["kind"] == "contains" and not shown(value):
        return Problem(f"{at}.value", "MISSING_FIELD", "Say what the field contains.")
    if len(shown(value)) > LONGEST_TEXT:
        return Problem(f"{at}.value", "TOO_LONG", f"value has at most {LONGEST_TEXT:,} characters.")
    return Check(field, cast("CheckKind", raw["kind"]), value=value)


def _one_of(field: str, raw: JsonObject, at: str) -> Check | Problem:
    values = raw.get("values")
    if (
        not isinstance(values, list)
        or not 0 < len(values) <= 200
        or not all(isinstance(v, str) for v in values)
    ):
        return Problem(f"{at}.values", "MISSING_FIELD", "values is a list of 1 to 200 texts.")
    return Check(field, "one_of", values=tuple(str(value) for value in values))


def _matches(field: str, raw: JsonObject, at: str) -> Check | Problem:
    pattern = raw.get("pattern")
    if not isinstance(pattern, str) or not 0 < len(pattern) <= LONGEST_PATTERN:
        return Problem(f"{at}.pattern", "MISSING_FIELD", f"pattern has 1 to {LONGEST_PATTERN:,} characters.")
    try:
        _pattern(pattern)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        words = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        return Problem(f"{at}.pattern", "WRONG_VALUE", f"pattern is no regular expression of RE2: {words}.")
    return Check(field, "matches", pattern=pattern)


def _within(field: str, raw: JsonObject, at: str) -> Check | Problem:
    bounds: list[float | None] = []
    for name in ("low", "high"):
        value = raw.get(name)
        number = _number(value)
        if number is None and value not in (None, ""):
            return Problem(f"{at}.{name}", "WRONG_TYPE", f"{name} is a number.")
        bounds.append(number)
    low, high = bounds
    if low is None and high is None:
        return Problem(f"{at}.low", "MISSING_FIELD", "Give low, high, or both.")
    if low is not None and high is not None and low > high:
        return Problem(f"{at}.high", "OUT_OF_RANGE", "high is below low.")
    return Check(field, "within", low=low, high=high)


def _judge(field: str, raw: JsonObject, at: str) -> Check | Problem:
    criterion = raw.get("criterion")
    if not isinstance(criterion, str) or not 0 < len(criterion.strip()) <= LONGEST_TEXT:
        return Problem(
            f"{at}.criterion",
            "MISSING_FIELD",
            f"criterion has 1 to {LONGEST_TEXT:,} characters: what is judged by.",
        )
    return Check(field, "judge", criterion=criterion.strip())


_READ = {
    "equals": _valued,
    "contains": _valued,
    "one_of": _one_of,
    "matches": _matches,
    "within": _within,
    "judge": _judge,
}
_ALLOWED = {
    "equals": ("value",),
    "contains": ("value",),
    "one_of": ("values",),
    "matches": ("pattern",),
    "within": ("low", "high"),
    "judge": ("criterion",),
}
