"""Drafts of workflows beside their published revisions."""

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "screens"


def upgrade() -> None:
    op.execute((SQL / "flow_drafts.sql").read_text())


def downgrade() -> None:
    op.execute((SQL / "flow_drafts.down.sql").read_text())
