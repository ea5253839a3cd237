"""Caps on what model calls may cost, what calls under way have reserved, and the runs that wait for room."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

UP = """
CREATE FUNCTION period_start(period text, workspace bigint) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT CASE period WHEN 'day' THEN day_in_workspace(workspace, now())
                       WHEN 'month' THEN date_trunc('month', day_in_workspace(workspace, now()))::date
                       ELSE date '1970-01-01' END
$$;

-- subject_id: a workflow for flow and run, a connection for connection, 0 for the workspace. usd_each: about what one
-- call under this cap reserves. retry_since: runs that waited before it try again (the cap was changed).
CREATE TABLE spend_caps (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL,
    scope text NOT NULL CHECK (scope IN ('workspace', 'flow', 'connection', 'run')),
    subject_id bigint NOT NULL DEFAULT 0,
    period text NOT NULL CHECK (period IN ('day', 'month', 'total')),
    limit_usd numeric(14, 8) NOT NULL CHECK (limit_usd >= 0),
    spent_usd numeric(14, 8) NOT NULL DEFAULT 0,
    reserved_usd numeric(14, 8) NOT NULL DEFAULT 0,
    usd_each numeric(14, 8) NOT NULL DEFAULT 0,
    period_start date NOT NULL,
    retry_since timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (workspace_id, scope, subject_id, period)
) WITH (fillfactor = 20);

-- What a claimed call may cost, and under which caps that is reserved until it is settled.
ALTER TABLE llm_calls ADD COLUMN reserved_usd numeric(14, 8), ADD COLUMN cap_ids bigint[];

CREATE INDEX enrollments_capped ON enrollments (wait_for, id) WHERE status = 'WAITING' AND wait_for LIKE 'cap:%';
"""
DOWN = """
DROP INDEX enrollments_capped;
ALTER TABLE llm_calls DROP COLUMN reserved_usd, DROP COLUMN cap_ids;
DROP TABLE spend_caps;
DROP FUNCTION period_start(text, bigint);
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
