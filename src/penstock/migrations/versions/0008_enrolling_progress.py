"""How far the enrolling of the records that meet a workflow's criteria is: found by the workflow."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX flow_enrollings_of_flow ON flow_enrollings (flow_id, id DESC)")


def downgrade() -> None:
    op.execute("DROP INDEX flow_enrollings_of_flow")
