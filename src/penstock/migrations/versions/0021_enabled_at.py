"""When a flow was turned on: changes from before do not enroll, however late they are read."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A flow that is on already keeps none, and hears every change that is still to be read.
    op.execute("ALTER TABLE flows ADD COLUMN enabled_at timestamptz")


def downgrade() -> None:
    op.execute("ALTER TABLE flows DROP COLUMN enabled_at")
