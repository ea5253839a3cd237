"""What can be done with all runs of a kind can be done with those that wait at a cap."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE run_operations DROP CONSTRAINT run_operations_standing_check,
            ADD CONSTRAINT run_operations_standing_check CHECK (standing IN ('FAILED', 'PAUSED', 'AT_CAP', 'ALL'))
    """)


def downgrade() -> None:
    op.execute("DELETE FROM run_operations WHERE standing = 'AT_CAP'")
    op.execute("""
        ALTER TABLE run_operations DROP CONSTRAINT run_operations_standing_check,
            ADD CONSTRAINT run_operations_standing_check CHECK (standing IN ('FAILED', 'PAUSED', 'ALL'))
    """)
