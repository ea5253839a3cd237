"""What the record screens read: indexes for a million records, saved views."""

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "screens"


def upgrade() -> None:
    op.execute((SQL / "record_screens.sql").read_text())


def downgrade() -> None:
    op.execute((SQL / "record_screens.down.sql").read_text())
