-- What a record left behind is found by its id, or by its runs, when it is erased for good.
CREATE INDEX llm_answers_of_run ON llm_answers (enrollment_id);
CREATE INDEX sample_rows_of_record ON sample_rows (record_id);
CREATE INDEX eval_cases_of_record ON eval_cases (record_id) WHERE record_id IS NOT NULL;
CREATE INDEX eval_run_rows_of_case ON eval_run_rows (case_id);
CREATE INDEX stopped_loops_of_record ON stopped_loops (record_id);
CREATE INDEX undo_records_of_record ON undo_records (record_id);
CREATE INDEX undo_left_of_record ON undo_left (record_id);
CREATE INDEX archived_records_of_record ON archived_records (record_id);
