-- What led to what: `root_id` is the change with which it began (null: itself), `chain` the workflows it went through
-- since, the oldest first. A change that no workflow made has an empty chain.
ALTER TABLE changes ADD COLUMN root_id bigint, ADD COLUMN chain bigint[] NOT NULL DEFAULT '{}';
ALTER TABLE enrollments ADD COLUMN root_id bigint, ADD COLUMN chain bigint[] NOT NULL DEFAULT '{}';

-- Records that a workflow did not take because workflows start each other in a loop. `loop` names the workflows of it
-- (`3,7`), smallest id first, so that all stops of one loop are found together.
CREATE TABLE stopped_loops (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL REFERENCES workspaces (id),
    flow_id bigint NOT NULL REFERENCES flows (id),
    record_id bigint NOT NULL,
    loop text NOT NULL,
    chain bigint[] NOT NULL,
    root_id bigint,
    reason text NOT NULL CHECK (reason IN ('DEPTH', 'RATE')),
    times integer NOT NULL DEFAULT 1,
    state text NOT NULL DEFAULT 'OPEN' CHECK (state IN ('OPEN', 'WENT_ON', 'DISMISSED')),
    first_at timestamptz NOT NULL DEFAULT now(),
    last_at timestamptz NOT NULL DEFAULT now(),
    settled_at timestamptz
);
CREATE UNIQUE INDEX stopped_loops_one_open ON stopped_loops (flow_id, record_id) WHERE state = 'OPEN';
CREATE INDEX stopped_loops_open ON stopped_loops (workspace_id, loop, id) WHERE state = 'OPEN';
