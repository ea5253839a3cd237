"""Reviews: doubtful answers of models that somebody looks at before the record goes on."""

from pathlib import Path

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "reviews"


def upgrade() -> None:
    op.execute((SQL / "reviews.sql").read_text())


def downgrade() -> None:
    op.execute((SQL / "reviews.down.sql").read_text())
