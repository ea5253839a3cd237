DROP TABLE llm_batch_flows;
ALTER TABLE llm_batch_items ALTER COLUMN request TYPE jsonb;
ALTER TABLE llm_batches DROP COLUMN saved_usd;
