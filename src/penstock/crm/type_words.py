"""The words of all records of a type, written anew when other properties of it become searchable."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.crm.word_vector import word_vector
from penstock.kit.database import Connection

# In the order of ids, served by records_by_type.
REFRESH_TYPE = f"""
INSERT INTO record_words AS w (record_id, workspace_id, object_type_id, words)
SELECT r.id, $1, $2, {word_vector("$3")}
FROM records r WHERE r.workspace_id = $1 AND r.object_type_id = $2
ORDER BY r.id
ON CONFLICT (record_id) DO UPDATE SET words = excluded.words WHERE w.words <> excluded.words
"""  # noqa: S608  (only a constant expression is put in)


async def refresh_type(
    db: Connection, workspace_id: int, object_type_id: str, searchable: Sequence[str]
) -> None:
    """Writes the words of every record, in the caller's transaction: some minutes for a million records."""
    await db.execute(REFRESH_TYPE, workspace_id, object_type_id, list(searchable))
