"""Where personal data stands in a text: e-mail addresses, phone, card, bank and national numbers (pure).

Everything that has check digits is checked, so that an order number is not taken for a card. What looks like nothing of
this, above all a name, is not found here: names are given by properties (`llm.masking`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

import phonenumbers

Kind = Literal["email", "phone", "card", "iban", "national_number"]


@dataclass(frozen=True, slots=True)
class Found:
    """One piece of personal data: its kind and where it stands."""

    kind: Kind
    start: int
    end: int


# Bounded on every side, so that a hostile text costs no more than its length (RFC 5321: 64 characters before the @).
EMAIL = re.compile(r"(?<![\w.%+'-])[\w.%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}(?![\w-])")
CARD = re.compile(r"(?<![\d.,-])[2-6](?:[ -]?\d){12,18}(?![\d-])")
IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}")

# Characters of an IBAN by country (SWIFT IBAN registry, release 99).
IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20,
    "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GI": 23, "GL": 18, "GR": 27, "HR": 21, "HU": 28, "IE": 22,
    "IL": 23, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15,
    "PL": 28, "PT": 25, "RO": 24, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26, "UA": 29,
}  # fmt: skip


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B)."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if index % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def _is_iban(text: str) -> bool:
    """ISO 13616: the first four characters go to the end, letters count from 10, the rest of a division by 97 is 1."""
    turned = text[4:] + text[:4]
    return int("".join(str(int(one, 36)) for one in turned)) % 97 == 1


def _is_day(day: str, month: str) -> bool:
    try:
        date(2000, int(month), int(day))
    except ValueError:
        return False
    return True


def _is_ssn(digits: str) -> bool:
    """Social Security Administration: no area 000, 666 or 9xx, no group 00, no serial 0000."""
    return (
        digits[:3] not in ("000", "666") and digits[0] != "9" and digits[3:5] != "00" and digits[5:] != "0000"
    )


def _is_cpr(digits: str) -> bool:
    """A Danish CPR number begins with a day; those since 2007 have no check digit."""
    return _is_day(digits[:2], digits[2:4])


def _is_personnummer(digits: str) -> bool:
    """A Swedish personnummer: a day, and a check digit over the last ten digits."""
    return _is_day(digits[-6:-4], digits[-8:-6]) and luhn(digits[-10:])


def _is_fodselsnummer(digits: str) -> bool:
    """A Norwegian fødselsnummer: two check digits modulo 11."""
    numbers = [int(digit) for digit in digits]
    first = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
    second = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
    return all(
        sum(weight * number for weight, number in zip(weights, numbers, strict=False)) % 11 == 0
        for weights in (first, second)
    )


def _always(_digits: str) -> bool:
    return True


# National numbers by country: the United States, Denmark, Sweden, Norway, the United Kingdom.
NATIONAL: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"), _is_ssn),
    (re.compile(r"(?<![\w-])\d{6}-\d{4}(?![\w-])"), _is_cpr),
    (re.compile(r"(?<![\w-])(?:\d{2})?\d{6}[-+]?\d{4}(?![\w-])"), _is_personnummer),
    (re.compile(r"(?<![\w-])\d{6} ?\d{5}(?![\w-])"), _is_fodselsnummer),
    (
        re.compile(
            r"(?<![\w-])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?(?:\d{2} ?){3}[A-D](?![\w-])"
        ),
        _always,
    ),
)


def find(text: str, kinds: frozenset[Kind], country: str = "") -> list[Found]:
    """What of these kinds stands in a text, from the left, without overlaps.

    `country` (ISO 3166, two letters) is where phone numbers without a country code are taken to be from; without it only
    those with one are found.
    """
    found: list[Found] = []
    for kind in ("email", "iban", "card", "national_number", "phone"):
        if kind in kinds:
            for start, end in _spans(text, kind, country):
                if all(end <= one.start or start >= one.end for one in found):
                    found.append(Found(kind, start, end))
    return sorted(found, key=lambda one: one.start)


def _spans(text: str, kind: Kind, country: str) -> Iterator[tuple[int, int]]:
    match kind:
        case "email":
            yield from (one.span() for one in EMAIL.finditer(text))
        case "iban":
            yield from _ibans(text)
        case "card":
            for one in CARD.finditer(text):
                if luhn(_digits(one[0])):
                    yield one.span()
        case "national_number":
            for pattern, check in NATIONAL:
                yield from (one.span() for one in pattern.finditer(text) if check(_digits(one[0])))
        case "phone":
            for number in phonenumbers.PhoneNumberMatcher(text, country.upper() or None):
                yield number.start, number.end


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    """IBANs, also in groups of four: so many characters as their country's have, single spaces not counted."""
    for one in IBAN_START.finditer(text):
        length = IBAN_LENGTHS.get(one[0][:2], 0)
        end, taken = one.start(), ""
        while len(taken) < length and end < len(text):
            character = text[end]
            if character == " " and taken and text[end - 1] != " ":
                end += 1
                continue
            if not (character.isascii() and character.isalnum()):
                break
            taken += character.upper()
            end += 1
        ends = end == len(text) or not text[end].isalnum()
        if length and len(taken) == length and ends and _is_iban(taken):
            yield one.start(), end


def _digits(text: str) -> str:
    return "".join(one for one in text if one.isdigit())
