"""The pages that a stored answer rests on."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE llm_answers ADD COLUMN sources jsonb")


def downgrade() -> None:
    op.execute("ALTER TABLE llm_answers DROP COLUMN sources")
