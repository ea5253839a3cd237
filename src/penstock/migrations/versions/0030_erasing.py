"""Indexes by which a record that is erased for good finds what it left behind."""

from pathlib import Path

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "erasing"


def upgrade() -> None:
    op.execute((SQL / "erasing.sql").read_text())


def downgrade() -> None:
    op.execute((SQL / "erasing.down.sql").read_text())
