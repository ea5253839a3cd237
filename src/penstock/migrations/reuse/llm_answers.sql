-- Answers of models that identical calls within a time of the author's choice are answered with. `key` is a SHA-256 of
-- everything that the call would send, before fences. Rows are dropped when their time is over.
CREATE TABLE llm_answers (
    workspace_id bigint NOT NULL REFERENCES workspaces (id),
    key bytea NOT NULL,
    answer text NOT NULL,
    model text NOT NULL,
    enrollment_id bigint NOT NULL,
    answered_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, key)
);
CREATE INDEX llm_answers_expired ON llm_answers (expires_at);
