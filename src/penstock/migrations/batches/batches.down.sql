DROP TABLE llm_batch_items;
DROP TABLE llm_batches;
ALTER TABLE flow_enrollings DROP COLUMN batch;
ALTER TABLE enrollments DROP COLUMN batch;
