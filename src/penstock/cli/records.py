"""`penstock records`, `penstock object-types` and `penstock properties`: looking at the CRM."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer

from penstock.accounts import audit
from penstock.cli.command import command, group
from penstock.cli.jsonable import jsonable
from penstock.cli.output import Column, output, shortened
from penstock.cli.session import session
from penstock.crm import object_types, properties, records
from penstock.crm.history import Version, versions
from penstock.crm.object_types import ObjectType
from penstock.crm.properties import Property
from penstock.crm.records import Record
from penstock.crm.schema import load_schema
from penstock.crm.source import Source
from penstock.crm.undo import undo as undo_version
from penstock.errors import InvalidInput
from penstock.kit.database import transaction
from penstock.workflows import erasing

app = group("Records of the CRM.")
types_app = group("Object types.")
properties_app = group("Properties of an object type.")

TypeName = Annotated[
    str, typer.Argument(metavar="TYPE", help="An object type: tickets, contacts, 0-5, 2-1 …")
]
RecordId = Annotated[int, typer.Argument(metavar="RECORD", help="The record's id.")]


@command(app, "list")
async def list_records(
    object_type: TypeName,
    names: Annotated[
        list[str] | None, typer.Option("--property", help="A property to show; may be repeated.")
    ] = None,
    after: Annotated[
        int | None, typer.Option("--after", help="Only records after this one: the next page.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many.")] = 50,
) -> None:
    """List records by id."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found_type = await object_types.resolve(db, actor.workspace_id, object_type)
        page = await records.page(db, actor.workspace_id, found_type.id, after=after, limit=limit)
    shown = names or [found_type.primary_display_property]
    columns: list[Column[Record]] = [Column("Id", lambda record: record.id, number=True)]
    columns += [_property_column(name) for name in shown]
    columns.append(Column("Changed", lambda record: record.updated_at))
    more = f"More: --after {page.next_after}" if page.next_after is not None else ""
    output.results(page.records, columns, empty=f"No {found_type.plural_label.lower()}.", note=more)


@command(app, "get")
async def get(object_type: TypeName, record_id: RecordId) -> None:
    """Show one record with all its values."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found_type = await object_types.resolve(db, actor.workspace_id, object_type)
        record = await records.get(db, actor.workspace_id, found_type.id, record_id)
    output.item(record, [(name, record.properties[name]) for name in sorted(record.properties)])


@dataclass(frozen=True, slots=True)
class _Written:
    """A version of a property's value, with the property's name."""

    name: str
    version: Version

    @property
    def at(self) -> datetime:
        return self.version.timestamp


HISTORY_COLUMNS: tuple[Column[_Written], ...] = (
    Column("Version", lambda written: written.version.id or "", number=True),
    Column("When", lambda written: written.at),
    Column("Property", lambda written: written.name),
    Column(
        "Value",
        lambda written: (
            "(cleared)" if written.version.value is None else shortened(written.version.value, 80)
        ),
    ),
    Column("By", lambda written: written.version.source_type),
    Column("Who or what", lambda written: written.version.source_label or written.version.source_id),
)


@command(app, "history")
async def history(
    object_type: TypeName,
    record_id: RecordId,
    names: Annotated[
        list[str] | None, typer.Option("--property", help="Only this property; may be repeated.")
    ] = None,
) -> None:
    """Show who wrote which value when, newest first."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found_type = await object_types.resolve(db, actor.workspace_id, object_type)
        await records.get(db, actor.workspace_id, found_type.id, record_id)
        found = (await versions(db, actor.workspace_id, [record_id], names))[record_id]
    if output.json:
        output.document({"id": str(record_id), "propertiesWithHistory": jsonable(found)})
        return
    written = [_Written(name, version) for name, several in found.items() for version in several]
    output.results(sorted(written, key=lambda one: one.at, reverse=True), HISTORY_COLUMNS, empty="No values.")


@command(app, "undo")
async def undo(
    object_type: TypeName,
    record_id: RecordId,
    version_id: Annotated[
        int, typer.Argument(metavar="VERSION", help="A version's number, as `records history` shows it.")
    ],
) -> None:
    """Take a value back: the one before it is written again, as a new version."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found_type = await object_types.resolve(db, actor.workspace_id, object_type)
        schema = await load_schema(db, actor.workspace_id, found_type.id)
        source = Source("CRM_UI", actor.id, actor.label)
        made = await undo_version(db, actor.workspace_id, schema, record_id, version_id, source)
        await audit.record(
            db, actor, "record.value_undone", "record", record_id, {"version_id": str(version_id)}
        )
        record = await records.get(db, actor.workspace_id, found_type.id, record_id)
    if output.json:
        output.document({"record": jsonable(record), "versionId": str(made)})
    else:
        output.line(f"Version {version_id} of record {record_id} is taken back, by version {made}.")


TYPE_COLUMNS: tuple[Column[ObjectType], ...] = (
    Column("Id", lambda found: found.id),
    Column("Name", lambda found: found.name),
    Column("Label", lambda found: found.plural_label),
    Column("Shown by", lambda found: found.primary_display_property),
    Column("Custom", lambda found: found.custom),
)


@command(app, "erase")
async def erase(
    object_type: TypeName,
    record_id: RecordId,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; nothing brings the record back.")] = False,
) -> None:
    """Erase a record for good, with its history and all that runs, logs, reviews, samples and evals kept of it."""
    if not yes:
        raise InvalidInput(
            "Nothing brings an erased record back.", remedy="Add --yes, or archive the record instead."
        )
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found_type = await object_types.resolve(db, actor.workspace_id, object_type)
        await erasing.erase(db, actor, found_type, [record_id])
    output.said(f"Record {record_id} is erased.", {"id": str(record_id)})


@command(types_app, "list")
async def list_types() -> None:
    """List object types."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await object_types.list_all(db, actor.workspace_id)
    output.results(found, TYPE_COLUMNS)


PROPERTY_COLUMNS: tuple[Column[Property], ...] = (
    Column("Name", lambda prop: prop.name),
    Column("Label", lambda prop: prop.label),
    Column("Type", lambda prop: prop.type),
    Column("Field", lambda prop: prop.field_type),
    Column("Group", lambda prop: prop.group_name),
    Column("Unique", lambda prop: "yes" if prop.has_unique_value else ""),
    Column("Options", lambda prop: shortened(", ".join(option.value for option in prop.options), 60)),
)


@command(properties_app, "list")
async def list_properties(object_type: TypeName) -> None:
    """List the properties of an object type."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found_type = await object_types.resolve(db, actor.workspace_id, object_type)
        found = await properties.list_all(db, actor.workspace_id, found_type.id)
    output.results(found, PROPERTY_COLUMNS)


def _property_column(name: str) -> Column[Record]:
    return Column(name, lambda record: shortened(record.properties.get(name, ""), 80))
