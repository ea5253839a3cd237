"""Samples: workflows tried on several records without effects."""

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "trying"


def upgrade() -> None:
    op.execute((SQL / "samples.sql").read_text())


def downgrade() -> None:
    op.execute((SQL / "samples.down.sql").read_text())
