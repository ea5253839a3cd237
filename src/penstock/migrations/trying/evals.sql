-- Eval sets of an LLM step: inputs as they once were, and what the step should answer. `version` rises with every
-- change of what is asked, so that a run can be told to be of the cases as they are now.
CREATE TABLE eval_sets (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL REFERENCES workspaces (id),
    flow_id bigint NOT NULL REFERENCES flows (id),
    action_id text NOT NULL,
    name text NOT NULL,
    judge_connection_id bigint,
    judge_model text NOT NULL DEFAULT '',
    version integer NOT NULL DEFAULT 1,
    gates boolean NOT NULL DEFAULT false,
    margin double precision NOT NULL DEFAULT 0.05 CHECK (margin BETWEEN 0 AND 1),
    baseline_run_id bigint,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX eval_sets_name ON eval_sets (workspace_id, flow_id, lower(name));

CREATE TABLE eval_cases (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    eval_set_id bigint NOT NULL REFERENCES eval_sets (id) ON DELETE CASCADE,
    workspace_id bigint NOT NULL,
    name text NOT NULL,
    record_id bigint,
    record_values jsonb NOT NULL,
    outputs jsonb NOT NULL DEFAULT '{}',
    checks jsonb NOT NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX eval_cases_of_set ON eval_cases (eval_set_id, id);

-- One run of a set: `document` is what was tried, `fingerprint` names the step's inputs in it.
CREATE TABLE eval_runs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL,
    eval_set_id bigint NOT NULL REFERENCES eval_sets (id) ON DELETE CASCADE,
    set_version integer NOT NULL,
    revision_id bigint,
    action_id text NOT NULL,
    document jsonb NOT NULL,
    fingerprint text NOT NULL,
    model text NOT NULL,
    state text NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'RUNNING', 'DONE', 'CANCELED', 'FAILED')),
    message text NOT NULL DEFAULT '',
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE INDEX eval_runs_of_set ON eval_runs (eval_set_id, id DESC);
CREATE INDEX eval_runs_open ON eval_runs (id) WHERE state IN ('WAITING', 'RUNNING');

-- One case in a run. `checks` are those of the case when the run began.
CREATE TABLE eval_run_rows (
    run_id bigint NOT NULL REFERENCES eval_runs (id) ON DELETE CASCADE,
    position integer NOT NULL,
    workspace_id bigint NOT NULL,
    case_id bigint NOT NULL,
    case_name text NOT NULL,
    checks jsonb NOT NULL,
    status text,
    outputs jsonb,
    verdicts jsonb,
    error jsonb,
    cost_usd numeric(14, 8),
    seconds double precision,
    PRIMARY KEY (run_id, position)
);
