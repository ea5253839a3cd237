"""The shapes that several resources share: camelCase like HubSpot's, ids as text, times in ISO 8601."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel

LARGEST_ID = 2**63 - 1  # ids are bigint


def iso(moment: datetime) -> str:
    """`2026-01-31T09:30:00.000Z`: milliseconds and Z, as HubSpot writes times."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _number(value: object) -> object:
    """HubSpot's ids are text of digits; numbers are taken too."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ValueError("an id is text of digits")
    if isinstance(value, str):
        if not (value.isascii() and value.isdecimal()):
            raise ValueError("an id is text of digits")
        value = int(value) if len(value) < 20 else LARGEST_ID + 1
    return value


def _in_range(value: int) -> int:
    if not 0 < value <= LARGEST_ID:
        raise ValueError("an id is a number from 1 to 9223372036854775807")
    return value


Time = Annotated[
    datetime, PlainSerializer(iso, return_type=str), WithJsonSchema({"type": "string", "format": "date-time"})
]
"""A moment in an answer."""

Id = Annotated[
    int,
    BeforeValidator(_number),
    AfterValidator(_in_range),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]{0,18}$"}),
]
"""An id: text of digits outside, a number inside."""

PathId = Annotated[Id, Path()]
After = Annotated[Id | None, Query(description="The cursor `paging.next.after` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=100, description="How many rows a page holds.")]


class Shape(BaseModel):
    """An object of an answer."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)


class Wish(Shape):
    """An object of a request of ours: a field that we do not know is an error that names it."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class ForeignWish(Shape):
    """An object of a request in HubSpot's words: fields of HubSpot's that mean nothing here are let through."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")


class NextPage(Shape):
    """Where the next page begins."""

    after: str


class Paging(Shape):
    """HubSpot's paging: absent on the last page."""

    next: NextPage


def paging(after: str | int | None) -> dict[str, Paging]:
    """The keyword argument `paging` of a page, or nothing when `after` says that there is no next page."""
    return {} if after is None else {"paging": Paging(next=NextPage(after=str(after)))}
