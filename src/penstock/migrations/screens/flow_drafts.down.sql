DROP TABLE flow_enrollings;
DROP INDEX flows_of_workspace;
ALTER TABLE flows DROP COLUMN folder;
DROP TABLE flow_presences;
DROP TABLE flow_drafts;
DROP SEQUENCE flow_draft_versions;
