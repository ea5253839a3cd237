-- Runs that were enrolled to go through the batch APIs of providers, their questions, and the batches.
ALTER TABLE enrollments ADD COLUMN batch boolean NOT NULL DEFAULT false;
ALTER TABLE flow_enrollings ADD COLUMN batch boolean NOT NULL DEFAULT false;

-- formed: questions are chosen. begun: what comes before submitting is done. submitting: the call was about to be
-- made, so that whoever finds it so asks the provider first. running, taking: submitted; over, its answers are taken.
CREATE TABLE llm_batches (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL,
    connection_id bigint NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    name text NOT NULL,
    state text NOT NULL DEFAULT 'formed'
        CHECK (state IN ('formed', 'begun', 'submitting', 'running', 'taking', 'done', 'failed', 'canceled')),
    begun text NOT NULL DEFAULT '',
    remote_id text,
    not_ours text[] NOT NULL DEFAULT '{}',
    questions integer NOT NULL DEFAULT 0,
    answered integer NOT NULL DEFAULT 0,
    cost_usd numeric(14, 8) NOT NULL DEFAULT 0,
    attempts integer NOT NULL DEFAULT 0,
    cancel_asked boolean NOT NULL DEFAULT false,
    message text NOT NULL DEFAULT '',
    held_by text,
    next_at timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    submit_began_at timestamptz,
    submitted_at timestamptz,
    ended_at timestamptz
);
CREATE INDEX llm_batches_open ON llm_batches (next_at)
    WHERE state IN ('formed', 'begun', 'submitting', 'running', 'taking');
CREATE INDEX llm_batches_recent ON llm_batches (workspace_id, id DESC);

-- A question that waits for a batch (batch_id is null) or for its answer; gone once the answer is committed.
CREATE TABLE llm_batch_items (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL,
    batch_id bigint REFERENCES llm_batches (id),
    connection_id bigint NOT NULL,
    model text NOT NULL,
    enrollment_id bigint NOT NULL,
    seq integer NOT NULL,
    call_key text NOT NULL,
    request jsonb NOT NULL,
    prepared jsonb NOT NULL,
    capped boolean NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    added_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (enrollment_id, seq)
);
CREATE INDEX llm_batch_items_waiting ON llm_batch_items (connection_id, model, id) WHERE batch_id IS NULL;
CREATE INDEX llm_batch_items_of_batch ON llm_batch_items (batch_id, id);
