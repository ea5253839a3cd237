-- How long the logs of a workflow's LLM steps keep prompts, replies and outputs, in days: null for ever, 0 not at all. The
-- step up to which each was blanked stands beside it, so that no step is looked at twice.
ALTER TABLE flows
    ADD COLUMN keep_prompts integer CHECK (keep_prompts BETWEEN 0 AND 3650),
    ADD COLUMN keep_replies integer CHECK (keep_replies BETWEEN 0 AND 3650),
    ADD COLUMN keep_outputs integer CHECK (keep_outputs BETWEEN 0 AND 3650),
    ADD COLUMN blanked_prompts bigint NOT NULL DEFAULT 0,
    ADD COLUMN blanked_replies bigint NOT NULL DEFAULT 0,
    ADD COLUMN blanked_outputs bigint NOT NULL DEFAULT 0;
-- The steps with prompts and replies, in the order in which they were written.
CREATE INDEX steps_of_models ON steps (flow_id, id) WHERE action_type_id = '1-1000';
