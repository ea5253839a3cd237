"""The one way that property values are put in order: the SQL expression that sorting, filtering and indexes share.

An expression index serves a query only when both write the same expression, so it is written here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from penstock.crm.computed import COLUMN_OF
from penstock.crm.names import check_name
from penstock.crm.properties import Property
from penstock.kit.json import Json

KeyKind = Literal["text", "moment", "number", "time"]
Key = str | Decimal | datetime

LONGEST_KEY = 100  # characters; texts that differ later than here are in the order of their ids

SQL_TYPES: dict[KeyKind, str] = {
    "text": "text",
    "moment": "text",
    "number": "numeric",
    "time": "timestamptz",
}


@dataclass(frozen=True, slots=True)
class ValueKey:
    """What the values of a property are ordered by: texts without regard to case, numbers by size, moments by time.

    `expression` is over the columns of `records`, each written behind `prefix` (`r.`). It is NULL where there is no
    value, except for the columns of a record's own times, which have one always.
    """

    name: str
    kind: KeyKind

    def expression(self, prefix: str = "r.") -> str:
        """The SQL expression. The name is an internal name, so that it can stand in a literal."""
        if self.kind == "time":
            return f"{prefix}{COLUMN_OF[self.name]}"
        check_name("property", self.name)
        value = f"({prefix}properties ->> '{self.name}')"
        match self.kind:
            case "number":
                return f"(CASE WHEN {value} ~ '^-?[0-9]+(\\.[0-9]+)?$' THEN {value}::numeric END)"
            case "moment":
                # `…:00Z` comes before `…:00.500Z` only without the Z.
                return f"(left(rtrim({value}, 'Z'), {LONGEST_KEY}) COLLATE \"C\")"
            case _:
                return f'(left(fold({value}), {LONGEST_KEY}) COLLATE "C")'

    @property
    def sql_type(self) -> str:
        """The type of the expression."""
        return SQL_TYPES[self.kind]

    @property
    def nullable(self) -> bool:
        """Whether a record may have none."""
        return self.kind != "time"

    def to_text(self, key: Key) -> str:
        """A key as text, for a cursor."""
        return key.isoformat() if isinstance(key, datetime) else str(key)

    def from_text(self, text: Json) -> Key:
        """What `to_text` made. Raises ValueError for anything else."""
        if not isinstance(text, str):
            raise ValueError("a key is text")
        match self.kind:
            case "time":
                moment = datetime.fromisoformat(text)
                if moment.tzinfo is None:
                    raise ValueError("a time without an offset")
                return moment
            case "number":
                try:
                    number = Decimal(text)
                except ArithmeticError:
                    raise ValueError("no number") from None
                if not number.is_finite():
                    raise ValueError("no number")
                return number
            case _:
                return text


def key_of(prop: Property) -> ValueKey | None:
    """The key of a property's values; None for the record's id, which is its own order."""
    column = COLUMN_OF.get(prop.name)
    if column == "id":
        return None
    if column is not None:
        return ValueKey(prop.name, "time")
    match prop.type:
        case "number":
            return ValueKey(prop.name, "number")
        case "datetime":
            return ValueKey(prop.name, "moment")
        case _:
            return ValueKey(prop.name, "text")
