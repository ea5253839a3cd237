"""The words of all records of a type, written anew when other properties of it become searchable."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.kit.database import Connection

# In the order of ids, served by records_by_type; the function cuts texts into words.
REFRESH_TYPE = """
INSERT INTO record_words AS w (record_id, workspace_id, object_type_id, words)
SELECT r.id, $1, $2, search_words($1::bigint || ':' || $2::text || ':',
                                  ARRAY(SELECT r.properties ->> name FROM unnest($3::text[]) AS name))
FROM records r WHERE r.workspace_id = $1 AND r.object_type_id = $2
ORDER BY r.id
ON CONFLICT (record_id) DO UPDATE SET words = excluded.words WHERE w.words <> excluded.words
"""


async def refresh_type(
    db: Connection, workspace_id: int, object_type_id: str, searchable: Sequence[str]
) -> None:
    """Writes the words of every record, in the caller's transaction: some minutes for a million records."""
    await db.execute(REFRESH_TYPE, workspace_id, object_type_id, list(searchable))
