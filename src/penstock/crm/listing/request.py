"""What a list of records is asked for: a filter, words, an order, and where the page before ended."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from penstock.crm import filters
from penstock.crm.filters import FilterBranch
from penstock.crm.schema import ObjectSchema
from penstock.crm.search_words import words_of
from penstock.crm.value_keys import Key, ValueKey, key_of
from penstock.errors import InvalidInput, Problem
from penstock.kit.json import Json, JsonObject, dumps
from penstock.kit.paging import after as cursor_text
from penstock.kit.paging import keys_of

LONGEST_SEARCH = 1_000  # characters


@dataclass(frozen=True, slots=True)
class Matching:
    """Which records: those that fulfil `filter` (None: all do) and hold a word that begins with each of `words`."""

    filter: FilterBranch | None = None
    words: tuple[str, ...] = ()

    @property
    def all_match(self) -> bool:
        """Whether every record is asked for."""
        return self.filter is None and not self.words


@dataclass(frozen=True, slots=True)
class Order:
    """By `key` and, where keys are equal, by id; `key` None is by id alone. Records without a value come last."""

    key: ValueKey | None = None
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an order: behind the record `record_id` with this key; `valued` False is among those without one."""

    valued: bool
    key: Key | None
    record_id: int


def parse_matching(filter: Json, search: str, schema: ObjectSchema) -> Matching:  # noqa: A002 - its name in the API
    """The records that a filter document and a search text ask for. Raises InvalidInput with all Problems."""
    tree = None
    problems: list[Problem] = []
    if filter is not None:
        tree = filters.parse(filter, "filter")
        problems = filters.check(tree, schema)
    if len(search) > LONGEST_SEARCH or "\x00" in search:
        problems.append(
            Problem(
                "search", "INVALID_SEARCH", f"search is no text of at most {LONGEST_SEARCH:,} characters."
            )
        )
    words = words_of(search)
    if search.strip() and not words:
        problems.append(
            Problem("search", "INVALID_SEARCH", "search has no word in it. Give a letter or digit.")
        )
    if problems:
        raise InvalidInput("The filter has problems.", problems=problems)
    return Matching(tree, words)


def parse_order(
    name: str | None, direction: Literal["ASCENDING", "DESCENDING"], schema: ObjectSchema
) -> Order:
    """The order by a property; None is newest first. Raises InvalidInput for one that does not exist."""
    if name is None:
        return Order()
    prop = schema.properties.get(name)
    if prop is None:
        message = (
            f"{schema.object_type.plural_label} have no property '{name[:100]}'. Choose one that exists."
        )
        raise InvalidInput(
            "The sort has a problem.", problems=(Problem("sort.property", "UNKNOWN_PROPERTY", message),)
        )
    return Order(key_of(prop), direction == "DESCENDING")


def fingerprint(object_type_id: str, filter: Json, search: str, order: Order) -> str:  # noqa: A002 - its name in the API
    """A few characters that differ between lists, so that a cursor of one is not taken for another's."""
    what: JsonObject = {
        "type": object_type_id,
        "filter": filter,
        "words": list[Json](words_of(search)),
        "property": order.key.name if order.key else None,
        "descending": order.descending,
    }
    return hashlib.blake2s(dumps(what), digest_size=6).hexdigest()


def cursor(fingerprint: str, place: Place, order: Order) -> str:
    """`after` for the page behind `place`."""
    key = "" if order.key is None or place.key is None else order.key.to_text(place.key)
    return cursor_text(fingerprint, "v" if place.valued else "n", key, place.record_id)


def read_cursor(text: str | None, fingerprint: str, order: Order) -> Place | None:
    """The place in `after`, None when there is none. Raises InvalidInput for a cursor of another list."""
    if not text:
        return None
    kinds: Sequence[type[str] | type[int]] = (str, str, str, int)
    mark, phase, key, record_id = keys_of(text, *kinds)
    try:
        if mark != fingerprint or not isinstance(record_id, int) or abs(record_id) >= 2**63:
            raise ValueError("a cursor of another list")
        if phase == "n" and order.key is not None:
            return Place(False, None, record_id)
        return Place(True, None if order.key is None else order.key.from_text(key), record_id)
    except ValueError:
        raise InvalidInput(
            "`after` belongs to a list with another filter, search or sort.",
            remedy="Begin again without `after`.",
        ) from None
