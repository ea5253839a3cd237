"""Where a record came from, and one way to compare text without regard to case.

`records` gets the source of its creation: the first version of every value that it was created with is derived
from it, so that creating (and importing) a record writes no history rows.

`fold(text)` is lower-casing character by character, the same in every database whatever its locale, and the same
as `penstock.crm.text.fold`. PostgreSQL has had a built-in collation for that since version 17; before, ICU's root
collation is the nearest, and the database's own where the server was built without ICU.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SOURCES = """
ALTER TABLE records
    ADD COLUMN source_type text NOT NULL DEFAULT '',
    ADD COLUMN source_id text NOT NULL DEFAULT '',
    ADD COLUMN source_label text NOT NULL DEFAULT '',
    ADD COLUMN source_detail jsonb;
"""

FOLD = """
DO $do$
DECLARE
    collation_name text := CASE
        WHEN EXISTS (SELECT FROM pg_collation WHERE collname = 'pg_c_utf8') THEN ' COLLATE pg_c_utf8'
        WHEN EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu') THEN ' COLLATE "und-x-icu"'
        ELSE '' END;
BEGIN
    EXECUTE 'CREATE FUNCTION fold(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE '
        || 'RETURN lower($1' || collation_name || ')';
END $do$;
"""

IMPORTS = """
CREATE INDEX imports_of_workspace ON imports (workspace_id, id DESC);
"""


def upgrade() -> None:
    for part in (SOURCES, FOLD, IMPORTS):
        op.execute(part)


def downgrade() -> None:
    raise RuntimeError("This migration is not taken back; restore a backup instead.")
