"""The languages that a set can be in: each is a configuration of PostgreSQL's text search, which knows its word stems."""

from __future__ import annotations

from penstock.errors import InvalidInput

# Those that every PostgreSQL from 15 on has. `simple` takes words as they are written, for all other languages.
LANGUAGES = (
    *("arabic", "armenian", "basque", "catalan", "danish", "dutch", "english", "finnish", "french", "german"),
    *("greek", "hindi", "hungarian", "indonesian", "irish", "italian", "lithuanian", "nepali", "norwegian"),
    *("portuguese", "romanian", "russian", "serbian", "spanish", "swedish", "tamil", "turkish", "yiddish"),
    "simple",
)
DEFAULT_LANGUAGE = "english"


def checked_language(name: str) -> str:
    """The name of a language as the database knows it. Raises InvalidInput that lists them."""
    if (known := name.strip().lower()) in LANGUAGES:
        return known
    raise InvalidInput(
        f"'{name[:50]}' is no language that documents can be searched in.",
        remedy=f"Choose one of {', '.join(LANGUAGES)}; simple is for all others.",
    )
