"""Reads a file into blocks of text: plain text, Markdown, HTML or PDF, told apart by the end of its name."""

from __future__ import annotations

import asyncio
import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from penstock.errors import InvalidInput, TooLarge
from penstock.kit.text import storable
from penstock.knowledge.reading.block import Block
from penstock.knowledge.reading.html import read_html
from penstock.knowledge.reading.markdown import read_markdown
from penstock.knowledge.reading.pdf import read_pdf, refusal
from penstock.knowledge.reading.plain import read_plain

__all__ = ["KINDS", "MOST_BYTES", "MOST_CHARACTERS", "Block", "Kind", "ReadFile", "read_file"]

Kind = Literal["text", "markdown", "html", "pdf"]
KINDS: dict[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
}
MOST_BYTES = 20 * 1024 * 1024
MOST_CHARACTERS = 2_000_000  # of the text in a document; a thick book has about a million
LONGEST_NAME = 200

_READERS: dict[Kind, Callable[[str], list[Block]]] = {
    "text": read_plain,
    "markdown": read_markdown,
    "html": read_html,
}


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as it was read; `sha256` is of its bytes."""

    name: str
    kind: Kind
    size: int
    sha256: bytes
    blocks: Sequence[Block]


async def read_file(name: str, data: bytes) -> ReadFile:
    """Reads a file. Raises InvalidInput or TooLarge that name the file and say what to do with it."""
    name = _named(name)
    kind = KINDS.get(PurePath(name).suffix.lower())
    if kind is None:
        raise InvalidInput(
            f"'{name}' is of no kind that Penstock reads.",
            remedy=f"Give it a name that ends in {', '.join(KINDS)}, or save it as one of these.",
        )
    if len(data) > MOST_BYTES:
        raise TooLarge(
            f"'{name}' has {len(data):,} bytes; a document may have {MOST_BYTES:,}.",
            remedy="Split it into several documents, or save it as text.",
        )
    if kind == "pdf":
        if b"%PDF-" not in data[:1024]:
            raise refusal(name, "broken")
        blocks = await read_pdf(name, data)
    else:
        blocks = await asyncio.to_thread(_READERS[kind], _decoded(name, data))
    blocks = [
        Block(storable(block.text), tuple(map(storable, block.headings)), block.page) for block in blocks
    ]
    characters = sum(len(block.text) for block in blocks)
    if characters > MOST_CHARACTERS:
        raise _too_long(name, characters)
    if not characters:
        raise InvalidInput(f"'{name}' holds no text.", remedy="Add a document that does.")
    return ReadFile(name, kind, len(data), hashlib.sha256(data).digest(), blocks)


def _named(name: str) -> str:
    """The name without folders; raises InvalidInput for one that is none."""
    name = unicodedata.normalize("NFC", storable(name).replace("\\", "/").rsplit("/", 1)[-1]).strip()
    if not name or len(name) > LONGEST_NAME or any(unicodedata.category(one) == "Cc" for one in name):
        raise InvalidInput(
            "The document has no name that can be used.",
            remedy=f"Give it a name of 1 to {LONGEST_NAME} characters, such as returns.md.",
        )
    return name


def _decoded(name: str, data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise InvalidInput(
            f"'{name}' is not text in UTF-8.", remedy="Save it as UTF-8, then add it again."
        ) from None
    if len(text) > MOST_CHARACTERS:
        raise _too_long(name, len(text))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _too_long(name: str, characters: int) -> TooLarge:
    return TooLarge(
        f"'{name}' has {characters:,} characters; a document may have {MOST_CHARACTERS:,}.",
        remedy="Split it into several documents.",
    )
