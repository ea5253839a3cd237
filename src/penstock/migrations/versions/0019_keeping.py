"""How long the logs of LLM steps keep prompts, replies and outputs, by workflow."""

from pathlib import Path

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "keeping"


def upgrade() -> None:
    op.execute((SQL / "keeping.sql").read_text())


def downgrade() -> None:
    op.execute((SQL / "keeping.down.sql").read_text())
