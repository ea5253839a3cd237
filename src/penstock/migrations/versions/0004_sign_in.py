"""Passwords, sessions, one-time links and invitations."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SQL = Path(__file__).parent.parent / "screens"


def upgrade() -> None:
    op.execute((SQL / "sign_in.sql").read_text())


def downgrade() -> None:
    op.execute((SQL / "sign_in.down.sql").read_text())
