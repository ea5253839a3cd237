"""Finds the passages that answer a text best: by its words, the rare ones counting most (BM25).

PostgreSQL's own `ts_rank` does not know how rare a word is, so that in long texts the ones that everybody uses win; so
the words stand in an inverted index of their own, `knowledge_words`, and the formula is written out here (Robertson and
Zaragoza, "The Probabilistic Relevance Framework", 2009). Its constants are those that Anserini found for passages
(k1 0.9, b 0.4), and 8 for how often a word stands in the query (k3), because here a query is a record's whole text.
`bench.knowledge` measures them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from penstock.kit.database import Connection, Row
from penstock.kit.text import storable

LONGEST_QUERY = 20_000  # characters; what comes behind adds no word that matters
MOST_WORDS = 40  # of a query: its rarest; the others would hardly move the order and cost the most
ALWAYS = 3  # of them are looked for however common they are
MOST_READ = 50_000  # rows of the index that the others may take together
MOST_FOUND = 100

# The words of each query in the language of each set; of those that the sets hold, the rarest; the passages that hold
# one, scored. Reads knowledge_frequencies by primary key, the index of knowledge_words only, and then the found passages
# by their primary key.
SEARCH = f"""
WITH queries AS (
    SELECT text, number FROM unnest($3::text[]) WITH ORDINALITY AS q (text, number)
), chosen AS (
    SELECT id, name, language FROM knowledge_sets WHERE workspace_id = $1 AND id = ANY ($2::bigint[])
), total AS (
    SELECT greatest(sum(d.passages), 1)::float8 AS passages,
           greatest(sum(d.words), 1)::float8 / greatest(sum(d.passages), 1)::float8 AS usual
    FROM knowledge_documents d JOIN chosen ON chosen.id = d.set_id
), wanted AS MATERIALIZED (
    SELECT q.number, chosen.id AS set_id, v.lexeme AS word, cardinality(v.positions)::float8 AS asked
    FROM queries q CROSS JOIN chosen, LATERAL unnest(to_tsvector(chosen.language::regconfig, q.text)) v
), known AS MATERIALIZED (
    SELECT pair.word, sum(f.passages)::float8 AS passages
    FROM (SELECT DISTINCT set_id, word FROM wanted) pair
    JOIN knowledge_frequencies f ON f.set_id = pair.set_id AND f.word = pair.word
    GROUP BY pair.word
), ranked AS (
    SELECT w.number, w.set_id, w.word,
           ln(1 + (total.passages - k.passages + 0.5) / (k.passages + 0.5)) * w.asked * 9 / (w.asked + 8) AS weight,
           dense_rank() OVER rare_first AS place,
           sum(k.passages) OVER rare_first AS read
    FROM wanted w JOIN known k USING (word) CROSS JOIN total
    WINDOW rare_first AS (PARTITION BY w.number ORDER BY k.passages, w.word)
), scored AS (
    SELECT r.number, k.passage_id,
           sum(r.weight * k.times * 1.9 / (k.times + 0.9 * (0.6 + 0.4 * k.words / total.usual))) AS score
    FROM ranked r JOIN knowledge_words k ON k.set_id = r.set_id AND k.word = r.word CROSS JOIN total
    WHERE r.place <= {MOST_WORDS} AND (r.read <= {MOST_READ} OR r.place <= {ALWAYS})
    GROUP BY r.number, k.passage_id
), best AS (
    SELECT number, passage_id, score,
           row_number() OVER (PARTITION BY number ORDER BY score DESC, passage_id) AS place
    FROM scored
)
SELECT best.number, best.score, p.id, p.headings, p.page, p.content, p.set_id, chosen.name AS set_name,
       p.document_id, d.name AS document, d.version
FROM best
JOIN knowledge_passages p ON p.id = best.passage_id
JOIN knowledge_documents d ON d.id = p.document_id
JOIN chosen ON chosen.id = p.set_id
WHERE best.place <= $4
ORDER BY best.number, best.place
"""  # noqa: S608  (only constant numbers are put in)


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that was found. `score` only compares passages of one search; `page` is that of a PDF."""

    id: int
    set_id: int
    set_name: str
    document_id: int
    document: str
    version: int
    headings: tuple[str, ...]
    page: int | None
    content: str
    score: float

    @property
    def place(self) -> str:
        """Where it stands, in words: `returns.md > Refunds > Late ones`, `terms.pdf > page 3`."""
        page = [f"page {self.page}"] if self.page is not None else []
        return " > ".join([self.document, *self.headings, *page])


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What was found for one record: passages, the best first. `state` says as which version each set was searched."""

    passages: tuple[Passage, ...] = ()
    state: str = ""


async def search(
    db: Connection, workspace_id: int, set_ids: Sequence[int], queries: Sequence[str], limit: int
) -> list[list[Passage]]:
    """For each query up to `limit` passages of these sets, the best first; none where no word of it is known.

    Sets of other workspaces are as if they were not there.
    """
    found: list[list[Passage]] = [[] for _ in queries]
    texts = [storable(query[:LONGEST_QUERY]) for query in queries]
    rows = await db.fetch(SEARCH, workspace_id, list(set_ids), texts, min(limit, MOST_FOUND))
    for row in rows:
        found[row["number"] - 1].append(_passage(row))
    return found


def _passage(row: Row) -> Passage:
    return Passage(
        row["id"],
        row["set_id"],
        row["set_name"],
        row["document_id"],
        row["document"],
        row["version"],
        tuple(row["headings"]),
        row["page"],
        row["content"],
        row["score"],
    )
