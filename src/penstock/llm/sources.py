"""The pages that a search of the web found: what a provider reports of them, made harmless (pure).

Titles are written by whoever wrote the page, and URLs may be anything: they end in logs, e-mails and webhooks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from urllib.parse import urlsplit

from penstock.kit.json import Json, JsonObject
from penstock.llm.json_values import items, obj, text
from penstock.llm.result import Source

MOST_SOURCES = 20
LONGEST_URL = 2_048  # characters; Google's links to its own redirect have several hundred
LONGEST_TITLE = 200


def sources_in(found: Iterable[tuple[str, str]]) -> tuple[Source, ...]:
    """The (URL, title) pairs as sources, each page once, in order; what is no plain web address is left out."""
    sources: dict[str, Source] = {}
    for url, title in found:
        if len(sources) >= MOST_SOURCES:
            break
        address = url.strip().replace(" ", "%20")  # Google writes some of its own with spaces
        if not is_web_address(address):
            continue
        known = sources.get(address)
        if known is None or (not known.title and title):
            sources[address] = Source(address, plain(title))
    return tuple(sources.values())


def as_json(sources: Iterable[Source]) -> list[Json]:
    """The sources as rows of the database keep them and the API gives them."""
    kept: list[JsonObject] = [{"url": source.url, "title": source.title} for source in sources]
    return [*kept]


def from_json(kept: Json) -> tuple[Source, ...]:
    """The sources that `as_json` wrote; none from anything else."""
    return tuple(
        Source(url, text(one.get("title"))) for one in map(obj, items(kept)) if (url := text(one.get("url")))
    )


def is_web_address(url: str) -> bool:
    """Whether this is an http or https URL with a host and without credentials, white space or invisible characters."""
    if len(url) > LONGEST_URL or any(
        character.isspace() or _invisible(character) or character in "<>\"'\\" for character in url
    ):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and not set("@%") & set(parts.netloc)


def plain(title: str) -> str:
    """A title on one line without invisible characters (which can turn text around), cut at LONGEST_TITLE."""
    visible = "".join(
        " " if character.isspace() else character
        for character in title[: LONGEST_TITLE * 4]
        if character.isspace() or not _invisible(character)
    )
    words = " ".join(visible.split())
    return words if len(words) <= LONGEST_TITLE else words[: LONGEST_TITLE - 1].rstrip() + "…"


def _invisible(character: str) -> bool:
    # Control, format (bidirectional marks among them), surrogates and private use.
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"}
