"""Property values: from whatever a caller sends to HubSpot's canonical strings, or an error that says what is wrong.

Pure. Rules are HubSpot's (CRM properties guide): dates as `yyyy-mm-dd`, datetimes in UTC, enumerations by value,
several checkboxes joined by `;`, booleans as `true` and `false`, and an empty value clears the property.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

import phonenumbers

from penstock.crm.moments import format_datetime, parse_date, parse_datetime
from penstock.crm.properties import Property
from penstock.errors import InvalidProperty, Problem
from penstock.kit.json import Json

LONGEST_VALUE = 65_536  # characters (HubSpot, properties guide)
FEW_OPTIONS = 20  # so many are listed in an error message

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_WIDEST_EXPONENT = 308  # as far as a double goes
_E_MAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)*")


def normalise(prop: Property, raw: Json) -> str | None:
    """The canonical string of `raw` for this property, or None when it is empty (which clears the property).

    Normalising a canonical string gives the same string. A multi-checkbox value that starts with `;` keeps its
    `;`: it means that the options are added to those chosen already. Raises InvalidProperty naming the property,
    the shape of the value and the remedy; its one problem has a code such as INVALID_OPTION.
    """
    text = _text(prop, raw)
    if text is None:
        return None
    if len(text) > LONGEST_VALUE:
        raise refuse(
            prop,
            "VALUE_TOO_LONG",
            f"is {len(text):,} characters long",
            f"Keep it to {LONGEST_VALUE:,} characters.",
        )
    if not text.isascii() or "\x00" in text:
        _check_characters(prop, text)
    return _NORMALISE[prop.type](prop, text)


def refuse(prop: Property, code: str, what: str, remedy: str) -> InvalidProperty:
    """The error that `'<property>' <what>. <remedy>`, with one problem of this code."""
    message = f"'{prop.name}' {what}."
    problem = Problem(prop.name, code, f"{message} {remedy}")
    return InvalidProperty(message, remedy=remedy, problems=(problem,), property=prop.name)


def shape(raw: Json) -> str:
    """What kind of value it is, without the value: `a text of 12 characters`."""
    match raw:
        case None:
            return "no value"
        case bool():
            return "a true or false"
        case int() | float():
            return "a number"
        case str():
            return f"a text of {len(raw):,} characters" if len(raw) != 1 else "a text of 1 character"
        case list():
            return f"a list of {len(raw):,} values"
        case _:
            return "a JSON object"


def _text(prop: Property, raw: Json) -> str | None:
    match raw:
        case None | "":
            return None
        case str():
            return raw if prop.type == "string" else raw.strip() or None
        case bool():
            return "true" if raw else "false"
        case int():
            return str(raw)
        case float() if math.isfinite(raw):
            return format(Decimal(repr(raw)), "f").removesuffix(".0")
        case float():
            raise refuse(prop, "INVALID_NUMBER", "is not a finite number", "Send a number or leave it empty.")
        case list() if prop.multiple and all(isinstance(item, str) for item in raw):
            return ";".join(str(item) for item in raw) or None
        case _:
            raise refuse(
                prop,
                "INVALID_VALUE",
                f"cannot hold {shape(raw)}",
                f"Send one text value of type {prop.type}.",
            )


def _check_characters(prop: Property, text: str) -> None:
    if "\x00" in text:
        raise refuse(
            prop, "INVALID_CHARACTER", f"holds a NUL character ({shape(text)})", "Remove it; no text has one."
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        raise refuse(
            prop,
            "INVALID_CHARACTER",
            f"holds half of a character: a lone surrogate ({shape(text)})",
            "Send whole Unicode characters.",
        ) from None


def _string(prop: Property, text: str) -> str | None:
    if prop.name == "email" and prop.hubspot_defined:
        # E-mail addresses name the same contact in any case, and HubSpot keeps them in lower case.
        text = text.strip().lower()
        if text and _E_MAIL.fullmatch(text) is None:
            raise refuse(
                prop, "INVALID_EMAIL", f"is no e-mail address ({shape(text)})", "Write name@example.com."
            )
    return text or None


def _number(prop: Property, text: str) -> str:
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise refuse(
            prop,
            "INVALID_NUMBER",
            f"is no number ({shape(text)})",
            "Write digits and a decimal point, such as 1234.5.",
        )
    if match[3] is None and text.isdigit() and (text[0] != "0" or len(text) == 1):
        return text
    number = Decimal(text)
    if number and abs(number.adjusted()) > _WIDEST_EXPONENT:
        raise refuse(prop, "INVALID_NUMBER", "is too large or too small a number", "Use at most 308 digits.")
    plain = format(number, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if not number else plain.removeprefix("+")


def _date(prop: Property, text: str) -> str:
    day = parse_date(text)
    if day is None:
        raise refuse(
            prop,
            "INVALID_DATE",
            f"is no date ({shape(text)})",
            "Write yyyy-mm-dd, or milliseconds since 1970 that are midnight in UTC.",
        )
    return day.isoformat()


def _datetime(prop: Property, text: str) -> str:
    moment = parse_datetime(text)
    if moment is None:
        raise refuse(
            prop,
            "INVALID_DATE",
            f"is no date and time ({shape(text)})",
            "Write 2026-01-31T09:30:00Z, or milliseconds since 1970.",
        )
    return format_datetime(moment)


_BOOLEANS = {"true": "true", "yes": "true", "false": "false", "no": "false"}


def _bool(prop: Property, text: str) -> str:
    value = _BOOLEANS.get(text.lower())
    if value is None:
        raise refuse(
            prop,
            "INVALID_BOOLEAN",
            f"is neither true nor false ({shape(text)})",
            "Write true, false, yes or no.",
        )
    return value


def _enumeration(prop: Property, text: str) -> str:
    if not prop.multiple:
        return _option(prop, text)
    chosen = dict.fromkeys(_option(prop, part) for item in text.split(";") if (part := item.strip()))
    if not chosen:
        raise refuse(
            prop, "INVALID_OPTION", "names no option", "Name options, or leave it empty to clear it."
        )
    return (";" if text.startswith(";") else "") + ";".join(chosen)


def _option(prop: Property, text: str) -> str:
    """The value of the option that `text` names by value or, when only one fits, by label in any case.

    A property without options takes any value: its options are elsewhere, as those of `hubspot_owner_id` are.
    """
    if text in prop.values or not prop.options:
        return text
    found = prop.values_by_label.get(text.casefold(), ())
    if len(found) == 1:
        return found[0]
    if found:
        raise refuse(
            prop,
            "AMBIGUOUS_OPTION",
            f"names more than one option ({shape(text)})",
            f"Use a value: {', '.join(found)}.",
        )
    if len(prop.options) <= FEW_OPTIONS:
        remedy = f"Use one of {', '.join(option.value for option in prop.options)}."
    else:
        remedy = f"Use one of its {len(prop.options)} options, or add this one to the property."
    raise refuse(prop, "INVALID_OPTION", f"has no such option ({shape(text)})", remedy)


def _phone_number(prop: Property, text: str) -> str:
    if not text.startswith("+"):
        # Without a country nobody can say what the digits mean, so they are kept as they were typed.
        if sum(character.isdigit() for character in text) < 2:
            raise refuse(
                prop,
                "INVALID_PHONE_NUMBER",
                f"is no phone number ({shape(text)})",
                "Write +, country and number.",
            )
        return text
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise refuse(
            prop,
            "INVALID_PHONE_NUMBER",
            f"is no phone number of that country ({shape(text)})",
            "Check country code and length, such as +1 202 555 0134.",
        )
    plain = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{plain} ext. {number.extension}" if number.extension else plain


_NORMALISE: Mapping[str, Callable[[Property, str], str | None]] = {
    "string": _string,
    "number": _number,
    "date": _date,
    "datetime": _datetime,
    "bool": _bool,
    "enumeration": _enumeration,
    "phone_number": _phone_number,
}
