"""Files are read into blocks of text under their headings, and bad ones are refused by name with a remedy."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter
from tests.knowledge.pdf_file import pdf_of

from penstock.errors import InvalidInput, PenstockError, TooLarge
from penstock.knowledge import reading
from penstock.knowledge.passages import MOST_CHARACTERS, cut
from penstock.knowledge.reading import Block, pdf, read_file

MARKDOWN = b"""\
Welcome.

# Returns

Send it back.

## Refunds ##

- paid by card
- paid *in cash*

| Days | Fee |
|------|-----|
| 30   | 0   |

Warranty
========

```
# no heading
```

<div onclick="x()"><b>Two</b> years.</div>
"""
HTML = b"""<html><head><title>Rules</title><style>p {}</style>
<body><nav>Home</nav><h1>Our <b>rules</b></h1><p>Send it&nbsp;back &amp; wa<i>it</i>.
<ul><li>by card<li>in cash</ul><table><tr><th>Days<th>Fee<tr><td>30<td>0</table>
<script>alert("<p>no</p>")</script><h2>Late</h2>Too late."""


async def test_markdown_keeps_its_own_words_under_the_headings_above_them() -> None:
    read = await read_file("rules.MD", MARKDOWN)
    assert (read.name, read.kind, read.size) == ("rules.MD", "markdown", len(MARKDOWN))
    assert read.blocks == [
        Block("Welcome."),
        Block("Send it back.", ("Returns",)),
        Block("- paid by card\n- paid *in cash*", ("Returns", "Refunds")),
        Block("| Days | Fee |\n|------|-----|\n| 30   | 0   |", ("Returns", "Refunds")),
        Block("```\n# no heading\n```", ("Warranty",)),
        Block("Two years.", ("Warranty",)),
    ]


async def test_html_is_what_a_reader_sees() -> None:
    read = await read_file("folder/rules.html", HTML)
    assert (read.name, read.kind) == ("rules.html", "html")
    assert read.blocks == [
        Block("Send it back & wait.", ("Our rules",)),
        Block("- by card\n- in cash", ("Our rules",)),
        Block("Days | Fee\n30 | 0", ("Our rules",)),
        Block("Too late.", ("Our rules", "Late")),
    ]


async def test_a_pdf_is_read_page_by_page() -> None:
    read = await read_file("terms.pdf", pdf_of("Refunds take ten days.", "Warranty is two years."))
    assert read.blocks == [Block("Refunds take ten days.", page=1), Block("Warranty is two years.", page=2)]


async def test_a_bad_file_is_refused_by_name_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    locked = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_of("Secret."))))
    locked.encrypt("password", algorithm="RC4-128")
    encrypted = io.BytesIO()
    locked.write(encrypted)
    monkeypatch.setattr(reading, "MOST_BYTES", 5_000)
    for name, data, kind, words in (
        ("offer.docx", b"PK", InvalidInput, ".pdf, or save it as one of these"),
        ("latin.txt", b"caf\xe9", InvalidInput, "Save it as UTF-8"),
        ("empty.md", b"# Only a heading\n", InvalidInput, "holds no text"),
        ("fake.pdf", b"<html>", InvalidInput, "cannot be read as PDF"),
        ("torn.pdf", pdf_of("Torn.")[:60], InvalidInput, "cannot be read as PDF"),
        ("scan.pdf", pdf_of(""), InvalidInput, "OCR"),
        ("locked.pdf", encrypted.getvalue(), InvalidInput, "Save it without the password"),
        ("large.txt", b"a" * 5_001, TooLarge, "Split it"),
    ):
        with pytest.raises(kind) as refused:
            await read_file(name, data)
        assert isinstance(refused.value, PenstockError)
        assert f"'{name}'" in refused.value.message
        assert words in str(refused.value), name
    for name in ("", "  ", "a\nb.txt", "x" * 200 + ".txt"):
        with pytest.raises(InvalidInput, match="no name that can be used"):
            await read_file(name, b"text")


async def test_a_pdf_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "LONGEST_SECONDS", 0.0)
    with pytest.raises(InvalidInput, match="takes longer than"):
        await read_file("endless.pdf", pdf_of("Endless."))


def test_passages_keep_every_word_in_order_and_none_is_too_long() -> None:
    long = " ".join(f"Sentence {number} is here." for number in range(200))
    blocks = [
        Block("Intro."),
        Block("One.", ("A",)),
        Block("Two.", ("A",)),
        Block(long, ("A", "B")),
        Block("x" * 3_000, ("A", "B")),
        Block("Page.", (), 7),
    ]
    passages = cut(blocks)
    assert (passages[1].text, passages[1].headings) == ("One.\n\nTwo.", ("A",))
    assert (passages[-1].text, passages[-1].page) == ("Page.", 7)
    assert max(len(passage.text) for passage in passages) <= MOST_CHARACTERS
    squeezed = "".join("".join(block.text.split()) for block in blocks)
    assert "".join("".join(passage.text.split()) for passage in passages) == squeezed
    inside = [
        passage.text for passage in passages if passage.headings == ("A", "B") and "Sentence" in passage.text
    ]
    assert all(text.startswith("Sentence") for text in inside), "a passage begins with a sentence"
