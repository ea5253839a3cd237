"""How common the words of knowledge sets are, kept beside the words themselves."""

from pathlib import Path

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "knowledge"


def upgrade() -> None:
    op.execute((SQL / "frequencies.sql").read_text())


def downgrade() -> None:
    op.execute((SQL / "frequencies.down.sql").read_text())
