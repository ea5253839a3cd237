DROP INDEX llm_answers_of_run;
DROP INDEX sample_rows_of_record;
DROP INDEX eval_cases_of_record;
DROP INDEX eval_run_rows_of_case;
DROP INDEX stopped_loops_of_record;
DROP INDEX undo_records_of_record;
DROP INDEX undo_left_of_record;
DROP INDEX archived_records_of_record;
