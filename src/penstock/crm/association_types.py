"""The kinds of associations between HubSpot's object types: ids, directions and labels."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.errors import NotFound


@dataclass(frozen=True, slots=True)
class AssociationType:
    """One direction of a kind of association. `inverse_id` is the type id of the other direction."""

    from_object_type_id: str
    to_object_type_id: str
    type_id: int
    inverse_id: int
    label: str | None = None
    category: str = "HUBSPOT_DEFINED"


def _pair(
    one: str, other: str, there: int, back: int, label: str | None = None
) -> tuple[AssociationType, ...]:
    forward = AssociationType(one, other, there, back, label)
    return (forward,) if there == back else (forward, AssociationType(other, one, back, there, label))


CONTACT, COMPANY, DEAL, TICKET = "0-1", "0-2", "0-3", "0-5"

# Ids from HubSpot's official clients (AssociationType) and its associations guide.
ASSOCIATION_TYPES: tuple[AssociationType, ...] = (
    *_pair(CONTACT, COMPANY, 279, 280),
    *_pair(CONTACT, COMPANY, 1, 2, "Primary"),
    *_pair(DEAL, CONTACT, 3, 4),
    *_pair(DEAL, COMPANY, 341, 342),
    *_pair(DEAL, COMPANY, 5, 6, "Primary"),
    *_pair(TICKET, CONTACT, 16, 15),
    *_pair(TICKET, COMPANY, 339, 340),
    *_pair(TICKET, COMPANY, 26, 25, "Primary"),
    *_pair(DEAL, TICKET, 27, 28),
    *_pair(CONTACT, CONTACT, 449, 449),
    *_pair(COMPANY, COMPANY, 450, 450),
    *_pair(DEAL, DEAL, 451, 451),
    *_pair(TICKET, TICKET, 452, 452),
)

# A contact, deal or ticket has one primary company, and it is associated without a label as well. By type id.
PRIMARY_OWNER_FIRST: frozenset[int] = frozenset({1, 5, 26})

_BY_ID = {(found.category, found.type_id): found for found in ASSOCIATION_TYPES}


def types_between(from_object_type_id: str, to_object_type_id: str) -> list[AssociationType]:
    """The kinds of associations from one type to another; the one without a label comes first."""
    return [
        found
        for found in ASSOCIATION_TYPES
        if (found.from_object_type_id, found.to_object_type_id) == (from_object_type_id, to_object_type_id)
    ]


def default_type(from_object_type_id: str, to_object_type_id: str) -> AssociationType:
    """The kind without a label. Raises NotFound when the two types cannot be associated."""
    found = types_between(from_object_type_id, to_object_type_id)
    if not found:
        raise NotFound(
            f"{from_object_type_id} and {to_object_type_id} have no association type.",
            remedy="Associate contacts, companies, deals and tickets.",
        )
    return found[0]


def by_id(category: str, type_id: int) -> AssociationType:
    """The kind with this id. Raises NotFound."""
    found = _BY_ID.get((category, type_id))
    if found is None:
        raise NotFound(
            f"There is no association type {type_id} of category {category[:40]}.",
            remedy="List the association labels of the two object types.",
        )
    return found
