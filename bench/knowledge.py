"""How often the right document is among the first five for a real complaint, beside PostgreSQL's own ranking.

Documents are made from the complaints' own descriptions: one for each product and issue, with the sub-products and
sub-issues that occur with it, and nothing of any complaint's text. The questions are the complaints as people wrote
them. Then the time of a search in a set of as many passages as one may have.

Usage: python -m bench.knowledge [--complaints FILE] [--passages 20000] [--json]
(FILE is a CSV of the Consumer Complaint Database of the CFPB; examples/complaints.csv by default)
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import random
import shutil
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from penstock.accounts.actors import Actor
from penstock.bootstrap import Penstock, open_penstock
from penstock.kit.database import Connection, transaction
from penstock.knowledge import documents, sets
from penstock.knowledge.reading import Block, ReadFile, read_file
from penstock.knowledge.search import search
from penstock.settings import Settings

SENT = 5
ASKED = 100  # searches in the large set
ACTOR = Actor(1, "cli", "bench", "bench", "owner")
# The floor: the same words, any of them, ranked by ts_rank with the length of the passage taken into account.
TS_RANK = """
SELECT d.name FROM knowledge_passages p JOIN knowledge_documents d ON d.id = p.document_id,
    (SELECT string_agg(quote_literal(lexeme), ' | ')::tsquery AS words FROM unnest(to_tsvector('english', $2))) q
WHERE p.set_id = $1 AND to_tsvector('english', d.name || ' ' || array_to_string(p.headings, ' ') || ' ' || p.content) @@ q.words
ORDER BY ts_rank(to_tsvector('english', d.name || ' ' || array_to_string(p.headings, ' ') || ' ' || p.content), q.words, 1) DESC
LIMIT 5
"""


def described(rows: list[dict[str, str]]) -> dict[str, str]:
    """The text of a document for each product and issue, by its name."""
    subs: dict[tuple[str, str], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for row in rows:
        products, issues = subs[row["Product"], row["Issue"]]
        products.add(row["Sub-product"])
        issues.add(row["Sub-issue"])
    return {
        name_of(product, issue): f"# {product}\n\n## {issue}\n\n"
        + "\n".join(f"- {one}" for one in sorted((products | issues) - {""}) or [issue])
        for (product, issue), (products, issues) in subs.items()
    }


def name_of(product: str, issue: str) -> str:
    """The name of the document about an issue of a product."""
    return f"{product} - {issue}".replace("/", " ")[:190] + ".md"


async def put_all(app: Penstock, name: str, files: list[ReadFile]) -> int:
    """A set of these files; its id."""
    async with transaction(app.pool) as db:
        made = await sets.create(db, ACTOR, name=name, language="english")
        for file in files:
            await documents.put(db, ACTOR, made.id, file)
    return made.id


async def recall(db: Connection, set_id: int, rows: list[dict[str, str]]) -> dict[str, float]:
    """The share of complaints whose document is among the first five, and is the first; ours and ts_rank's."""
    texts = [row["Consumer complaint narrative"] for row in rows]
    wanted = [name_of(row["Product"], row["Issue"]) for row in rows]
    ours = [[one.document for one in found] for found in await search(db, 1, [set_id], texts, SENT)]
    theirs = [[row["name"] for row in await db.fetch(TS_RANK, set_id, text)] for text in texts]

    def share(found: list[list[str]], first: int) -> float:
        hits = sum(name in names[:first] for name, names in zip(wanted, found, strict=True))
        return round(hits / len(wanted), 3)

    return {
        "right_among_5": share(ours, SENT),
        "right_first": share(ours, 1),
        "ts_rank_among_5": share(theirs, SENT),
        "ts_rank_first": share(theirs, 1),
    }


async def large(app: Penstock, rows: list[dict[str, str]], passages: int) -> dict[str, float]:
    """Milliseconds of a search in a set of so many passages, which are made of the complaints' sentences."""
    chance = random.Random(1)
    sentences = [part for row in rows for part in row["Consumer complaint narrative"].split(". ") if part]
    per_document = 1_000
    files = []
    for number in range(passages // per_document):
        blocks = [
            Block(". ".join(chance.sample(sentences, min(8, len(sentences))))[:1_200], (f"Part {part}",))
            for part in range(per_document)
        ]
        files.append(ReadFile(f"{number}.md", "markdown", 1, bytes([number]), blocks))
    began = time.perf_counter()
    set_id = await put_all(app, "Large", files)
    took = time.perf_counter() - began
    spent = []
    async with app.pool.acquire() as db:
        await db.execute("ANALYZE knowledge_words")
        for _ in range(ASKED):
            text = chance.choice(rows)["Consumer complaint narrative"]
            began = time.perf_counter()
            await search(db, 1, [set_id], [text], SENT)
            spent.append(time.perf_counter() - began)
    spent.sort()
    return {
        "passages": passages,
        "passages_added_per_second": round(passages / took),
        "search_p50_ms": round(1000 * spent[ASKED // 2], 1),
        "search_p95_ms": round(1000 * spent[ASKED * 95 // 100], 1),
    }


async def bench(path: Path, passages: int) -> dict[str, float]:
    """All of it on a fresh home folder."""
    with path.open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    asked = [row for row in rows if row["Consumer complaint narrative"].strip()]
    texts = described(rows)
    home = Path(tempfile.mkdtemp(prefix="penstock-bench-"))
    try:
        async with open_penstock(Settings(home=home)) as app:
            files = [await read_file(name, text.encode()) for name, text in texts.items()]
            set_id = await put_all(app, "Issues", files)
            async with app.pool.acquire() as db:
                found = await recall(db, set_id, asked)
            return {
                "documents": len(files),
                "complaints": len(asked),
                "by_chance_among_5": round(min(1.0, SENT / len(files)), 3),
                **found,
                **(await large(app, asked, passages) if passages else {}),
            }
    finally:
        shutil.rmtree(home, ignore_errors=True)


def main() -> None:
    """Prints what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--complaints", type=Path, default=Path("examples/complaints.csv"))
    parser.add_argument("--passages", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    found = asyncio.run(bench(wanted.complaints, wanted.passages))
    if wanted.json:
        print(json.dumps(found))
        return
    for name, figure in found.items():
        print(f"{name.replace('_', ' '):28}{figure:>12,}")


if __name__ == "__main__":
    main()
