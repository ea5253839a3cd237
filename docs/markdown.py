"""Markdown out of rows and JSON schemas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from penstock.kit.json import Json, JsonObject, dumps

# HubSpot's value specs are a union of many parts; a table says it in one word, and the parts stand in one place.
VALUE, VALUE_PART = "Value", "StaticValue"

NOTE = "<!-- Written by `python -m docs.generate` from the code; do not edit. -->"


def page(title: str, introduction: str, *parts: str) -> str:
    """A whole page: the note that it is generated, a title, an introduction, and its parts."""
    return "\n\n".join([NOTE, f"# {title}", introduction, *(part for part in parts if part)]) + "\n"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; pipes and line breaks inside of cells are written so that they stay inside."""
    lines = [_row(header), "|" + "--|" * len(header), *(_row(row) for row in rows)]
    return "\n".join(lines)


def code(text: str) -> str:
    """A text as inline code; nothing for an empty one."""
    return f"`{text}`" if text else ""


def sentence(docstring: str | None) -> str:
    """The first paragraph of a docstring as one line."""
    return " ".join((docstring or "").strip().split("\n\n")[0].split())


def fields_table(schema: JsonObject) -> str:
    """The fields of a JSON schema of an object: name, type, what it is."""
    required = schema.get("required")
    names = required if isinstance(required, list) else []
    rows: list[tuple[str, ...]] = []
    for name, field in _properties(schema).items():
        if field.get("control") == "hidden" and not field.get("description"):
            continue
        default = "required" if name in names else _default(field)
        rows.append((code(name), type_name(field), default, _meaning(name, field)))
    header: tuple[str, ...] = ("Field", "Type", "Default", "Meaning")
    if not any(meaning for *_, meaning in rows):
        header, rows = header[:-1], [row[:-1] for row in rows]
    return table(header, rows) if rows else ""


def type_name(schema: JsonObject) -> str:
    """A JSON schema's type in words; named parts are called by their names, which have tables of their own."""
    if isinstance(reference := schema.get("$ref"), str):
        return reference.rsplit("/", 1)[-1]
    if "const" in schema:
        return code(str(schema["const"]))
    if isinstance(choices := schema.get("enum"), list):
        return ", ".join(code(str(choice)) for choice in choices)
    for several in ("anyOf", "oneOf"):
        if isinstance(kinds := schema.get(several), list):
            named = [
                type_name(kind) for kind in kinds if isinstance(kind, dict) and kind.get("type") != "null"
            ]
            return VALUE if VALUE_PART in named else " or ".join(dict.fromkeys(named))
    if schema.get("type") == "array":
        items = schema.get("items")
        return f"list of {type_name(items)}" if isinstance(items, dict) and items else "list"
    return str(schema.get("type", "any"))


def references(schema: Json) -> list[str]:
    """Names of the definitions that a schema refers to, in order, each once."""
    found: dict[str, None] = {}
    waiting: list[Json] = [schema]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, dict):
            if isinstance(reference := one.get("$ref"), str):
                found[reference.rsplit("/", 1)[-1]] = None
            waiting += [value for key, value in one.items() if key != "$defs"]
        elif isinstance(one, list):
            waiting += one
    return list(found)


def _row(cells: Sequence[str]) -> str:
    inside = (" ".join(cell.replace("|", "\\|").split()) for cell in cells)
    return "| " + " | ".join(inside) + " |"


def _properties(schema: JsonObject) -> Mapping[str, JsonObject]:
    properties = schema.get("properties")
    found = properties if isinstance(properties, dict) else {}
    return {name: field for name, field in found.items() if isinstance(field, dict)}


def _default(field: JsonObject) -> str:
    default = field.get("default")
    return "" if default in (None, "", [], {}) or isinstance(default, dict) else code(dumps(default).decode())


def _meaning(name: str, field: JsonObject) -> str:
    title, description = str(field.get("title") or ""), str(field.get("description") or "")
    # Pydantic makes a title out of the name where the author wrote none.
    words = [] if title.replace(" ", "").lower() == name.replace("_", "").lower() else [title]
    limits = [
        f"{word} {field[key]}"
        for key, word in (("minimum", "At least"), ("maximum", "At most"))
        if key in field
    ]
    return ". ".join(part.rstrip(".") for part in (*words, description, *limits) if part)
