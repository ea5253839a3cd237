ALTER TABLE imports DROP COLUMN header;
ALTER TABLE import_errors DROP COLUMN cells;
DROP TABLE archived_records;
DROP TABLE bulk_edits;
DROP TABLE saved_views;
DO $$
DECLARE made record;
BEGIN
    FOR made IN SELECT id FROM value_indexes LOOP
        EXECUTE format('DROP INDEX IF EXISTS records_by_value_%s', made.id);
    END LOOP;
END $$;
DROP TABLE value_indexes;
DROP INDEX records_by_creation;
DROP TABLE record_words;
