"""JSON of the command line is the JSON of the API."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from penstock.cli.jsonable import jsonable


@dataclass(frozen=True, slots=True)
class Part:
    record_id: int
    cost_usd: Decimal


@dataclass(frozen=True, slots=True)
class Whole:
    id: int
    input_tokens: int
    enrolled_at: datetime
    born_on: date
    parts: tuple[Part, ...]
    outputs: dict[str, object]
    sealed: str = field(default="secret", repr=False)


def test_our_names_become_camel_case_ids_text_and_times_utc_with_milliseconds() -> None:
    at = datetime(2026, 1, 31, 10, 30, 0, 5999, tzinfo=timezone(timedelta(hours=1)))
    whole = Whole(2**60, 12, at, date(2026, 1, 31), (Part(7, Decimal("0.00000000")),), {})
    assert jsonable(whole) == {
        "id": str(2**60),
        "inputTokens": 12,
        "enrolledAt": "2026-01-31T09:30:00.005Z",
        "bornOn": "2026-01-31",
        "parts": [{"recordId": "7", "costUsd": "0.00000000"}],
        "outputs": {},
    }


def test_names_that_are_data_stay_as_they_are() -> None:
    whole = Whole(
        1, 0, datetime.now(UTC), date(2026, 1, 1), (), {"ai_product": {"hs_model": "m", "record_id": 3}}
    )
    found = jsonable(whole)
    assert isinstance(found, dict)
    assert found["outputs"] == {"ai_product": {"hs_model": "m", "record_id": 3}}


def test_a_field_that_does_not_show_in_repr_does_not_show_in_json() -> None:
    assert "secret" not in str(jsonable(Whole(1, 0, datetime.now(UTC), date(2026, 1, 1), (), {})))


def test_a_value_without_a_json_form_is_named_by_its_type() -> None:
    with pytest.raises(TypeError, match="complex has no JSON form"):
        jsonable({"a": 1j})
