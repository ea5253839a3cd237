-- What a batch saved against the usual price, and the part of it that each workflow has.
ALTER TABLE llm_batches ADD COLUMN saved_usd numeric(14, 8) NOT NULL DEFAULT 0;

-- As text: jsonb sorts keys, and models fill in the fields of a schema in its order.
ALTER TABLE llm_batch_items ALTER COLUMN request TYPE json;

CREATE TABLE llm_batch_flows (
    batch_id bigint NOT NULL REFERENCES llm_batches (id),
    flow_id bigint NOT NULL,
    questions integer NOT NULL DEFAULT 0,
    answered integer NOT NULL DEFAULT 0,
    cost_usd numeric(14, 8) NOT NULL DEFAULT 0,
    saved_usd numeric(14, 8) NOT NULL DEFAULT 0,
    PRIMARY KEY (batch_id, flow_id)
);
CREATE INDEX llm_batch_flows_recent ON llm_batch_flows (flow_id, batch_id DESC);

-- Batches that are under way; of those that are over, nothing says whose questions they had.
INSERT INTO llm_batch_flows (batch_id, flow_id, questions)
SELECT i.batch_id, e.flow_id, count(*) FROM llm_batch_items i JOIN enrollments e ON e.id = i.enrollment_id
WHERE i.batch_id IS NOT NULL GROUP BY 1, 2;
