"""Evals: sets of cases for LLM steps, their runs, and the gate before publishing."""

from pathlib import Path

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "trying"


def upgrade() -> None:
    op.execute((SQL / "evals.sql").read_text())


def downgrade() -> None:
    op.execute((SQL / "evals.down.sql").read_text())
