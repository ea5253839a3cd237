-- Doubtful answers of models that somebody looks at before the record goes on. A row belongs to the wait of one
-- enrollment at one fence value; when the enrollment stands elsewhere, nothing is left to decide.
-- `fields` is what is looked at, `outputs` what the step would put out, `seen` the record as the model was asked about it.
CREATE TABLE reviews (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL REFERENCES workspaces (id),
    enrollment_id bigint NOT NULL,
    seq integer NOT NULL,
    flow_id bigint NOT NULL REFERENCES flows (id),
    revision_id bigint NOT NULL,
    record_id bigint NOT NULL,
    action_id text NOT NULL,
    fields jsonb NOT NULL,
    outputs jsonb NOT NULL,
    seen jsonb NOT NULL,
    state text NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'APPROVED', 'EDITED', 'REJECTED')),
    decided_outputs jsonb,
    reason text NOT NULL DEFAULT '',
    decided_by text,
    decided_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (enrollment_id, seq)
);
-- The queue, oldest first; and what was decided, newest first.
CREATE INDEX reviews_waiting ON reviews (workspace_id, id) WHERE state = 'WAITING';
CREATE INDEX reviews_decided ON reviews (workspace_id, id DESC) WHERE state <> 'WAITING';
