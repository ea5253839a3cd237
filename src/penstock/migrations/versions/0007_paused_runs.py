"""Runs that wait for a connection, and what the run screens and the spend screens read."""

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "screens"


def upgrade() -> None:
    op.execute((SQL / "paused_runs.sql").read_text())


def downgrade() -> None:
    op.execute((SQL / "paused_runs.down.sql").read_text())
