"""The words that records are found by: kept beside the records, written only when a searchable value changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from penstock.crm.schema import ObjectSchema
from penstock.crm.text import fold
from penstock.crm.word_vector import word_vector
from penstock.kit.database import Connection

MOST_WORDS = 10  # of a search; further ones would hardly narrow it
LONGEST_WORD = 60  # characters, as in `word_vector`

# By primary key.
REFRESH = f"""
INSERT INTO record_words AS w (record_id, workspace_id, object_type_id, words)
SELECT r.id, $1, $2, {word_vector("$4")}
FROM records r WHERE r.workspace_id = $1 AND r.id = ANY ($3::bigint[])
ORDER BY r.id
ON CONFLICT (record_id) DO UPDATE SET words = excluded.words WHERE w.words <> excluded.words
"""  # noqa: S608  (only a constant expression is put in)

_BETWEEN_WORDS = re.compile(r"[^a-z0-9\x80-\U0010ffff]+")


async def refresh(
    db: Connection,
    workspace_id: int,
    schema: ObjectSchema,
    record_ids: Sequence[int],
    changed: AbstractSet[str] | None = None,
) -> None:
    """Writes the words of these records anew, in the transaction that wrote their values.

    Does nothing when none of the `changed` properties (None: all are new) is searchable.
    """
    searchable = schema.object_type.searchable_properties
    if record_ids and searchable and (changed is None or not changed.isdisjoint(searchable)):
        await db.execute(REFRESH, workspace_id, schema.object_type.id, list(record_ids), list(searchable))


def words_of(search: str) -> tuple[str, ...]:
    """The distinct words of a search as they are looked for: folded, at most `MOST_WORDS`."""
    words = (word[:LONGEST_WORD] for word in _BETWEEN_WORDS.split(fold(search)) if word)
    return tuple(dict.fromkeys(words))[:MOST_WORDS]


def query_of(workspace_id: int, object_type_id: str, words: Sequence[str]) -> str:
    """A `tsquery` for records that have, for every one of `words`, a word that begins with it.

    Words hold neither quotes nor backslashes, so they need no escaping.
    """
    return " & ".join(f"'{workspace_id}:{object_type_id}:{word}':*" for word in words)
