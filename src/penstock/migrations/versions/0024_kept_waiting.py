"""Finds a workflow's runs that wait for room under a cap, or for their turn at a connection."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE INDEX enrollments_capped_of_flow ON enrollments (flow_id, id DESC)
            WHERE status = 'WAITING' AND wait_for LIKE 'cap:%'
    """)
    op.execute("""
        CREATE INDEX enrollments_limited_of_flow ON enrollments (flow_id, id DESC)
            WHERE status = 'WAITING' AND wait_for LIKE 'limit:%'
    """)


def downgrade() -> None:
    op.execute("DROP INDEX enrollments_limited_of_flow")
    op.execute("DROP INDEX enrollments_capped_of_flow")
