"""Makes a prompt fit: which values of a record end earlier, by the rule that the author chose (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from penstock.kit.template import Rendered
from penstock.llm.prompt import estimate_tokens

MOST_ROUNDS = 6
MARGIN_TOKENS = 2


@dataclass(frozen=True, slots=True)
class Value:
    """What a token stands for in the prompt: how often, how long in characters, and about how many tokens each time."""

    name: str
    times: int
    characters: int
    tokens: int


def values_in(texts: Sequence[Rendered]) -> list[Value]:
    """The values of a record in these texts, those of one token together."""
    found: dict[str, Value] = {}
    for piece in (piece for text in texts for piece in text.pieces):
        if piece.token is None or not piece.value:
            continue
        name = piece.token.name
        before = found.get(name, Value(name, 0, 0, 0))
        found[name] = Value(
            name,
            before.times + 1,
            max(before.characters, len(piece.value)),
            max(before.tokens, estimate_tokens(piece.value)),
        )
    return list(found.values())


def cuts_for(
    values: Sequence[Value], excess: int, only: str | None, before: Mapping[str, int]
) -> dict[str, int] | None:
    """After how many characters each value ends so that about `excess` tokens fewer are sent; None when that is more
    than there is to cut. With `only`, nothing but that token's value is cut; else the longest ones are, down to
    the same length, so that no long text vanishes while another stays whole.
    """
    sizes = [value for value in values if only in (None, value.name)]
    level = _level(sizes, excess + MARGIN_TOKENS)
    if level is None:
        return None
    cuts = dict(before)
    for value in sizes:
        if value.tokens > level:
            cuts[value.name] = int(value.characters * level / value.tokens)
    return cuts


def _level(values: Sequence[Value], excess: int) -> float | None:
    """The number of tokens that no value may exceed for all of them together to lose `excess`."""
    ordered = sorted(values, key=lambda value: value.tokens, reverse=True)
    for last in range(len(ordered)):
        lower = ordered[last + 1].tokens if last + 1 < len(ordered) else 0
        times = sum(value.times for value in ordered[: last + 1])
        gained = sum((value.tokens - lower) * value.times for value in ordered[: last + 1])
        if gained >= excess:
            return lower + (gained - excess) / times
    return None
