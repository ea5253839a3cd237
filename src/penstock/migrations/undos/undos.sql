-- What a workflow wrote, in the order of time: who takes back a step, a revision or a span of time finds it here.
CREATE INDEX property_history_of_flow ON property_history (source_id, at) WHERE source_type = 'AUTOMATION_PLATFORM';

-- A change that takes back what a workflow wrote does not start that workflow again.
ALTER TABLE changes ADD COLUMN closed_to bigint;

-- What people ask to be taken back; workers do it in batches of records, from `cursor_id` on. One of `version_id`,
-- `run_id`, `flow_id`, `undone_id` says what is meant, the conditions beside it narrow it. Versions newer than `until_id`
-- are not meant.
CREATE TABLE undos (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL REFERENCES workspaces (id),
    version_id bigint,
    run_id bigint,
    flow_id bigint,
    undone_id bigint REFERENCES undos (id),
    revision_id bigint,
    action_id text,
    property text,
    from_at timestamptz,
    until_at timestamptz,
    until_id bigint NOT NULL,
    start_workflows boolean NOT NULL,
    state text NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'RUNNING', 'DONE', 'CANCELED', 'FAILED')),
    records bigint,
    cursor_id bigint NOT NULL DEFAULT 0,
    done bigint NOT NULL DEFAULT 0,
    restored bigint NOT NULL DEFAULT 0,
    unchanged bigint NOT NULL DEFAULT 0,
    left_out bigint NOT NULL DEFAULT 0,
    message text NOT NULL DEFAULT '',
    source_type text NOT NULL,
    source_id text NOT NULL,
    source_label text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    CHECK (num_nonnulls(version_id, run_id, flow_id, undone_id) = 1)
);
CREATE INDEX undos_recent ON undos (workspace_id, id DESC);
CREATE INDEX undos_open ON undos (id) WHERE state IN ('WAITING', 'RUNNING');

-- The records that an undo looks at, found once.
CREATE TABLE undo_records (
    undo_id bigint NOT NULL REFERENCES undos (id),
    record_id bigint NOT NULL,
    PRIMARY KEY (undo_id, record_id)
);

-- The values that an undo left as they are, with the reason; `newest_id` is the version that stands there.
CREATE TABLE undo_left (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    undo_id bigint NOT NULL REFERENCES undos (id),
    record_id bigint NOT NULL,
    property text NOT NULL,
    reason text NOT NULL,
    message text NOT NULL,
    newest_id bigint NOT NULL
);
CREATE INDEX undo_left_of_undo ON undo_left (undo_id, id);
