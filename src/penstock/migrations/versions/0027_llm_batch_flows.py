"""What a batch saved, and which workflows its questions are of."""

from pathlib import Path

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "batches"


def upgrade() -> None:
    op.execute((SQL / "flows.sql").read_text())


def downgrade() -> None:
    op.execute((SQL / "flows.down.sql").read_text())
