-- In how many passages of a set a word stands, so that a search need not count. Kept by the statements that write and
-- remove passages, which hold the set's row.
CREATE TABLE knowledge_frequencies (
    set_id bigint NOT NULL,
    word text NOT NULL,
    passages integer NOT NULL,
    PRIMARY KEY (set_id, word)
);
INSERT INTO knowledge_frequencies (set_id, word, passages)
SELECT set_id, word, count(*) FROM knowledge_words GROUP BY set_id, word;
