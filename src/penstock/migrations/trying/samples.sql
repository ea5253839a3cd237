-- A workflow, or one step of it, tried on several records without effects. `document` is what was tried.
CREATE TABLE samples (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL REFERENCES workspaces (id),
    flow_id bigint NOT NULL REFERENCES flows (id),
    revision_id bigint,
    action_id text,
    document jsonb NOT NULL,
    state text NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'RUNNING', 'DONE', 'CANCELED', 'FAILED')),
    message text NOT NULL DEFAULT '',
    max_usd numeric(14, 8),
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE INDEX samples_of_flow ON samples (workspace_id, flow_id, id DESC);
CREATE INDEX samples_open ON samples (id) WHERE state IN ('WAITING', 'RUNNING');

-- One record of a sample. `result` is what would have happened, `asked` what each LLM step had before it.
CREATE TABLE sample_rows (
    sample_id bigint NOT NULL REFERENCES samples (id) ON DELETE CASCADE,
    position integer NOT NULL,
    workspace_id bigint NOT NULL,
    record_id bigint NOT NULL,
    record_name text NOT NULL,
    status text,
    result jsonb,
    asked jsonb,
    cost_usd numeric(14, 8),
    seconds double precision,
    finished_at timestamptz,
    PRIMARY KEY (sample_id, position)
);
