"""Runs that go through the batch APIs of providers, and the batches."""

from pathlib import Path

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "batches"


def upgrade() -> None:
    op.execute((SQL / "batches.sql").read_text())


def downgrade() -> None:
    op.execute((SQL / "batches.down.sql").read_text())
