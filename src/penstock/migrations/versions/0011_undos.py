"""Undos: what workflows wrote is found by workflow and time, and what people take back is kept as rows."""

from pathlib import Path

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "undos"


def upgrade() -> None:
    op.execute((SQL / "undos.sql").read_text())


def downgrade() -> None:
    op.execute((SQL / "undos.down.sql").read_text())
