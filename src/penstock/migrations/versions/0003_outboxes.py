"""What the senders of mail and webhooks remember between attempts, and an audit log that only grows.

`give_up_at` is when trying ends. A mail that a server took for some recipients only is tried again for the
others. A webhook's `outcome` is set while its delivery is over but the workflow could not go on yet, so that
it is not sent again for that. `host` lets a sender keep one slow receiver from taking all of its slots.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MAILS = """
ALTER TABLE mails
    ADD COLUMN give_up_at timestamptz NOT NULL DEFAULT now() + interval '3 days',
    ADD COLUMN delivered_to text[] NOT NULL DEFAULT '{}';
CREATE INDEX mails_of_enrollment ON mails (enrollment_id) WHERE enrollment_id IS NOT NULL;
"""

# The host stands between '://' (and a user, if any) and the next of '/', '?', '#'.
WEBHOOKS = """
ALTER TABLE webhook_deliveries
    ADD COLUMN give_up_at timestamptz NOT NULL DEFAULT now() + interval '3 days',
    ADD COLUMN outcome text CHECK (outcome IN ('delivered', 'failed')),
    ADD COLUMN host text NOT NULL
        GENERATED ALWAYS AS (coalesce(lower(substring(url from '^[^:/?#]+://(?:[^/?#]*@)?([^/?#@]*)')), '')) STORED;
CREATE INDEX webhook_deliveries_recent ON webhook_deliveries (workspace_id, id DESC);
"""

AUDIT = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The table % is append-only.', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""


def upgrade() -> None:
    for part in (MAILS, WEBHOOKS, AUDIT):
        op.execute(part)


def downgrade() -> None:
    op.execute("DROP TRIGGER audit_log_append_only ON audit_log; DROP FUNCTION refuse_change();")
    op.execute(
        "ALTER TABLE webhook_deliveries DROP COLUMN give_up_at, DROP COLUMN outcome, DROP COLUMN host;"
    )
    op.execute("DROP INDEX webhook_deliveries_recent;")
    op.execute("DROP INDEX mails_of_enrollment;")
    op.execute("ALTER TABLE mails DROP COLUMN give_up_at, DROP COLUMN delivered_to;")
