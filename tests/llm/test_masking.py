"""Masks: what they cover, what they leave alone, and that they come off again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.llm.masking import Masks, Wanted, restore
from penstock.llm.personal_data import Kind, find

ALL: frozenset[Kind] = frozenset({"email", "phone", "card", "iban", "national_number"})


@pytest.mark.parametrize(
    ("text", "kind", "country"),
    [
        ("write to anna.berg+crm@mail.example.co.uk.", "email", ""),
        ("paid with 4242 4242 4242 4242 today", "card", ""),
        ("card 378282246310005", "card", ""),
        ("to DK50 0040 0440 1162 43 THANKS", "iban", ""),
        ("IBAN GB82WEST12345698765432", "iban", ""),
        ("my SSN is 078-05-1120", "national_number", ""),
        ("CPR 070761-4285", "national_number", ""),
        ("personnummer 811218-9876", "national_number", ""),
        ("fødselsnummer 01010750160", "national_number", ""),
        ("NI number QQ 12 34 56 C".replace("QQ", "AB"), "national_number", ""),
        ("call +45 32 12 34 56 please", "phone", ""),
        ("ring 32 12 34 56 tak", "phone", "DK"),
    ],
    ids=[
        "e-mail",
        "card in groups",
        "card of fifteen digits",
        "IBAN in groups",
        "IBAN",
        "United States",
        "Denmark",
        "Sweden",
        "Norway",
        "United Kingdom",
        "phone with a country code",
        "phone of the given country",
    ],
)
def test_personal_data_is_found_as_what_it_is(text: str, kind: Kind, country: str) -> None:
    [found] = find(text, frozenset({kind}), country)
    words = text[found.start : found.end]
    assert (found.kind, len(words) >= 9, words[0] == " ", words[-1] == " ") == (kind, True, False, False)
    masks = Masks(Wanted(frozenset({kind}), country=country))
    assert words not in masks.hide(text)
    assert restore(masks.hide(text), masks.originals) == text


@pytest.mark.parametrize(
    "text",
    [
        "order 4242 4242 4242 4243",
        "DK50 0040 0440 1162 44",
        "ticket 000-12-3456, part 123456-7890-1",
        "99/99 of 1234567890123456789012",
        "@home and a@b",
        "version 1.2.3.4, 2026-11-29",
    ],
    ids=["no check digit", "no IBAN", "no such area", "digits", "no address", "numbers with points"],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert Masks(Wanted(ALL)).hide(text) == text


def test_a_mask_is_the_same_for_the_same_thing_and_no_other() -> None:
    masks = Masks.over(
        Wanted(ALL, ("Anna", "Berg & Co", "X")), ["[EMAIL_1] was here", "Anna <anna@example.com>", "…"]
    )
    hidden = masks.hide(
        "Anna <anna@example.com>, ANNA@example.com, bo@example.com, anna of Berg & Co; Joanna, X"
    )
    assert hidden == "[NAME_1] <[EMAIL_2]>, [EMAIL_2], [EMAIL_3], [NAME_1] of [NAME_2]; Joanna, X"
    assert masks.originals == {
        "NAME_1": "Anna", "NAME_2": "Berg & Co", "EMAIL_2": "anna@example.com", "EMAIL_3": "bo@example.com",
    }  # fmt: skip


def test_an_answer_gets_back_what_the_masks_stand_for_however_the_model_writes_them() -> None:
    originals = {"NAME_1": 'Anna "A"', "EMAIL_1": "a@example.com"}
    assert restore("Dear [NAME_1] (Name_1, email_1), not [NAME_7]", originals) == (
        'Dear Anna "A" (Anna "A", a@example.com), not [NAME_7]'
    )
    assert restore({"to": ["[EMAIL_1]", 3]}, originals) == {"to": ["a@example.com", 3]}
    assert restore("USERNAME_1", originals) == "USERNAME_1"


@given(text=st.text(max_size=200), names=st.lists(st.text(max_size=8), max_size=3))
def test_whatever_is_masked_comes_back_word_for_word(text: str, names: list[str]) -> None:
    # Letters whose capital is another letter when it is made small again are told apart by nobody.
    masks = Masks.over(Wanted(frozenset({"email", "card", "iban"}), tuple(names)), [text])
    back = restore(masks.hide(text), masks.originals)
    assert isinstance(back, str)
    assert back.casefold() == text.casefold()
