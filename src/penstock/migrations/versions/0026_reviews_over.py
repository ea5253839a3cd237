"""Reviews of runs that ended another way are closed."""

from pathlib import Path

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "reviews"


def upgrade() -> None:
    op.execute((SQL / "over.sql").read_text())


def downgrade() -> None:
    op.execute((SQL / "over.down.sql").read_text())
