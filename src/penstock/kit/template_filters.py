"""The filters that tokens may use: one table, each a pure function from text to text."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


class FilterMisuse(ValueError):
    """A filter is unknown or gets arguments it does not take."""


@dataclass(frozen=True, slots=True)
class FilterKind:
    """A row of the table: what the filter does, its arguments by type, how many are needed."""

    meaning: str
    apply: Callable[..., str]
    takes: tuple[type, ...] = ()
    needs: int = 0

    def check(self, arguments: tuple[str | int, ...]) -> None:
        """Raises FilterMisuse unless the arguments are as many and of such types as the filter takes."""
        fits = self.needs <= len(arguments) <= len(self.takes)
        if not fits or any(
            type(given) is not wanted for given, wanted in zip(arguments, self.takes, strict=False)
        ):
            wanted = ", ".join("a text in quotes" if kind is str else "a whole number" for kind in self.takes)
            raise FilterMisuse(f"this filter takes {wanted or 'no argument'}")
        if self.apply is _date:
            _check_date_format(str(arguments[0]))


def _default(value: str | None, instead: str) -> str:
    """`instead` when there is no value or an empty one."""
    return value or instead


def _truncate(value: str, length: int, ending: str = "…") -> str:
    """At most `length` characters, `ending` included."""
    if len(value) <= length:
        return value
    return value[: max(0, length - len(ending))] + ending[: max(0, length)]


_DIRECTIVES = "aAbBdjmpyYHIMS%"  # Those of strftime that mean the same on every platform.


def _check_date_format(pattern: str) -> None:
    for directive in re.findall(r"%(.?)", pattern, re.DOTALL):
        if directive not in _DIRECTIVES or not directive:
            raise FilterMisuse(f"the date format knows %{', %'.join(_DIRECTIVES)} and not %{directive}")


def _date(value: str, pattern: str) -> str:
    """A date or date-time (ISO 8601, or HubSpot's milliseconds since 1970) in UTC; other text stays as it is."""
    text = value.strip()
    try:
        if re.fullmatch(r"-?[0-9]{9,15}", text):
            moment = datetime.fromtimestamp(int(text) / 1000, UTC)
        else:
            moment = datetime.fromisoformat(text)
            moment = moment.astimezone(UTC) if moment.tzinfo else moment
        return moment.strftime(pattern)
    except (ValueError, OverflowError, OSError):
        return value


_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_TAG = re.compile(
    r"<(?:(?P<hiding>script|style)(?![a-z0-9])|/?(?P<name>[a-z][a-z0-9]{0,20})|(?P<comment>!--)|[!?])",
    re.IGNORECASE,
)
_ENDS = {
    "script": re.compile(r"(?=</script)", re.IGNORECASE),
    "style": re.compile(r"(?=</style)", re.IGNORECASE),
}
_COMMENT_END = re.compile("-->")
_TAG_END = re.compile(">")


def strip_html(value: str) -> str:
    """The text of a piece of HTML: tags, comments, scripts and styles out, entities read, paragraphs as lines.

    A scanner that only goes forward, because a regular expression for all of it would take quadratic time on
    text such as `<!--<!--<!--…`.
    """
    pieces: list[str] = []
    done = 0
    tag = _TAG.search(value)
    while tag:
        pieces.append(value[done : tag.start()])
        hiding = (tag["hiding"] or "").lower()
        end = (_ENDS.get(hiding) or (_COMMENT_END if tag["comment"] else _TAG_END)).search(value, tag.end())
        if end is None:
            # An unfinished tag is text; an unfinished script, style or comment hides the rest, as in a browser.
            done = len(value) if hiding or tag["comment"] else tag.start()
            break
        if (tag["name"] or "").lower() in _BREAKS:
            pieces.append("\n")
        done = end.end()
        tag = _TAG.search(value, done)
    pieces.append(value[done:])
    lines = (
        re.sub(r"[ \t\r\f\v\u00a0]+", " ", line).strip()
        for line in html.unescape("".join(pieces)).split("\n")
    )
    return "\n".join(line for line in lines if line)


def _fenced(value: str) -> str:
    """The value as it is; `template.render` puts the fence around it, after escaping."""
    return value


FENCED = "fenced"
FILTERS: dict[str, FilterKind] = {
    "default": FilterKind("The argument when there is no value.", _default, (str,), 1),
    "lower": FilterKind("All letters small.", str.lower),
    "upper": FilterKind("All letters capital.", str.upper),
    "capitalize": FilterKind("The first letter capital, the others small.", str.capitalize),
    "title": FilterKind("The first letter of each word capital.", str.title),
    "trim": FilterKind("Without white space at both ends.", str.strip),
    "truncate": FilterKind(
        "At most so many characters, with … at the end when cut.", _truncate, (int, str), 1
    ),
    "strip_html": FilterKind("The text of HTML, without tags.", strip_html),
    FENCED: FilterKind(
        "In a prompt: between two tags that no record can write, so that the model can tell data from your words.",
        _fenced,
    ),
    "date": FilterKind('A date in another form, such as date("%d %b %Y").', _date, (str,), 1),
}
