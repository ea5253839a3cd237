"""Imports as HubSpot's JSON, both ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from penstock.api.json_body import JsonBody
from penstock.api.shapes import ForeignWish, Id, Paging, Shape, Time
from penstock.crm.imports import BadRow, Import, ImportOptions
from penstock.crm.imports.jobs import DateFormat, Operation
from penstock.errors import InvalidInput

CONTACTS = "0-1"
LONGEST_INVALID_VALUE = 300  # characters of a bad cell


class ColumnMapping(ForeignWish):
    """Where a column goes. `propertyName` null leaves it out."""

    column_name: str
    column_object_type_id: str | None = None
    property_name: str | None = None
    id_column_type: Literal["HUBSPOT_ALTERNATE_ID", "HUBSPOT_OBJECT_ID"] | None = None


class FilePage(ForeignWish):
    """The columns of a file."""

    has_header: bool = True
    column_mappings: list[ColumnMapping] = []  # noqa: RUF012 - Pydantic copies defaults


class ImportFile(ForeignWish):
    """A file of the import."""

    file_name: str = ""
    file_format: Literal["CSV"] = "CSV"
    date_format: DateFormat | None = None
    file_import_page: FilePage = FilePage()


class ImportWish(ForeignWish):
    """HubSpot's importRequest. `createProperties`, which is ours, makes a property for each column that has none."""

    name: str = ""
    import_operations: dict[str, Operation] = {}  # noqa: RUF012 - Pydantic copies defaults
    date_format: DateFormat = "YEAR_MONTH_DAY"
    files: list[ImportFile]
    create_properties: bool = False

    def object_type(self) -> str:
        """The one object type of the rows. Raises InvalidInput when none or several are named."""
        mapped = {
            mapping.column_object_type_id
            for mapping in self._file().file_import_page.column_mappings
            if mapping.column_object_type_id is not None
        }
        named = sorted(mapped | set(self.import_operations))
        if len(named) != 1:
            raise InvalidInput(
                f"importRequest: {len(named)} object types are named in importOperations and columnObjectTypeId; "
                "an import takes one.",
                remedy="Name the type of the rows, such as 0-5 for tickets, once; import other types by themselves.",
            )
        return named[0]

    def options(self, object_type_id: str) -> ImportOptions:
        """What to do with the file. Raises InvalidInput for what is not supported."""
        file = self._file()
        mappings = file.file_import_page.column_mappings
        if not file.file_import_page.has_header:
            raise InvalidInput(
                "importRequest.files[0].fileImportPage.hasHeader is false.",
                remedy="Put names of columns in line 1.",
            )
        unique = None
        for index, mapping in enumerate(mappings):
            place = f"importRequest.files[0].fileImportPage.columnMappings[{index}]"
            if mapping.id_column_type == "HUBSPOT_OBJECT_ID":
                raise InvalidInput(
                    f"{place}.idColumnType: rows are not found by record id.",
                    remedy="Map a unique property with HUBSPOT_ALTERNATE_ID.",
                )
            if mapping.id_column_type is not None:
                unique = mapping.property_name
        names = {mapping.property_name for mapping in mappings}
        if unique is None and object_type_id == CONTACTS and "email" in names:
            unique = "email"  # HubSpot tells contacts apart by their e-mail address without being asked to.
        return ImportOptions(
            columns={mapping.column_name: mapping.property_name for mapping in mappings},
            create_properties=self.create_properties,
            unique=unique,
            operation=next(iter(self.import_operations.values()), "UPSERT"),
            date_format=file.date_format or self.date_format,
        )

    def _file(self) -> ImportFile:
        if len(self.files) != 1:
            raise InvalidInput(
                f"importRequest.files names {len(self.files)} files; an import takes one.",
                remedy="Import each file by itself.",
            )
        return self.files[0]


class ImportMetadata(Shape):
    """How far an import is. `counters` counts rows in HubSpot's words."""

    counters: dict[str, int]
    file_ids: list[str]
    object_lists: list[JsonBody]


class ImportShape(Shape):
    """HubSpot's PublicImportResponse, with the bytes read and, where it failed, why."""

    id: Id
    state: Literal["STARTED", "PROCESSING", "DONE", "FAILED", "CANCELED"]
    import_name: str
    import_source: Literal["API"]
    opt_out_import: bool
    mapped_object_type_ids: list[str]
    metadata: ImportMetadata
    bytes_total: int | None
    bytes_read: int
    message: str
    created_at: Time
    updated_at: Time


class Imports(Shape):
    """A page of imports, newest first."""

    results: list[ImportShape]
    paging: Paging | None = None


class SourceData(Shape):
    """The line of a bad row."""

    line_number: int
    file_id: str


class ImportErrorShape(Shape):
    """One bad row, or one bad cell of it. `errorType` and `invalidValue` are HubSpot's.

    `columnName` is empty for the whole row, and then so are `propertyName` and `invalidValue`. `propertyName` is
    empty too when the import left it to us where the column goes.
    """

    id: Id
    created_at: Time
    object_type: str
    error_type: str
    error_message: str
    column_name: str
    property_name: str
    invalid_value: str
    source_data: SourceData


class ImportErrors(Shape):
    """A page of bad rows in the order of the file."""

    results: list[ImportErrorShape]
    paging: Paging | None = None


class ActionResponse(Shape):
    """HubSpot's answer to a cancel."""

    status: Literal["COMPLETE"]
    started_at: Time
    completed_at: Time


def import_shape(job: Import) -> ImportShape:
    """An import as HubSpot gives it."""
    counters = {
        "TOTAL_ROWS": job.rows_read,
        "CREATED_OBJECTS": job.created_count,
        "UPDATED_OBJECTS": job.updated_count,
        "UNCHANGED_OBJECTS": job.unchanged_count,
        "ERRORS": job.error_count,
    }
    return ImportShape(
        id=job.id,
        state=job.state,
        import_name=job.name,
        import_source="API",
        opt_out_import=False,
        mapped_object_type_ids=[job.object_type_id],
        metadata=ImportMetadata(counters=counters, file_ids=[str(job.id)], object_lists=[]),
        bytes_total=job.bytes_total,
        bytes_read=job.bytes_read,
        message=job.message,
        created_at=job.created_at,
        updated_at=job.updated_at,
    )


def error_shape(job: Import, header: Sequence[str], bad: BadRow) -> ImportErrorShape:
    """A bad row as HubSpot gives it; `header` are the names of the file's columns."""
    cells = dict(zip((title.strip() for title in header), bad.cells or (), strict=False))
    return ImportErrorShape(
        id=bad.id,
        created_at=job.updated_at,
        object_type=job.object_type_id,
        error_type=bad.code,
        error_message=bad.message,
        column_name=bad.column,
        property_name=job.options.columns.get(bad.column) or "",
        invalid_value=cells.get(bad.column, "").strip()[:LONGEST_INVALID_VALUE],
        source_data=SourceData(line_number=bad.line, file_id=str(job.id)),
    )
