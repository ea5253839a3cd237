-- What the record screens read at a million records: words to search by, indexes made when they are needed, saved
-- views, and edits of many records at once. docs/decisions/0009 says why, with measurements.

-- The words of a record's searchable values. It is a table of its own so that writing any other value of a record
-- leaves the index alone, and stays a heap-only update. Every word carries workspace and type (`1:0-1:anna`): the
-- index finds the records of one type without looking at another's.
CREATE TABLE record_words (
    record_id bigint PRIMARY KEY,
    workspace_id bigint NOT NULL,
    object_type_id text NOT NULL,
    words tsvector NOT NULL
);
-- A short list of pending entries: every search reads all of it.
CREATE INDEX record_words_by_word ON record_words USING gin (words) WITH (fastupdate = on, gin_pending_list_limit = 512);

-- The words of the records that are there; `penstock.crm.word_vector` says what they are.
INSERT INTO record_words (record_id, workspace_id, object_type_id, words)
SELECT r.id, r.workspace_id, r.object_type_id,
array_to_tsvector(ARRAY(
    SELECT r.workspace_id || ':' || r.object_type_id || ':' || left(word, 60)
    FROM unnest(regexp_split_to_array(
        fold(array_to_string(ARRAY(SELECT left(r.properties ->> name, 4000) FROM unnest(t.searchable_properties) AS name), ' ')
             || ' ' || array_to_string(ARRAY(
                 SELECT regexp_replace(r.properties ->> name, '[^0-9]', '', 'g') FROM unnest(t.searchable_properties) AS name
                 WHERE r.properties ->> name ~ '^[+0-9 ()./-]{5,40}$'), ' ')),
        '[^a-z0-9\u0080-\U0010ffff]+')) AS word
    WHERE word <> '' LIMIT 500))
FROM records r JOIN object_types t USING (workspace_id, object_type_id);

-- Records in the order of their creation; creation times never change, so the index costs nothing later.
CREATE INDEX records_by_creation ON records (workspace_id, object_type_id, created_at, id) WHERE archived_at IS NULL;

-- The properties of big types that somebody sorts or filters by. Each READY one has the index records_by_value_<id>.
CREATE TABLE value_indexes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL,
    object_type_id text NOT NULL,
    property text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('text', 'moment', 'number', 'time')),
    state text NOT NULL DEFAULT 'WANTED' CHECK (state IN ('WANTED', 'READY', 'FAILED')),
    message text NOT NULL DEFAULT '',
    wanted_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz NOT NULL DEFAULT now(),
    ready_at timestamptz,
    UNIQUE (workspace_id, object_type_id, property)
);

CREATE TABLE saved_views (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL REFERENCES workspaces (id),
    object_type_id text NOT NULL,
    owner_type text NOT NULL,
    owner_id text NOT NULL,
    owner_name text NOT NULL,
    name text NOT NULL,
    filter jsonb,
    search text NOT NULL DEFAULT '',
    sort jsonb,
    columns jsonb NOT NULL DEFAULT '[]',
    shared boolean NOT NULL DEFAULT false,
    position integer NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX saved_views_of_type ON saved_views (workspace_id, object_type_id, position, id);

-- Edits of many records, done in batches from `cursor_id` to `until_id`. Either `record_ids` or `filter` and `search`.
CREATE TABLE bulk_edits (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL REFERENCES workspaces (id),
    object_type_id text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('edit', 'archive', 'restore')),
    state text NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'RUNNING', 'DONE', 'CANCELED', 'FAILED')),
    record_ids bigint[],
    filter jsonb,
    search text NOT NULL DEFAULT '',
    archival_id bigint REFERENCES bulk_edits (id),
    new_values jsonb,
    expected bigint NOT NULL,
    expected_exact boolean NOT NULL,
    cursor_id bigint NOT NULL DEFAULT 0,
    until_id bigint NOT NULL,
    done bigint NOT NULL DEFAULT 0,
    changed bigint NOT NULL DEFAULT 0,
    failed bigint NOT NULL DEFAULT 0,
    problems jsonb NOT NULL DEFAULT '[]',
    message text NOT NULL DEFAULT '',
    source_type text NOT NULL,
    source_id text NOT NULL,
    source_label text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE INDEX bulk_edits_of_type ON bulk_edits (workspace_id, object_type_id, id DESC);
CREATE INDEX bulk_edits_open ON bulk_edits (id) WHERE state IN ('WAITING', 'RUNNING');

-- Which records an archival archived, so that it can be undone as a whole.
CREATE TABLE archived_records (
    archival_id bigint NOT NULL REFERENCES bulk_edits (id),
    record_id bigint NOT NULL,
    workspace_id bigint NOT NULL,
    PRIMARY KEY (archival_id, record_id)
);

-- The cells of a bad row, so that it can be put right and imported again.
ALTER TABLE import_errors ADD COLUMN cells text[];
ALTER TABLE imports ADD COLUMN header text[];
