"""The limits of LLM connections: the owner's, the pace shared by all workers, and the runs that wait for their turn."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE connections
    ADD COLUMN requests_per_minute integer CHECK (requests_per_minute > 0),
    ADD COLUMN tokens_per_minute integer CHECK (tokens_per_minute > 0);

-- One row for each model that was called, and one with no model for the limits that the owner set. The clocks are
-- seconds since 1970 by this server's clock; small and hot, so its dead rows are pruned within the page.
CREATE TABLE llm_paces (
    connection_id bigint NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    model text NOT NULL,
    requests double precision,
    tokens double precision,
    request_clock double precision NOT NULL DEFAULT 0,
    token_clock double precision NOT NULL DEFAULT 0,
    tokens_each double precision NOT NULL,
    closed_until double precision NOT NULL DEFAULT 0,
    slowed double precision NOT NULL DEFAULT 1,
    slowed_at double precision NOT NULL DEFAULT 0,
    guessed boolean NOT NULL DEFAULT false,
    PRIMARY KEY (connection_id, model)
) WITH (fillfactor = 20);

-- permit_at: when the call that a leg is about to make may go out; arrived_at: when the run first came to the step.
ALTER TABLE enrollments ADD COLUMN permit_at timestamptz, ADD COLUMN arrived_at timestamptz;

-- Who waits for a turn, per workflow in order of arrival.
CREATE INDEX enrollments_limited ON enrollments (wait_for, flow_id, id)
    WHERE status = 'WAITING' AND wait_for LIKE 'limit:%';
"""
DOWN = """
DROP INDEX enrollments_limited;
ALTER TABLE enrollments DROP COLUMN permit_at, DROP COLUMN arrived_at;
DROP TABLE llm_paces;
ALTER TABLE connections DROP COLUMN requests_per_minute, DROP COLUMN tokens_per_minute;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
