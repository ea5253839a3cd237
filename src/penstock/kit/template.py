"""Tokens in authors' texts: `{{ enrolled_object.firstname | default("friend") }}`. Never code.

A token is a dotted path and filters from a fixed table: no expressions, attributes, calls or loops. What is not
a well-formed token comes out as it stands, inserted values are escaped for where they go and are never read
for tokens again. Everything here is pure and takes time linear in its input.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from penstock.errors import Problem, TooLarge
from penstock.kit.template_escapes import Escape, escaper
from penstock.kit.template_filters import FENCED, FILTERS, FilterMisuse

__all__ = ["Escape", "Filter", "Piece", "Rendered", "Template", "Token", "check", "parse", "render"]

LONGEST_TOKEN = 1_000  # characters from {{ to }}
LONGEST_TEXT = 100_000  # characters of a template; parsing the worst one takes 50 ms
LONGEST_RESULT = 1_000_000  # characters of a rendered text
MOST_PROBLEMS = 20  # of one text; nobody reads more

Lookup = Callable[[tuple[str, ...]], str | None]
Fence = Callable[[str], str]
NO_CUTS: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of a token: its name in the table and its arguments."""

    name: str
    arguments: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """A token: the path of what it stands for, its filters, and where it starts (characters from 0)."""

    path: tuple[str, ...]
    filters: tuple[Filter, ...]
    position: int

    @property
    def name(self) -> str:
        """The path as it is written."""
        return ".".join(self.path)

    @property
    def fenced(self) -> bool:
        """Whether its value stands in a fence."""
        return any(one.name == FENCED for one in self.filters)


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed text: literal pieces and tokens in order, and what is wrong with it."""

    pieces: tuple[str | Token, ...]
    problems: tuple[Problem, ...]

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens in order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Token))


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a finished text: `token` is what it came from, None for the author's own words.

    `value` is what the token stood for before escaping and fencing, None when it had no value.
    """

    text: str
    token: Token | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """The finished text in pieces."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the tokens that had no value and no default, in order."""
        return tuple(
            piece.token.name for piece in self.pieces if piece.token is not None and piece.value is None
        )


# Possessive (++, *+) throughout: what is matched once is never tried another way.
_SPACE = r"[ \t\r\n]*+"
_NAME = r"(?!__)[A-Za-z0-9_][A-Za-z0-9_\-]*+"
_STRING = r"\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+'"
_ARGUMENT = rf"(?:{_STRING}|-?[0-9]{{1,9}}+)"
_ARGUMENTS = rf"\({_SPACE}(?:{_ARGUMENT}{_SPACE}(?:,{_SPACE}{_ARGUMENT}{_SPACE})*+)?+\)"
_FILTER = rf"\|{_SPACE}[a-z_]++{_SPACE}(?:{_ARGUMENTS}{_SPACE})?+"
_OPENING = re.compile(r"\{\{(?!\{)")  # Of {{{{{{ only the last two braces can begin a token.
_TOKEN = re.compile(
    rf"\{{\{{{_SPACE}(?P<path>{_NAME}(?:\.{_NAME})*+){_SPACE}(?P<filters>(?:{_FILTER})*+)\}}\}}", re.DOTALL
)
_ONE_FILTER = re.compile(rf"\|{_SPACE}([a-z_]++){_SPACE}({_ARGUMENTS})?+", re.DOTALL)
_ONE_ARGUMENT = re.compile(_ARGUMENT, re.DOTALL)
_LOOKS_MEANT = re.compile(rf"\{{\{{{_SPACE}[A-Za-z_0-9][^{{}}\n]*+\}}\}}")
_BACKSLASHED = re.compile(r"\\(.)", re.DOTALL)


