"""Whether owners and admins get an e-mail when a cap is nearly or wholly used."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE spend_caps ADD COLUMN alerts boolean NOT NULL DEFAULT true")


def downgrade() -> None:
    op.execute("ALTER TABLE spend_caps DROP COLUMN alerts")
