"""What led to what, carried from change to run to change, and the loops of workflows that were stopped."""

from pathlib import Path

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "loops"


def upgrade() -> None:
    op.execute((SQL / "loops.sql").read_text())


def downgrade() -> None:
    op.execute((SQL / "loops.down.sql").read_text())
