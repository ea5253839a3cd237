"""Knowledge sets: documents, their passages, and the words that passages are found by."""

from pathlib import Path

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "knowledge"


def upgrade() -> None:
    op.execute((SQL / "knowledge.sql").read_text())


def downgrade() -> None:
    op.execute((SQL / "knowledge.down.sql").read_text())
