DROP TABLE undo_left;
DROP TABLE undo_records;
DROP TABLE undos;
ALTER TABLE changes DROP COLUMN closed_to;
DROP INDEX property_history_of_flow;
