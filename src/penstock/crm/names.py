"""Internal names of object types, properties and groups."""

from __future__ import annotations

import re

from penstock.errors import InvalidInput

LONGEST_NAME = 100

# HubSpot: internal names start with a letter and hold lower-case letters, numbers and underscores only.
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def check_name(field: str, name: str) -> None:
    """Raises InvalidInput unless `name` is an internal name of at most 100 characters."""
    if len(name) > LONGEST_NAME or _NAME.fullmatch(name) is None:
        raise InvalidInput(
            f"The {field} is not an internal name ({len(name)} characters).",
            remedy="Start with a lower-case letter and use lower-case letters, digits and underscores, "
            f"{LONGEST_NAME} at most.",
        )


def name_from_label(label: str) -> str:
    """An internal name made from a label: `Date received` becomes `date_received`."""
    name = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")
    if not name or not name[0].isalpha():
        name = f"p_{name}".rstrip("_")
    return name[:LONGEST_NAME].rstrip("_")
