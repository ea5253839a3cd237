-- The code of what went wrong ('' when nothing did), beside the whole error, so that indexes can hold it.
ALTER TABLE enrollments ADD COLUMN error_code text NOT NULL GENERATED ALWAYS AS (coalesce(error ->> 'code', '')) STORED;

-- Runs of a flow by where they ended or stand, newest first. It takes the place of enrollments_of_flow, so that
-- a run that moves writes as many index entries as before; all runs of a flow are the union of its statuses.
DROP INDEX enrollments_of_flow;
CREATE INDEX enrollments_of_flow_by_status ON enrollments (flow_id, status, id DESC);
-- Who stands or failed at an action, and of which cause; the groups of "needs attention" are read from it.
CREATE INDEX enrollments_standing ON enrollments (flow_id, next_action_id, status, error_code, id DESC)
    WHERE status IN ('ACTIVE', 'WAITING', 'FAILED');
-- Runs that wait for a connection to be put right; the pump wakes them from here.
CREATE INDEX enrollments_paused ON enrollments (wait_for, id)
    WHERE status = 'WAITING' AND wait_for LIKE 'connection:%';
CREATE INDEX enrollments_paused_of_flow ON enrollments (flow_id, id DESC)
    WHERE status = 'WAITING' AND wait_for LIKE 'connection:%';

-- The action log of a flow, newest first, for one action; for all of them it is merged from its actions.
CREATE INDEX steps_of_flow ON steps (flow_id, action_id, id DESC);
-- What did not go well is rare, so that looking for it must not pass over everything that did.
CREATE INDEX steps_not_completed ON steps (flow_id, status, id DESC) WHERE status <> 'COMPLETED';

-- Failed e-mails and webhooks, for "needs attention".
CREATE INDEX mails_failed ON mails (workspace_id, id DESC) WHERE status = 'failed';
CREATE INDEX webhook_deliveries_failed ON webhook_deliveries (workspace_id, id DESC) WHERE status = 'failed';

-- The day of a moment in a workspace's time zone; an unknown zone counts as UTC.
CREATE FUNCTION day_in_workspace(workspace bigint, moment timestamptz) RETURNS date LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce((SELECT (moment AT TIME ZONE w.time_zone)::date FROM workspaces w WHERE w.id = workspace),
                    (moment AT TIME ZONE 'UTC')::date);
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN (moment AT TIME ZONE 'UTC')::date;
END $$;

-- Figures by day. Every commit of runs appends to the tallies, which never waits for another commit; a worker
-- folds the tallies into the days every few seconds. Readers add up both, through the views at the end.
CREATE TABLE flow_tallies (
    workspace_id bigint NOT NULL,
    flow_id bigint NOT NULL,
    day date NOT NULL,
    enrolled integer NOT NULL DEFAULT 0,
    completed integer NOT NULL DEFAULT 0,
    failed integer NOT NULL DEFAULT 0,
    canceled integer NOT NULL DEFAULT 0,
    unenrolled integer NOT NULL DEFAULT 0
);
CREATE TABLE flow_days (
    workspace_id bigint NOT NULL,
    flow_id bigint NOT NULL,
    day date NOT NULL,
    enrolled bigint NOT NULL,
    completed bigint NOT NULL,
    failed bigint NOT NULL,
    canceled bigint NOT NULL,
    unenrolled bigint NOT NULL,
    PRIMARY KEY (workspace_id, flow_id, day)
);
CREATE INDEX flow_days_by_day ON flow_days (workspace_id, day);

-- `repeats` are attempts that came to nothing and are made again. `latency_bucket` is -1 where no model was
-- called, else the number b of the half-octave of milliseconds (2^((b-1)/2), 2^(b/2)]: adding up buckets gives
-- percentiles over any range, to within a fifth, without a row for each call.
CREATE TABLE step_tallies (
    workspace_id bigint NOT NULL,
    flow_id bigint NOT NULL,
    day date NOT NULL,
    action_id text NOT NULL,
    connection_id bigint NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    latency_bucket smallint NOT NULL,
    done integer NOT NULL,
    failures integer NOT NULL,
    repeats integer NOT NULL,
    skipped integer NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cost_usd numeric NOT NULL,
    unpriced integer NOT NULL
);
CREATE TABLE step_days (
    workspace_id bigint NOT NULL,
    flow_id bigint NOT NULL,
    day date NOT NULL,
    action_id text NOT NULL,
    connection_id bigint NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    latency_bucket smallint NOT NULL,
    done bigint NOT NULL,
    failures bigint NOT NULL,
    repeats bigint NOT NULL,
    skipped bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cost_usd numeric NOT NULL,
    unpriced bigint NOT NULL,
    PRIMARY KEY (workspace_id, flow_id, day, action_id, connection_id, provider, model, latency_bucket)
);
CREATE INDEX step_days_with_calls ON step_days (workspace_id, day) WHERE latency_bucket >= 0;
-- The calls among them over all workflows: a month of them is a thousand rows however many workflows there are.
CREATE TABLE call_days (
    workspace_id bigint NOT NULL,
    day date NOT NULL,
    connection_id bigint NOT NULL,
    provider text NOT NULL,
    model text NOT NULL,
    latency_bucket smallint NOT NULL,
    done bigint NOT NULL,
    failures bigint NOT NULL,
    repeats bigint NOT NULL,
    input_tokens bigint NOT NULL,
    output_tokens bigint NOT NULL,
    cost_usd numeric NOT NULL,
    unpriced bigint NOT NULL,
    PRIMARY KEY (workspace_id, day, connection_id, provider, model, latency_bucket)
);

