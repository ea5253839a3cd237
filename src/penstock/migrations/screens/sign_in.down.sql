DROP INDEX audit_log_by_actor, audit_log_by_action;
ALTER TABLE audit_log DROP COLUMN address;
DROP TABLE sign_in_failures, one_time_links, sessions, passwords;
ALTER TABLE users DROP COLUMN last_signed_in_at, DROP COLUMN language;
