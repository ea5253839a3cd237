"""Knowledge sets in the database: documents come, change and go, and their passages are found by their rare words."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from bench.knowledge import described, recall

from penstock.accounts.actors import Actor
from penstock.errors import AlreadyExists, InvalidInput, NotFound, TooLarge
from penstock.kit.database import Connection
from penstock.knowledge import documents, sets
from penstock.knowledge.documents import Document
from penstock.knowledge.reading import read_file
from penstock.knowledge.search import search

ROOT = Path(__file__).parents[2]
ANN = Actor(1, "cli", "ann", "ann", "owner")
EVE = Actor(2, "cli", "eve", "eve", "owner")


async def a_set(db: Connection, name: str = "Rules", language: str = "english") -> int:
    return (await sets.create(db, ANN, name=name, language=language)).id


async def put(db: Connection, set_id: int, name: str, text: str) -> Document:
    async with db.transaction():
        return await documents.put(db, ANN, set_id, await read_file(name, text.encode()))


async def found(db: Connection, set_ids: list[int], query: str, workspace_id: int = 1) -> list[str]:
    [passages] = await search(db, workspace_id, set_ids, [query], 5)
    return [passage.place for passage in passages]


async def test_rare_words_decide_which_passage_comes_first(db: Connection) -> None:
    """By the count of words alone the noise would win: it says "customer" and "account" all the time."""
    rules = await a_set(db)
    for number in range(12):
        await put(db, rules, f"noise-{number}.md", "The customer has an account. " * (8 + number))
    await put(db, rules, "escrow.md", "# Shortages\n\nAn escrow shortage is spread over twelve months.")
    query = "The customer says: my account customer account has a shortage of escrows!"
    assert (await found(db, [rules], query))[0] == "escrow.md > Shortages", "stems and rarity"
    assert (await found(db, [rules], "noise 7"))[0] == "noise-7.md", "the name of a document counts"
    assert await found(db, [rules], "zebra") == []
    assert await found(db, [rules], "the and of") == [], "stop words find nothing"
    several = await search(db, 1, [rules], ["zebra", "escrow", ""], 5)
    assert [[one.document for one in passages] for passages in several] == [[], ["escrow.md"], []]


async def test_each_set_is_searched_in_its_own_language(db: Connection) -> None:
    danish = await a_set(db, "Regler", "danish")
    await put(db, danish, "retur.md", "Kunderne sender varerne tilbage.")
    english = await a_set(db)
    await put(db, english, "returns.md", "Customers return goods.")
    assert await found(db, [danish, english], "kunde vare") == ["retur.md"]
    assert await found(db, [danish, english], "returning customer") == ["returns.md"]


async def test_a_document_of_the_same_name_is_the_next_version_and_nothing_of_the_old_one_stays(
    db: Connection,
) -> None:
    rules = await a_set(db)
    first = await put(db, rules, "refunds.md", "Refunds within thirty days.")
    again = await put(db, rules, "refunds.md", "Refunds within thirty days.")
    assert (first.version, again) == (1, first), "the same bytes change nothing"
    second = await put(db, rules, "Refunds.md", "Money back in a fortnight.")
    assert (second.id, second.name, second.version, second.passages) == (first.id, "Refunds.md", 2, 1)
    assert await found(db, [rules], "thirty") == []
    assert await found(db, [rules], "fortnight") == ["Refunds.md"]
    assert (await sets.get(db, 1, rules)).revision == 2
    counted = await db.fetch(
        "SELECT word, count(*)::int AS passages FROM knowledge_words GROUP BY word ORDER BY word"
    )
    kept = await db.fetch("SELECT word, passages FROM knowledge_frequencies ORDER BY word")
    assert [tuple(row) for row in kept] == [tuple(row) for row in counted], "how common each word is"
    await documents.remove(db, ANN, rules, first.id)
    with pytest.raises(NotFound):
        await documents.get(db, 1, rules, first.id)
    await put(db, rules, "more.md", "Something else.")
    await sets.delete(db, ANN, rules)
    for table in (
        "knowledge_sets",
        "knowledge_documents",
        "knowledge_passages",
        "knowledge_words",
        "knowledge_frequencies",
    ):
        assert await db.fetchval(f"SELECT count(*) FROM {table}") == 0, table  # noqa: S608
    deeds = [row["action"] for row in await db.fetch("SELECT action FROM audit_log ORDER BY id")]
    assert deeds == [
        "knowledge_set.created",
        "knowledge_document.added",
        "knowledge_document.replaced",
        "knowledge_document.removed",
        "knowledge_document.added",
        "knowledge_set.deleted",
    ]


async def test_another_workspace_finds_and_changes_nothing(db: Connection) -> None:
    await db.execute("INSERT INTO workspaces (id, name) VALUES (2, 'Another')")
    rules = await a_set(db)
    kept = await put(db, rules, "refunds.md", "Refunds within thirty days.")
    assert await found(db, [rules], "refunds", workspace_id=2) == []
    file = await read_file("refunds.md", b"Never.")
    for deed in (
        sets.get(db, 2, rules),
        sets.delete(db, EVE, rules),
        sets.update(db, EVE, rules, name="Mine"),
        documents.put(db, EVE, rules, file),
        documents.remove(db, EVE, rules, kept.id),
        documents.list_documents(db, 2, rules),
    ):
        with pytest.raises(NotFound):
            await deed
    assert await documents.passages_of(db, 2, kept.id) == []
    assert await found(db, [rules], "refunds") == ["refunds.md"]


async def test_what_a_set_cannot_be_or_hold_is_refused(
    db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = await a_set(db)
    with pytest.raises(AlreadyExists):
        await a_set(db, "RULES")
    with pytest.raises(InvalidInput, match="english"):
        await a_set(db, "Regeln", "klingon")
    with pytest.raises(InvalidInput, match="1 to 100 characters"):
        await a_set(db, "  ")
    monkeypatch.setattr(documents, "MOST_PASSAGES", 2)
    await put(db, rules, "two.md", "# A\n\none\n\n# B\n\ntwo")
    with pytest.raises(TooLarge, match=r"With 'more\.md' the set would have more than 2 passages"):
        await put(db, rules, "more.md", "three")
    assert (await put(db, rules, "two.md", "# C\n\nother\n\n# D\n\nwords")).version == 2, (
        "room of the old one"
    )
    monkeypatch.setattr(documents, "MOST_DOCUMENTS", 1)
    with pytest.raises(TooLarge, match="documents already"):
        await put(db, rules, "more.md", "three")


async def test_complaints_find_the_description_of_their_issue_more_often_than_by_ts_rank(
    db: Connection,
) -> None:
    """Real complaints in people's own words, against documents that hold nothing but the names of issues."""
    with (ROOT / "examples" / "complaints.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    issues = await a_set(db, "Issues")
    for name, text in described(rows).items():
        await put(db, issues, name, text)
    asked = [row for row in rows if row["Consumer complaint narrative"].strip()]
    found = await recall(db, issues, asked)
    assert len(asked) == 60
    assert found["right_among_5"] > 0.75, "by chance it would be 0.16"
    assert found["right_among_5"] > found["ts_rank_among_5"]
