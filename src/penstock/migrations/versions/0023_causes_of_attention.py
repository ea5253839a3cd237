"""Why a connection needs attention, as a code beside the words."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE connections ADD COLUMN status_code text NOT NULL DEFAULT ''")


def downgrade() -> None:
    op.execute("ALTER TABLE connections DROP COLUMN status_code")
