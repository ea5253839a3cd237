"""The tables of the foundation: accounts, CRM, connections, workflows, enrollments, outside effects.

Every row belongs to a workspace, so that a workspace can move to a database of its own. The hot tables
(changes, property_history, enrollments, steps) are append-mostly and carry only the indexes that the
queries named beside them need. The SQL stands in `migrations/foundation/`, one file a part.
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PARTS = ("accounts", "crm", "connections", "workflows", "effects", "notifications")
FOLDER = Path(__file__).parent.parent / "foundation"

FIRST_WORKSPACE = """
INSERT INTO workspaces (id, name) VALUES (1, 'Penstock');
SELECT setval(pg_get_serial_sequence('workspaces', 'id'), 1);
"""


def upgrade() -> None:
    for part in PARTS:
        op.execute((FOLDER / f"{part}.sql").read_text())
    op.execute(FIRST_WORKSPACE)


def downgrade() -> None:
    raise RuntimeError("The first migration is not taken back; drop the database instead.")
