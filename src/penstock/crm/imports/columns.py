"""Which column of a file goes into which property. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from penstock.crm.imports.dates import iso_date
from penstock.crm.imports.jobs import DateFormat, ImportOptions
from penstock.crm.moments import parse_date, parse_datetime
from penstock.crm.names import LONGEST_NAME, name_from_label
from penstock.crm.properties import Property, PropertyType
from penstock.crm.schema import ObjectSchema
from penstock.errors import InvalidInput, ProblemList

# A leading zero means a code and not a number; beyond 15 digits a spreadsheet would round.
_PLAIN_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,10})?")
_LONG_TEXT = 200  # characters; from here on, a text gets more than one line in forms
_FIELD_TYPE = {"number": "number", "date": "date", "datetime": "date", "bool": "booleancheckbox"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is read: its place from 0, its header, and the property it fills."""

    index: int
    header: str
    property: Property


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The columns that are read, and those of their properties that have to be created first."""

    columns: tuple[Column, ...]
    new_properties: tuple[Property, ...]


def map_columns(
    header: Sequence[str],
    sample: Sequence[Sequence[str]],
    schema: ObjectSchema,
    options: ImportOptions,
    group: str,
) -> ColumnMapping:
    """Finds the property of every column: as `options.columns` says, else by name, else by label, in any case.

    `sample` holds the first rows, from which the types of new properties are guessed; they get into `group`.
    Raises InvalidInput with a problem for every column that fits nowhere: nothing is left out unless it was said.
    """
    problems = ProblemList()
    titles = [title.strip() for title in header]
    for title in options.columns:
        if title.strip() not in titles:
            problems.add(
                title[:100], "INVALID_COLUMN_CONFIGURATION", f"The file has no column '{title[:100]}'."
            )
    wanted = {title.strip(): name for title, name in options.columns.items()}
    columns: list[Column] = []
    new: dict[str, Property] = {}
    for index, title in enumerate(titles):
        if title in wanted and wanted[title] is None:
            continue
        found = _find(title, wanted.get(title), schema)
        if found is None and options.create_properties and title:
            cells = [row[index] for row in sample if index < len(row)]
            name = _free_name(
                wanted.get(title) or name_from_label(title), schema, new, taken=title not in wanted
            )
            found = new[name] = new_property(name, title, cells, options, group)
        if found is None:
            problems.add(
                title[:100], "PROPERTY_DEFINITION_NOT_FOUND", _homeless(title, wanted.get(title), index)
            )
        else:
            columns.append(Column(index, title, found))
    _check(columns, schema, options, problems)
    if problems.errors:
        first = problems.errors[0].message
        raise InvalidInput(f"The columns cannot be imported. {first}", problems=problems.errors)
    return ColumnMapping(tuple(columns), tuple(new.values()))


def guess_type(cells: Sequence[str], date_format: DateFormat) -> PropertyType:
    """The type that all cells with content fit: number, date, datetime or bool; string when there is none."""
    held = [text for cell in cells if (text := cell.strip())]
    if not held:
        return "string"
    if all(_PLAIN_NUMBER.fullmatch(text) for text in held):
        return "number"
    if all(text.lower() in ("true", "false", "yes", "no") for text in held):
        return "bool"
    texts = [iso_date(text, date_format) for text in held]
    if all("-" in text[1:] and parse_date(text) and len(text) == len("2026-01-31") for text in texts):
        return "date"
    if all("-" in text[1:] and parse_datetime(text) for text in texts):
        return "datetime"
    return "string"


def _find(title: str, name: str | None, schema: ObjectSchema) -> Property | None:
    if name is not None:
        return schema.properties.get(name)
    folded = title.casefold()
    if folded in schema.properties:
        return schema.properties[folded]
    return next((prop for prop in schema.properties.values() if prop.label.casefold() == folded), None)


def new_property(name: str, title: str, cells: Sequence[str], options: ImportOptions, group: str) -> Property:
    """The property that a column without one becomes, with the type that fits all of its cells."""
    if name == options.unique:
        # An identifier is a name, whatever it is written with.
        return Property(name, title, "string", "text", group, has_unique_value=True)
    kind = guess_type(cells, options.date_format)
    long = any(len(cell) > _LONG_TEXT or "\n" in cell for cell in cells)
    return Property(name, title, kind, _FIELD_TYPE.get(kind, "textarea" if long else "text"), group)


def _free_name(name: str, schema: ObjectSchema, new: dict[str, Property], *, taken: bool) -> str:
    """The name, with a number behind it where an automatic name exists already."""
    number = 2
    candidate = name
    while taken and (candidate in schema.properties or candidate in new):
        candidate = f"{name[: LONGEST_NAME - 6]}_{number}"
        number += 1
    return candidate


def _homeless(title: str, name: str | None, index: int) -> str:
    if not title:
        return f"Column {index + 1} has no header. Give it one, or leave the column out."
    what = f"the property '{name[:100]}' does not exist" if name else "no property has that name or label"
    return (
        f"Column '{title[:100]}': {what}. Map it to a property, create properties, or leave the column out."
    )


def _check(
    columns: list[Column], schema: ObjectSchema, options: ImportOptions, problems: ProblemList
) -> None:
    seen: dict[str, str] = {}
    for column in columns:
        name = column.property.name
        if name in seen:
            problems.add(
                column.header[:100],
                "INVALID_COLUMN_CONFIGURATION",
                f"Columns '{seen[name][:100]}' and '{column.header[:100]}' both go into '{name}'. Leave one out.",
            )
        if column.property.read_only_value:
            problems.add(
                column.header[:100],
                "INVALID_COLUMN_CONFIGURATION",
                f"'{name}' is read-only. Leave the column out.",
            )
        seen[name] = column.header
    if options.unique is None:
        return
    if options.unique not in seen:
        problems.add(
            options.unique[:100],
            "INVALID_COLUMN_CONFIGURATION",
            "No column goes into the unique property. Map one to it.",
        )
    elif options.unique in schema.properties and options.unique not in schema.unique_properties:
        unique = ", ".join(sorted(schema.unique_properties)) or "none"
        problems.add(
            options.unique[:100],
            "INVALID_COLUMN_CONFIGURATION",
            f"'{options.unique[:100]}' is not a unique property. Unique ones are: {unique}.",
        )


def with_stored(columns: Sequence[Column], schema: ObjectSchema) -> tuple[Column, ...]:
    """The columns with the properties as they are in the schema, after new ones were created."""
    return tuple(replace(column, property=schema.properties[column.property.name]) for column in columns)