@lru_cache(maxsize=2048)
def parse(text: str) -> Template:
    """Finds the tokens in a text. Never raises: what is wrong is in `problems` and comes out literally."""
    pieces: list[str | Token] = []
    problems: list[Problem] = []
    if len(text) > LONGEST_TEXT:
        problems.append(
            Problem("", "TOO_LARGE", f"The text has {len(text):,} characters; {LONGEST_TEXT:,} are allowed.")
        )
        return Template((text,), tuple(problems))
    done = 0
    opening = _OPENING.search(text)
    while opening:
        found = _TOKEN.match(text, opening.start(), opening.start() + LONGEST_TOKEN)
        token = _read_token(found, problems) if found else None
        if found is None and len(problems) < MOST_PROBLEMS:
            problems.append(_malformed(text, opening.start()))
        if found is not None and token is not None:
            pieces += (text[done : found.start()], token)
            done = found.end()
        opening = _OPENING.search(text, (found or opening).end())
    pieces.append(text[done:])
    return Template(tuple(piece for piece in pieces if piece != ""), tuple(problems))


def check(text: str) -> list[Problem]:
    """What is wrong with the tokens of a text: malformed ones, unknown filters, wrong arguments.

    A `{{` that does not look like a token at all is a warning, because prompts may hold such text.
    """
    return list(parse(text).problems)


def render(
    template: Template,
    lookup: Lookup,
    escape: Escape,
    *,
    fence: Fence | None = None,
    cuts: Mapping[str, int] = NO_CUTS,
) -> Rendered:
    """Puts values in place of tokens, once, each escaped for where the text goes.

    `lookup` takes a token's path and gives its value, or None when there is none; such a token comes out
    empty and is named in `missing`. `fence` is put around the values of tokens that are to be fenced. `cuts` says
    of tokens by name after how many characters their value ends. Raises TooLarge when the result is longer than
    a million characters.
    """
    escaped = escaper(escape)
    pieces: list[Piece] = []
    size = 0
    for piece in template.pieces:
        if isinstance(piece, str):
            made = Piece(piece)
        else:
            value = _apply(piece, lookup(piece.path))
            if value is not None and (longest := cuts.get(piece.name)) is not None and len(value) > longest:
                value = value[:longest].rstrip() + "…"
            text = escaped(value) if value is not None else ""
            if fence is not None and value is not None and piece.fenced:
                text = fence(text)
            made = Piece(text, piece, value)
        size += len(made.text)
        if size > LONGEST_RESULT:
            raise TooLarge(
                f"The text would be longer than {LONGEST_RESULT:,} characters with its tokens filled in.",
                remedy="Use fewer tokens, or cut long values with truncate(1000).",
            )
        pieces.append(made)
    return Rendered(tuple(pieces))


def _apply(token: Token, value: str | None) -> str | None:
    for filter_ in token.filters:
        if value is not None or filter_.name == "default":
            value = FILTERS[filter_.name].apply(value, *filter_.arguments)
    return value


def _read_token(found: re.Match[str], problems: list[Problem]) -> Token | None:
    """The token, or None with a Problem added when its filters are not in the table or take other arguments."""
    filters: list[Filter] = []
    for name, arguments in _ONE_FILTER.findall(found["filters"]):
        filter_ = Filter(name, tuple(_read_argument(text) for text in _ONE_ARGUMENT.findall(arguments)))
        try:
            if name not in FILTERS:
                raise FilterMisuse(f"there is no filter {name!r}; there are {', '.join(FILTERS)}")
            FILTERS[name].check(filter_.arguments)
        except FilterMisuse as misuse:
            problems.append(_problem(found[0], found.start(), str(misuse), "error"))
            return None
        filters.append(filter_)
    return Token(tuple(found["path"].split(".")), tuple(filters), found.start())


def _read_argument(text: str) -> str | int:
    return _BACKSLASHED.sub(r"\1", text[1:-1]) if text[0] in "\"'" else int(text)


def _malformed(text: str, start: int) -> Problem:
    meant = _LOOKS_MEANT.match(text, start, start + LONGEST_TOKEN)
    reason = "it is not a path such as enrolled_object.email, with filters such as | lower"
    return _problem(
        meant[0] if meant else text[start : start + 20], start, reason, "error" if meant else "warning"
    )


def _problem(token: str, position: int, reason: str, severity: str) -> Problem:
    shown = token if len(token) <= 80 else token[:79] + "…"
    return Problem(
        "",
        "BAD_TOKEN",
        f"{shown} at character {position + 1} is not a token and stays as it is: {reason}.",
        severity,
    )
