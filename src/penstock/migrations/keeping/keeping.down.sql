DROP INDEX steps_of_models;
ALTER TABLE flows DROP COLUMN keep_prompts, DROP COLUMN keep_replies, DROP COLUMN keep_outputs,
    DROP COLUMN blanked_prompts, DROP COLUMN blanked_replies, DROP COLUMN blanked_outputs;
