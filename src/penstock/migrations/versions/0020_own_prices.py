"""Prices that a workspace states itself, in place of the list's."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE own_prices (
            workspace_id bigint NOT NULL REFERENCES workspaces (id),
            provider text NOT NULL,
            model text NOT NULL,
            input_usd numeric NOT NULL CHECK (input_usd >= 0),
            cached_input_usd numeric CHECK (cached_input_usd >= 0),
            output_usd numeric NOT NULL CHECK (output_usd >= 0),
            batch_factor numeric CHECK (batch_factor > 0 AND batch_factor <= 1),
            set_by text NOT NULL,
            set_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (workspace_id, provider, model)
        )
    """)


def downgrade() -> None:
    op.execute("DROP TABLE own_prices")