CREATE VIEW flow_figures AS
    SELECT workspace_id, flow_id, day, enrolled, completed, failed, canceled, unenrolled FROM flow_days
    UNION ALL
    SELECT workspace_id, flow_id, day, enrolled, completed, failed, canceled, unenrolled FROM flow_tallies;
CREATE VIEW step_figures AS
    SELECT workspace_id, flow_id, day, action_id, connection_id, provider, model, latency_bucket, done, failures,
           repeats, skipped, input_tokens, output_tokens, cost_usd, unpriced FROM step_days
    UNION ALL
    SELECT workspace_id, flow_id, day, action_id, connection_id, provider, model, latency_bucket, done, failures,
           repeats, skipped, input_tokens, output_tokens, cost_usd, unpriced FROM step_tallies;

CREATE VIEW call_figures AS
    SELECT workspace_id, day, connection_id, provider, model, latency_bucket, done, failures, repeats, input_tokens,
           output_tokens, cost_usd, unpriced FROM call_days
    UNION ALL
    SELECT workspace_id, day, connection_id, provider, model, latency_bucket, done, failures, repeats, input_tokens,
           output_tokens, cost_usd, unpriced FROM step_tallies WHERE latency_bucket >= 0;

-- What happened before there were figures.
INSERT INTO flow_days
SELECT workspace_id, flow_id, day, sum(enrolled), sum(completed), sum(failed), sum(canceled), sum(unenrolled)
FROM (
    SELECT workspace_id, flow_id, day_in_workspace(workspace_id, enrolled_at) AS day, 1 AS enrolled, 0 AS completed,
           0 AS failed, 0 AS canceled, 0 AS unenrolled FROM enrollments
    UNION ALL
    SELECT workspace_id, flow_id, day_in_workspace(workspace_id, coalesce(finished_at, updated_at)), 0,
           (status = 'COMPLETED')::int, (status = 'FAILED')::int, (status = 'CANCELED')::int, (status = 'UNENROLLED')::int
    FROM enrollments WHERE status NOT IN ('ACTIVE', 'WAITING')
) AS before GROUP BY 1, 2, 3;

INSERT INTO step_days
SELECT workspace_id, flow_id, day_in_workspace(workspace_id, finished_at), action_id,
       CASE WHEN called THEN coalesce((detail ->> 'connection_id')::bigint, 0) ELSE 0 END,
       CASE WHEN called THEN coalesce(detail ->> 'provider', '') ELSE '' END,
       CASE WHEN called THEN coalesce(detail ->> 'model', '') ELSE '' END,
       CASE WHEN called THEN
           greatest(0, least(44, ceil(2 * log(2, greatest(1, coalesce((detail ->> 'latency_ms')::numeric, 1))))))
       ELSE -1 END,
       count(*) FILTER (WHERE status = 'COMPLETED'), count(*) FILTER (WHERE status = 'FAILED'),
       count(*) FILTER (WHERE status = 'RETRYING'), count(*) FILTER (WHERE status = 'SKIPPED'),
       coalesce(sum((detail -> 'tokens' ->> 'input')::bigint) FILTER (WHERE called), 0),
       coalesce(sum((detail -> 'tokens' ->> 'output')::bigint) FILTER (WHERE called), 0),
       coalesce(sum((detail ->> 'cost_usd')::numeric) FILTER (WHERE called), 0),
       count(*) FILTER (WHERE called AND detail ->> 'cost_usd' IS NULL)
FROM (SELECT *, coalesce(detail ? 'latency_ms', false) AS called FROM steps WHERE status <> 'WAITING') AS taken
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;

INSERT INTO call_days
SELECT workspace_id, day, connection_id, provider, model, latency_bucket, sum(done), sum(failures), sum(repeats),
       sum(input_tokens), sum(output_tokens), sum(cost_usd), sum(unpriced)
FROM step_days WHERE latency_bucket >= 0 GROUP BY 1, 2, 3, 4, 5, 6;

-- What people ask to be done with all runs of a kind; workers do it in batches, from `cursor_id` to `until_id`.
CREATE TABLE run_operations (
    id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL,
    operation text NOT NULL CHECK (operation IN ('retry', 'skip', 'cancel')),
    flow_id bigint NOT NULL REFERENCES flows (id),
    standing text NOT NULL CHECK (standing IN ('FAILED', 'PAUSED', 'ALL')),
    action_id text,
    error_code text,
    revision text NOT NULL DEFAULT 'same' CHECK (revision IN ('same', 'current')),
    branch text,
    state text NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'RUNNING', 'DONE', 'CANCELED', 'FAILED')),
    expected integer NOT NULL,
    cursor_id bigint NOT NULL DEFAULT 0,
    until_id bigint NOT NULL,
    done bigint NOT NULL DEFAULT 0,
    left_out bigint NOT NULL DEFAULT 0,
    message text NOT NULL DEFAULT '',
    actor jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE INDEX run_operations_open ON run_operations (id) WHERE state IN ('WAITING', 'RUNNING');
CREATE INDEX run_operations_recent ON run_operations (workspace_id, flow_id, id DESC);
