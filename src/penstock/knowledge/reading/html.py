"""HTML: the text that a reader would see, under its headings; scripts, styles and navigation are left out (pure)."""

from __future__ import annotations

from html.parser import HTMLParser

from penstock.knowledge.reading.block import Block, Outline

_HIDDEN = frozenset({"script", "style", "title", "nav", "template", "noscript", "svg", "iframe"})
_ENDS_A_BLOCK = frozenset(
    {
        *(
            "p",
            "div",
            "section",
            "article",
            "main",
            "header",
            "footer",
            "aside",
            "blockquote",
            "pre",
            "figure",
        ),
        *("ul", "ol", "dl", "table", "hr", "body", "details", "summary"),
    }
)
_ENDS_A_LINE = frozenset({"br", "li", "tr", "dt", "dd", "caption"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


def read_html(text: str) -> list[Block]:
    """Paragraphs, lists and tables as lines of text: `- ` before the items of a list, ` | ` between cells."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.end_block()
    return reader.blocks


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._outline = Outline()
        self._heading = 0
        self._hidden: list[str] = []
        self._pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _HIDDEN:
            self._hidden.append(tag)
        elif tag in _HEADINGS:
            self.end_block()
            self._heading = _HEADINGS[tag]
        elif tag in _ENDS_A_BLOCK:
            self.end_block()
        elif tag in _ENDS_A_LINE:
            self._pieces.append("\n- " if tag == "li" else "\n")
        elif tag in ("td", "th"):
            self._pieces.append(" | ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            # What was opened inside and never closed ends with it, as in a browser.
            del self._hidden[len(self._hidden) - 1 - self._hidden[::-1].index(tag) :]
        elif tag in _HEADINGS or tag in _ENDS_A_BLOCK:
            self.end_block()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            before, after = _edges(data)
            self._pieces.append(before + " ".join(data.split()) + after)

    def end_block(self) -> None:
        """Closes the paragraph or heading that is being read."""
        lines = (" ".join(line.split()).strip(" |") for line in "".join(self._pieces).split("\n"))
        written = "\n".join(line for line in lines if line and line != "-")
        self._pieces.clear()
        level, self._heading = self._heading, 0
        if level:
            self._outline.enter(level, written)
        elif written:
            self.blocks.append(Block(written, self._outline.headings))


def _edges(data: str) -> tuple[str, str]:
    """White space around a piece of text separates it from its neighbours, as one space."""
    return (" " if data[:1].isspace() else "", " " if data[-1:].isspace() else "")
