-- A workflow has at most one draft beside its published revisions. Versions come from one sequence, so that a
-- version that was discarded or published never comes back: an editor that still holds it is always told.
CREATE SEQUENCE flow_draft_versions;
CREATE TABLE flow_drafts (
    flow_id bigint PRIMARY KEY REFERENCES flows (id),
    workspace_id bigint NOT NULL,
    document jsonb NOT NULL,
    version bigint NOT NULL DEFAULT nextval('flow_draft_versions'),
    base_revision_id bigint NOT NULL,
    saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    saved_by_id text NOT NULL,
    saved_by text NOT NULL
);

-- Who has an editor open. A row that was not renewed for a while counts as gone.
CREATE UNLOGGED TABLE flow_presences (
    flow_id bigint NOT NULL,
    person_id text NOT NULL,
    workspace_id bigint NOT NULL,
    name text NOT NULL,
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (flow_id, person_id)
);

-- Folders are a matter of lists: moving a workflow makes no revision.
ALTER TABLE flows ADD COLUMN folder text NOT NULL DEFAULT '';
-- The list of workflows, last changed first.
CREATE INDEX flows_recent ON flows (workspace_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL;
