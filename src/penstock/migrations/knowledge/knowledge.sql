-- Sets of documents that steps answer from. `language` is a text search configuration; `revision` grows with every
-- change of the documents.
CREATE TABLE knowledge_sets (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL REFERENCES workspaces (id),
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    language text NOT NULL,
    revision integer NOT NULL DEFAULT 0,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX knowledge_sets_name ON knowledge_sets (workspace_id, lower(name));

-- A document is known by its name: the same name again is its next version. `words` counts those that are searched.
CREATE TABLE knowledge_documents (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL REFERENCES workspaces (id),
    set_id bigint NOT NULL REFERENCES knowledge_sets (id) ON DELETE CASCADE,
    name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('text', 'markdown', 'html', 'pdf')),
    version integer NOT NULL DEFAULT 1,
    sha256 bytea NOT NULL,
    bytes integer NOT NULL,
    passages integer NOT NULL DEFAULT 0,
    words integer NOT NULL DEFAULT 0,
    added_by text NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX knowledge_documents_name ON knowledge_documents (set_id, lower(name));

CREATE TABLE knowledge_passages (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workspace_id bigint NOT NULL REFERENCES workspaces (id),
    set_id bigint NOT NULL,
    document_id bigint NOT NULL REFERENCES knowledge_documents (id) ON DELETE CASCADE,
    position integer NOT NULL,
    headings text[] NOT NULL,
    page integer,
    content text NOT NULL,
    UNIQUE (document_id, position)
);

-- The inverted index: which passages of a set hold a word, how often, and how many words each of them has. Searches
-- read the primary key's index and nothing else. Without foreign keys: a passage has some hundred rows here, and they
-- come and go in the statements that write and remove passages.
CREATE TABLE knowledge_words (
    set_id bigint NOT NULL,
    word text NOT NULL,
    passage_id bigint NOT NULL,
    times smallint NOT NULL,
    words integer NOT NULL,
    PRIMARY KEY (set_id, word, passage_id) INCLUDE (times, words)
);
CREATE INDEX knowledge_words_of_passage ON knowledge_words (passage_id);
