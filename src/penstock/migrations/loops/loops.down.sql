DROP TABLE stopped_loops;
ALTER TABLE enrollments DROP COLUMN root_id, DROP COLUMN chain;
ALTER TABLE changes DROP COLUMN root_id, DROP COLUMN chain;
