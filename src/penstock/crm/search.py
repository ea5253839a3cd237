"""Search: HubSpot's `filterGroups`, `query`, `sorts` and paging of `/crm/v3/objects/{type}/search`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from penstock.crm.filters.sql import SqlWriter
from penstock.crm.filters.tree import FilterBranch
from penstock.crm.records import COLUMNS, Record, read
from penstock.crm.schema import ObjectSchema
from penstock.crm.search_groups import parse_groups
from penstock.crm.text import fold
from penstock.errors import InvalidInput, ProblemList
from penstock.kit.database import Connection
from penstock.kit.json import Json, JsonObject

LARGEST_PAGE = 200
FURTHEST = 10_000  # HubSpot answers no page that ends beyond this
LONGEST_QUERY = 3_000  # characters
MOST_SORTS = 3


@dataclass(frozen=True, slots=True)
class SortBy:
    """A property to sort by. Records without a value come last either way."""

    property: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What to search for: records that match `filter` and hold every word of `query`; `after` counts from the first."""

    filter: FilterBranch
    words: tuple[str, ...] = ()
    sorts: tuple[SortBy, ...] = ()
    after: int = 0
    limit: int = 10


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The records of one page, how many match in all, and the `after` of the next page (None on the last)."""

    total: int
    records: list[Record]
    next_after: int | None


def parse(raw: JsonObject, schema: ObjectSchema) -> SearchRequest:
    """The body of a search request. Raises InvalidInput with all Problems at once."""
    problems = ProblemList()
    request = SearchRequest(
        filter=parse_groups(raw.get("filterGroups"), schema, problems),
        words=_words(raw.get("query"), problems),
        sorts=_sorts(raw.get("sorts"), schema, problems),
        after=_number(raw.get("after"), "after", 0, FURTHEST, problems),
        limit=_number(raw.get("limit"), "limit", 10, LARGEST_PAGE, problems),
    )
    if request.after + request.limit > FURTHEST:
        problems.add("after", "TOO_FAR", f"A search ends at {FURTHEST:,} records. Narrow it with a filter.")
    if problems.errors:
        raise InvalidInput("The search request has problems.", problems=problems.errors)
    return request


async def search(
    db: Connection, workspace_id: int, schema: ObjectSchema, request: SearchRequest, now: datetime
) -> SearchPage:
    """One page of the live records that match, by id unless sorted otherwise."""
    writer = SqlWriter(schema, now, first_parameter=3)
    conditions = [writer.branch(request.filter)]
    for word in request.words:
        places = [writer.value(name) for name in schema.object_type.searchable_properties]
        found = [
            f"coalesce(strpos(fold({place}), {writer.parameter(word, 'text')}) > 0, false)"
            for place in places
        ]
        conditions.append(f"({' OR '.join(found) or 'false'})")
    # Only conditions that the writer made from parameters are put in; served by records_by_type.
    matching = f"FROM records r WHERE workspace_id = $1 AND object_type_id = $2 AND archived_at IS NULL AND {' AND '.join(conditions)}"
    total = await db.fetchval(
        f"SELECT count(*) {matching}", workspace_id, schema.object_type.id, *writer.params
    )
    order = "".join(f"{_order(writer, schema, sort)}, " for sort in request.sorts)
    page = f"{writer.parameter(request.limit, 'int')} OFFSET {writer.parameter(request.after, 'int')}"
    rows = await db.fetch(
        f"SELECT {COLUMNS} {matching} ORDER BY {order}id LIMIT {page}",
        workspace_id,
        schema.object_type.id,
        *writer.params,
    )
    end = request.after + len(rows)
    return SearchPage(
        total, [read(row) for row in rows], end if rows and end < min(total, FURTHEST) else None
    )


def _order(writer: SqlWriter, schema: ObjectSchema, sort: SortBy) -> str:
    """Numbers by size, texts without regard to case; dates are texts that sort as they are."""
    value = writer.value(sort.property)
    kind = schema.properties[sort.property].type
    expression = writer.number(value) if kind == "number" else f'fold({value}) COLLATE "C"'
    return f"{expression} {'DESC' if sort.descending else 'ASC'} NULLS LAST"


def _words(raw: Json, problems: ProblemList) -> tuple[str, ...]:
    if raw is None:
        return ()
    if not isinstance(raw, str) or len(raw) > LONGEST_QUERY or "\x00" in raw:
        problems.add(
            "query",
            "INVALID_SEARCH",
            f"query is no text of at most {LONGEST_QUERY:,} characters. Shorten it.",
        )
        return ()
    return tuple(dict.fromkeys(fold(raw).split()))


def _sorts(raw: Json, schema: ObjectSchema, problems: ProblemList) -> tuple[SortBy, ...]:
    if raw is None:
        return ()
    if not isinstance(raw, list) or len(raw) > MOST_SORTS:
        problems.add(
            "sorts", "INVALID_SEARCH", f"sorts is no list of at most {MOST_SORTS} properties. Shorten it."
        )
        return ()
    sorts = []
    for index, item in enumerate(raw):
        name = item.get("propertyName") if isinstance(item, dict) else item
        direction = item.get("direction", "ASCENDING") if isinstance(item, dict) else "ASCENDING"
        if not isinstance(name, str) or name.lstrip("-") not in schema.properties:
            problems.add(
                f"sorts[{index}]",
                "UNKNOWN_PROPERTY",
                "The property to sort by does not exist. Choose another.",
            )
        elif direction not in ("ASCENDING", "DESCENDING"):
            problems.add(f"sorts[{index}].direction", "INVALID_SEARCH", "Use ASCENDING or DESCENDING.")
        else:
            sorts.append(SortBy(name.lstrip("-"), direction == "DESCENDING" or name.startswith("-")))
    return tuple(sorts)


def _number(raw: Json, name: str, default: int, most: int, problems: ProblemList) -> int:
    if raw is None or raw == "":
        return default
    text = str(raw)
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= most):
        problems.add(name, "INVALID_SEARCH", f"{name} is no whole number from 0 to {most:,}.")
        return default
    return int(text)
