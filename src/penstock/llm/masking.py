"""Masks: personal data of a record is replaced in what a model reads, and put back into what it answers (pure).

`[EMAIL_1]` stands for the first e-mail address, the same one wherever it occurs. What stands for what is kept beside the
request and never in it. A model that writes a mask in another case or without its brackets is understood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from penstock.kit.json import Json
from penstock.llm.personal_data import Kind, find

WORDS: Mapping[str, str] = {
    "email": "EMAIL",
    "phone": "PHONE",
    "card": "CARD",
    "iban": "IBAN",
    "national_number": "NUMBER",
    "name": "NAME",
}
MASK = re.compile(rf"\[?\b({'|'.join(WORDS.values())})[_ ](\d{{1,4}})\b\]?", re.IGNORECASE)
SHORTEST_NAME = 2  # characters; a shorter value stands in too many words


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to mask: kinds of personal data, and values that are names, such as a first name."""

    kinds: frozenset[Kind] = frozenset()
    names: tuple[str, ...] = ()
    country: str = ""


@dataclass(slots=True)
class Masks:
    """The masks of one request. `originals` maps a mask such as `EMAIL_1` to what it stands for."""

    wanted: Wanted
    originals: dict[str, str] = field(default_factory=dict)
    _masks: dict[tuple[str, str], str] = field(default_factory=dict)
    _next: dict[str, int] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    @classmethod
    def over(cls, wanted: Wanted, texts: Iterable[str]) -> Masks:
        """Masks for these texts: what looks like a mask in one of them already is not used for another thing."""
        masks = cls(wanted)
        masks._taken = {_key(one) for text in texts for one in MASK.finditer(text)}
        return masks

    def hide(self, text: str, whole: Kind | None = None) -> str:
        """The text with masks; with `whole` all of it is of that kind, as the value of a phone number property is."""
        if whole is not None and whole in self.wanted.kinds and text.strip():
            return self._mask(whole, text)
        return self._hide_names(self._hide_kinds(text))

    def _hide_kinds(self, text: str) -> str:
        pieces, at = [], 0
        for one in find(text, self.wanted.kinds, self.wanted.country):
            pieces += [text[at : one.start], self._mask(one.kind, text[one.start : one.end])]
            at = one.end
        return "".join([*pieces, text[at:]])

    def _hide_names(self, text: str) -> str:
        names = sorted({name.strip() for name in self.wanted.names}, key=len, reverse=True)
        names = [name for name in names if len(name) >= SHORTEST_NAME]
        if not names:
            return text
        # A mask that was just put in is passed over, so that nobody called Email breaks one.
        either = "|".join(re.escape(name) for name in names)
        pattern = re.compile(
            rf"\[(?:{'|'.join(WORDS.values())})_\d{{1,4}}\]|(?<!\w)(?:{either})(?!\w)", re.IGNORECASE
        )
        return pattern.sub(lambda one: one[0] if one[0].startswith("[") else self._mask("name", one[0]), text)

    def _mask(self, kind: str, original: str) -> str:
        known = (kind, original.casefold())
        if known not in self._masks:
            word, number = WORDS[kind], self._next.get(kind, 1)
            while f"{word}_{number}" in self._taken:
                number += 1
            self._next[kind] = number + 1
            self._masks[known] = f"{word}_{number}"
            self.originals[f"{word}_{number}"] = original
        return f"[{self._masks[known]}]"


def restore(value: Json, originals: Mapping[str, str]) -> Json:
    """An answer with what the masks stand for; lists and objects through and through. Unknown masks stay."""
    if not originals:
        return value
    if isinstance(value, str):
        return MASK.sub(lambda one: originals.get(_key(one), one[0]), value)
    if isinstance(value, list):
        return [restore(one, originals) for one in value]
    if isinstance(value, dict):
        return {key: restore(one, originals) for key, one in value.items()}
    return value


def names_in(values: Mapping[str, str], properties: Sequence[str]) -> tuple[str, ...]:
    """The values of the properties that hold names."""
    return tuple(value for name in properties if (value := values.get(name)))


def _key(one: re.Match[str]) -> str:
    return f"{one[1].upper()}_{int(one[2])}"
