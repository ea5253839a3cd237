DROP TABLE eval_run_rows;
DROP TABLE eval_runs;
DROP TABLE eval_cases;
DROP TABLE eval_sets;
