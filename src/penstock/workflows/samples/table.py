"""A sample as a table of texts, for CSV files and terminals: a line a record, a column a property or output."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from penstock.kit.json import Json, JsonObject
from penstock.workflows.samples.samples import SampleRow

FIXED = ("record", "name", "status", "path")
LAST = ("mails", "webhooks", "cost_usd", "seconds", "error")


@dataclass(frozen=True, slots=True)
class Table:
    """Titles and lines of cells, all texts; an empty cell is empty."""

    titles: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]


def table_of(rows: Sequence[SampleRow]) -> Table:
    """Each record's way, the outputs of its LLM steps, its values before and after, mails, cost, seconds and error."""
    outputs = _names(name for row in rows for name in _outputs(row))
    changed = _names(name for row in rows for name in (*_part(row, "before"), *_part(row, "after")))
    titles = (
        *FIXED,
        *outputs,
        *(f"{name} {when}" for name in changed for when in ("before", "after")),
        *LAST,
    )
    return Table(titles, tuple(_line(row, outputs, changed) for row in rows))


def path_of(row: SampleRow) -> str:
    """The steps that a record went through, with the branches that it took: `1 > 2 (High) > 4`."""
    parts: list[str] = []
    for step in _steps(row):
        branch = step.get("branch")
        parts.append(f"{step.get('action_id')} ({branch})" if branch else str(step.get("action_id")))
    return " > ".join(parts)


def _line(row: SampleRow, outputs: Sequence[str], changed: Sequence[str]) -> tuple[str, ...]:
    result = row.result or {}
    given, before, after = _outputs(row), _part(row, "before"), _part(row, "after")
    error = result.get("error")
    return (
        str(row.record_id),
        row.record_name,
        row.status or "",
        path_of(row),
        *(_text(given.get(name)) for name in outputs),
        *(_text(part.get(name)) for name in changed for part in (before, after)),
        "; ".join(
            f"{', '.join(map(str, _list(mail.get('recipients'))))}: {mail.get('subject')}"
            for mail in _objects(result.get("mails"))
        ),
        "; ".join(f"{hook.get('method')} {hook.get('url')}" for hook in _objects(result.get("webhooks"))),
        _text(result.get("cost_usd")),
        "" if row.seconds is None else f"{row.seconds:.2f}",
        _text(error.get("message")) if isinstance(error, dict) else "",
    )


def _outputs(row: SampleRow) -> dict[str, Json]:
    """The outputs of the LLM steps as `<actionId>.<name>`; the whole answer only where no field is declared."""
    found: dict[str, Json] = {}
    for step in _steps(row):
        outputs = step.get("outputs")
        if step.get("provider") is None or not isinstance(outputs, dict):
            continue
        declared = [name for name in outputs if name != "text" and not name.startswith("hs_")]
        for name in declared or ["text"]:
            found[f"{step.get('action_id')}.{name}"] = outputs.get(name)
    return found


def _steps(row: SampleRow) -> list[JsonObject]:
    return _objects((row.result or {}).get("steps"))


def _part(row: SampleRow, name: str) -> Mapping[str, Json]:
    part = (row.result or {}).get(name)
    return part if isinstance(part, dict) else {}


def _names(names: Iterable[str]) -> list[str]:
    return sorted(dict.fromkeys(names))


def _objects(value: Json) -> list[JsonObject]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _text(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_text(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
