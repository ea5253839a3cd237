"""Property values: what becomes of what callers send, and what is refused with which words."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.crm.moments import format_datetime
from penstock.crm.properties import Option, Property, PropertyType
from penstock.crm.values import normalise
from penstock.errors import InvalidProperty
from penstock.kit.json import Json

COLOURS = (
    Option("r", "Red"),
    Option("g", "Green"),
    Option("b", "Blue"),
    Option("b2", "blue"),
    Option("x;", "odd"),
)


def _property(kind: str, field_type: str = "", name: str = "p") -> Property:
    options = COLOURS[:-1] if kind == "enumeration" else ()
    return Property(
        name, "P", cast("PropertyType", kind), field_type, options=options, hubspot_defined=name == "email"
    )


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("string", " kept as typed ", " kept as typed "),
        ("string", 5, "5"),
        ("string", True, "true"),
        ("string", "", None),
        ("number", "12.50", "12.5"),
        ("number", 12.0, "12"),
        ("number", " 007 ", "7"),
        ("number", "-0.0", "0"),
        ("number", "1e3", "1000"),
        ("number", 1e-7, "0.0000001"),
        ("number", "123456789012345678901234567890.10", "123456789012345678901234567890.1"),
        ("date", "2026-01-31", "2026-01-31"),
        ("date", 1769817600000, "2026-01-31"),
        ("date", "1769817600000", "2026-01-31"),
        ("date", "2026-01-31T00:00:00Z", "2026-01-31"),
        ("datetime", "2026-01-31T10:30:00+01:00", "2026-01-31T09:30:00Z"),
        ("datetime", "2026-01-31T09:30:00.120Z", "2026-01-31T09:30:00.120Z"),
        ("datetime", "2026-01-31 09:30", "2026-01-31T09:30:00Z"),
        ("datetime", 1769851800123, "2026-01-31T09:30:00.123Z"),
        ("datetime", "2026-01-31", "2026-01-31T00:00:00Z"),
        ("bool", "Yes", "true"),
        ("bool", False, "false"),
        ("enumeration", "r", "r"),
        ("enumeration", " GREEN ", "g"),
        ("phone_number", "030 1234", "030 1234"),
        ("phone_number", "+1 (202) 555-0134", "+12025550134"),
        ("phone_number", "+1 202 555 0134 ext 12", "+12025550134 ext. 12"),
        ("number", "   ", None),
        ("date", None, None),
    ],
)
def test_a_value_becomes_hubspots_canonical_string(kind: str, raw: Json, value: str | None) -> None:
    assert normalise(_property(kind), raw) == value


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        ("string", "a\x00b", "INVALID_CHARACTER"),
        ("string", "\udc80", "INVALID_CHARACTER"),
        ("string", "x" * 65_537, "VALUE_TOO_LONG"),
        ("string", ["a"], "INVALID_VALUE"),
        ("string", {"a": 1}, "INVALID_VALUE"),
        ("number", "1,234.5", "INVALID_NUMBER"),
        ("number", "NaN", "INVALID_NUMBER"),
        ("number", float("inf"), "INVALID_NUMBER"),
        ("number", "1e999", "INVALID_NUMBER"),
        ("number", "\u0661", "INVALID_NUMBER"),
        ("number", True, "INVALID_NUMBER"),
        ("date", "31.01.2026", "INVALID_DATE"),
        ("date", "2026-02-30", "INVALID_DATE"),
        ("date", 1769817600001, "INVALID_DATE"),
        ("date", "2026-W05-1", "INVALID_DATE"),
        ("datetime", "tomorrow", "INVALID_DATE"),
        ("datetime", "9" * 17, "INVALID_DATE"),
        ("datetime", "0001-01-01T00:00:00+14:00", "INVALID_DATE"),
        ("bool", "1", "INVALID_BOOLEAN"),
        ("enumeration", "purple", "INVALID_OPTION"),
        ("enumeration", "Blue", "AMBIGUOUS_OPTION"),
        ("phone_number", "call me", "INVALID_PHONE_NUMBER"),
        ("phone_number", "+1 303", "INVALID_PHONE_NUMBER"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_name_and_shape_and_not_repeated(
    kind: str, raw: Json, code: str
) -> None:
    with pytest.raises(InvalidProperty) as caught:
        normalise(_property(kind), raw)
    [problem] = caught.value.problems
    assert (problem.path, problem.code) == ("p", code)
    assert "'p'" in caught.value.message
    assert caught.value.remedy
    assert not isinstance(raw, str) or len(raw) < 4 or raw not in str(caught.value)


def test_an_unknown_option_lists_the_options() -> None:
    with pytest.raises(InvalidProperty, match="Use one of r, g, b, b2"):
        normalise(_property("enumeration"), "purple")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("r;green", "r;g"),
        ("; r ;; g;r", ";r;g"),
        (["Red", "g"], "r;g"),
        ("", None),
    ],
)
def test_multiple_checkboxes_are_joined_and_a_leading_semicolon_means_add(
    raw: Json, value: str | None
) -> None:
    assert normalise(_property("enumeration", "checkbox"), raw) == value


def test_multiple_checkboxes_that_name_nothing_do_not_clear() -> None:
    with pytest.raises(InvalidProperty, match="names no option"):
        normalise(_property("enumeration", "checkbox"), ";")


def test_an_email_address_is_kept_in_lower_case() -> None:
    assert normalise(_property("string", name="email"), " Ada@Example.COM") == "ada@example.com"
    with pytest.raises(InvalidProperty, match="no e-mail address"):
        normalise(_property("string", name="email"), "ada at example")


kinds = st.sampled_from(["string", "number", "date", "datetime", "bool", "enumeration", "phone_number"])
raws = st.one_of(
    st.text(max_size=20),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.isoformat()),
    st.dates().map(lambda day: day.isoformat()),
    st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.from_regex(r"[+]?[0-9 ()\-]{1,18}( ext\. ?[0-9]{1,4})?", fullmatch=True),
    st.lists(st.sampled_from(["r", "Red", "g", "", " "])).map(";".join),
)


@given(kind=kinds, raw=raws, multiple=st.booleans())
def test_normalising_a_canonical_value_gives_the_same_value(kind: str, raw: Json, multiple: bool) -> None:
    prop = _property(kind, "checkbox" if multiple else "")
    try:
        value = normalise(prop, raw)
    except InvalidProperty:
        return
    assert normalise(prop, value) == value
    assert value != ""


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**300), max_value=10**300, places=9))
def test_a_number_keeps_its_value_to_the_last_digit(number: Decimal) -> None:
    assert Decimal(normalise(_property("number"), str(number)) or "") == number


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_keeps_its_milliseconds(moment: datetime) -> None:
    text = normalise(_property("datetime"), moment.isoformat())
    assert text == format_datetime(moment)
    assert datetime.fromisoformat(text) == moment.replace(microsecond=moment.microsecond // 1000 * 1000)
