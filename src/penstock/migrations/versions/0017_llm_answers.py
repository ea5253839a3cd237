"""Stored answers of models, for identical calls within a time of the author's choice."""

from pathlib import Path

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "reuse"


def upgrade() -> None:
    op.execute((SQL / "llm_answers.sql").read_text())


def downgrade() -> None:
    op.execute((SQL / "llm_answers.down.sql").read_text())
