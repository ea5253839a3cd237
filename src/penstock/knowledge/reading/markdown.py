"""Markdown: the parts of the document as they are written, under the headings that they stand under (pure)."""

from __future__ import annotations

from markdown_it import MarkdownIt

from penstock.knowledge.reading.block import Block, Outline
from penstock.knowledge.reading.html import read_html

_PARSER = MarkdownIt("commonmark").enable("table")


def read_markdown(text: str) -> list[Block]:
    """Paragraphs, lists, tables and code, each in its own Markdown, which models read as well as people do; HTML as text."""
    lines = text.split("\n")
    outline = Outline()
    blocks: list[Block] = []
    tokens = _PARSER.parse(text)
    for number, token in enumerate(tokens):
        if token.level != 0 or token.map is None or token.nesting < 0:
            continue
        if token.type == "heading_open":
            outline.enter(int(token.tag[1:]), tokens[number + 1].content)
            continue
        written = "\n".join(lines[token.map[0] : token.map[1]]).strip("\n").rstrip()
        if token.type == "html_block":
            written = "\n".join(block.text for block in read_html(written))
        if written.strip() and token.type != "hr":
            blocks.append(Block(written, outline.headings))
    return blocks
