"""Which of an LLM step's models a run asks next, when the earlier ones failed."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE enrollments ADD COLUMN turn smallint NOT NULL DEFAULT 0")


def downgrade() -> None:
    op.execute("ALTER TABLE enrollments DROP COLUMN turn")
