"""What happened to a record: values written, runs begun and ended, mails and webhooks sent, associations."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

from penstock.crm.association_types import by_id
from penstock.crm.display_names import names_of
from penstock.crm.schema import ObjectSchema
from penstock.errors import InvalidInput, NotFound
from penstock.kit.database import Connection, Row
from penstock.kit.json import Json, JsonObject
from penstock.kit.paging import after as cursor_text
from penstock.kit.paging import keys_of
from penstock.workflows.legs.store import PlanSource
from penstock.workflows.record_page.sources import RawSource, ReadableSource, readable
from penstock.workflows.record_page.versions import creation, raw_source

Kind = Literal["values", "runs", "mails", "webhooks", "associations", "record"]
KINDS: tuple[Kind, ...] = ("values", "runs", "mails", "webhooks", "associations", "record")
MOST_VALUES = 50  # of one write that an event shows


@dataclass(frozen=True, slots=True)
class WrittenValue:
    """A value that a write changed, with the version that tells more and can be taken back."""

    version_id: int | None
    property: str
    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `what` holds the fields of a run, mail, webhook or association, as the API names them."""

    id: str
    kind: str
    at: datetime
    source: ReadableSource | None = None
    values: tuple[WrittenValue, ...] = ()
    more_values: int = 0
    what: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of events, newest first, and the cursor of the next one (None: there is no more)."""

    events: list[Event]
    next_after: str | None


# Every arm reads one record's rows by an index that begins with the record (or with its runs), and gives up to a page
# of them behind the cursor ($3, $4). A key is the kind's letter and the id, so that events of one moment have an order.
CHANGES = """
SELECT c.at, 'c' || lpad(c.id::text, 19, '0') AS key, c.kind AS kind, c.id,
       jsonb_build_object('before', c.before, 'after', c.after, 'type', c.source_type, 'source', c.source_id) AS detail
FROM changes c
WHERE c.workspace_id = $1 AND c.record_id = $2 AND {kinds}
"""
RUNS_BEGUN = """
SELECT e.enrolled_at, 'r' || lpad(e.id::text, 19, '0'), 'run_began', e.id,
       jsonb_build_object('flowId', e.flow_id::text, 'flowName', f.name, 'status', e.status, 'errorMessage', NULL)
FROM enrollments e JOIN flows f ON f.id = e.flow_id WHERE e.workspace_id = $1 AND e.record_id = $2
"""
RUNS_ENDED = """
SELECT e.finished_at, 's' || lpad(e.id::text, 19, '0'), 'run_ended', e.id,
       jsonb_build_object('flowId', e.flow_id::text, 'flowName', f.name, 'status', e.status,
                          'errorMessage', e.error ->> 'message')
FROM enrollments e JOIN flows f ON f.id = e.flow_id
WHERE e.workspace_id = $1 AND e.record_id = $2 AND e.finished_at IS NOT NULL
"""
MAILS = """
SELECT coalesce(m.sent_at, m.created_at), 'm' || lpad(m.id::text, 19, '0'), 'mail', m.id,
       jsonb_build_object('subject', m.subject, 'recipients', to_jsonb(m.recipients), 'status', m.status)
FROM enrollments e JOIN mails m ON m.enrollment_id = e.id AND m.workspace_id = $1
WHERE e.workspace_id = $1 AND e.record_id = $2
"""
WEBHOOKS = """
SELECT coalesce(w.delivered_at, w.created_at), 'w' || lpad(w.id::text, 19, '0'), 'webhook', w.id,
       jsonb_build_object('method', w.method, 'host', w.host, 'status', w.status, 'responseStatus', w.response_status)
FROM enrollments e JOIN webhook_deliveries w ON w.enrollment_id = e.id AND w.workspace_id = $1
WHERE e.workspace_id = $1 AND e.record_id = $2
"""
# A record's first moment is in its own row: whoever created it, whatever became of the change feed.
CREATED = """
SELECT r.created_at, 'a' || lpad(r.id::text, 19, '0'), 'created', r.id, '{}'::jsonb
FROM records r WHERE r.workspace_id = $1 AND r.id = $2
"""
ARMS: Mapping[Kind, tuple[str, ...]] = {
    "values": (CHANGES.format(kinds="c.kind = 'updated'"),),
    "runs": (RUNS_BEGUN, RUNS_ENDED),
    "mails": (MAILS,),
    "webhooks": (WEBHOOKS,),
    "associations": (CHANGES.format(kinds="c.kind IN ('associated', 'dissociated')"),),
    "record": (CHANGES.format(kinds="c.kind IN ('archived', 'restored')"), CREATED),
}
# The versions of the shown writes, by property and moment; served by property_history_of_record.
VERSIONS = """
SELECT id, property, at, source_type, source_id, source_label, source_detail FROM property_history
WHERE workspace_id = $1 AND record_id = $2 AND property = ANY ($3::text[]) AND at = ANY ($4::timestamptz[])
ORDER BY id
"""
LAST_MOMENT = datetime(9999, 12, 31, tzinfo=UTC)


async def timeline(
    db: Connection,
    plans: PlanSource,
    workspace_id: int,
    schema: ObjectSchema,
    record_id: int,
    kinds: Collection[Kind] = (),
    *,
    after: str | None = None,
    limit: int = 30,
) -> Timeline:
    """Events of these kinds, or of all, newest first, behind the cursor `after`.

    Raises NotFound for a record that is none of this type and InvalidInput for a cursor of another list.
    """
    record = await creation(db, workspace_id, schema, record_id)
    at, key = _place(after)
    arms = [arm for kind in KINDS if kind in kinds or not kinds for arm in ARMS[kind]]
    rows = await db.fetch(_merged(arms), workspace_id, record_id, at, key, limit + 1)
    shown = rows[:limit]
    events = [
        Event(f"{row['key'][0]}-{row['id']}", row["kind"], row["at"], what=row["detail"]) for row in shown
    ]
    events = await _with_values(db, plans, workspace_id, schema, record, events)
    events = await _with_names(db, workspace_id, events)
    last = shown[-1] if len(rows) > limit else None
    return Timeline(events, None if last is None else cursor_text(last["at"].isoformat(), last["key"]))


NEWEST_OF_ARM = """
(SELECT * FROM ({arm}) AS arm (at, key, kind, id, detail)
 WHERE (at, key COLLATE "C") < ($3, $4) ORDER BY at DESC, key COLLATE "C" DESC LIMIT $5)
"""
NEWEST_OF_ALL = """
SELECT at, key, kind, id, detail FROM ({arms}) AS event ORDER BY at DESC, key COLLATE "C" DESC LIMIT $5
"""


def _merged(arms: Sequence[str]) -> str:
    """Each arm gives its newest rows behind the cursor; the newest of them all are the page."""
    return NEWEST_OF_ALL.format(arms=" UNION ALL ".join(NEWEST_OF_ARM.format(arm=arm) for arm in arms))


def _place(after: str | None) -> tuple[datetime, str]:
    if after is None:
        return LAST_MOMENT, ""
    moment, key = keys_of(after, str, str)
    try:
        at = datetime.fromisoformat(str(moment))
        if at.tzinfo is None:
            raise ValueError("a moment without an offset")
    except ValueError:
        raise InvalidInput(
            "`after` is not a cursor of this timeline.", remedy="Begin again without `after`."
        ) from None
    return at, str(key)


async def _with_values(
    db: Connection,
    plans: PlanSource,
    workspace_id: int,
    schema: ObjectSchema,
    record: Row,
    events: list[Event],
) -> list[Event]:
    """Adds to each write its values and source; the source of a write is that of the versions it made."""
    writes = [event for event in events if event.kind == "values" or event.kind == "updated"]
    names = sorted({name for event in writes for name in _part(event, "after")})
    versions: dict[tuple[str, datetime], Row] = {}
    if names:
        moments = sorted({event.at for event in writes})
        for row in await db.fetch(VERSIONS, workspace_id, record["id"], names, moments):
            versions[row["property"], row["at"]] = row
    raw: list[RawSource] = []
    for event in events:
        if event.kind == "created":
            raw.append(raw_source(record))
            continue
        made = [versions[name, event.at] for name in _part(event, "after") if (name, event.at) in versions]
        raw.append(raw_source(made[0]) if made else RawSource(_word(event, "type"), _word(event, "source")))
    sources = await readable(db, plans, workspace_id, raw)
    complete = []
    for event, source in zip(events, sources, strict=True):
        if "after" not in event.what and event.kind != "created":
            complete.append(event)
            continue
        before, after = _part(event, "before"), _part(event, "after")
        values: tuple[WrittenValue, ...] = ()
        if event.kind == "updated":
            values = tuple(
                WrittenValue(
                    found["id"] if (found := versions.get((name, event.at))) is not None else None,
                    name,
                    schema.properties[name].label if name in schema.properties else name,
                    _value(before.get(name)),
                    _value(value),
                )
                for name, value in list(after.items())[:MOST_VALUES]
            )
        kind = "values" if event.kind == "updated" else event.kind
        more = max(0, len(after) - MOST_VALUES) if event.kind == "updated" else 0
        complete.append(replace(event, kind=kind, source=source, values=values, more_values=more))
    return complete


async def _with_names(db: Connection, workspace_id: int, events: list[Event]) -> list[Event]:
    """Adds to each association the name of the other record and the label of its kind."""
    others = {
        int(_word_of(_part(event, "after"), "toObjectId"))
        for event in events
        if event.kind in ("associated", "dissociated")
    }
    names = await names_of(db, workspace_id, sorted(others)) if others else {}
    complete = []
    for event in events:
        if event.kind not in ("associated", "dissociated"):
            complete.append(event)
            continue
        after = _part(event, "after")
        other = int(_word_of(after, "toObjectId"))
        try:
            label = by_id(_word_of(after, "category"), int(_word_of(after, "typeId"))).label
        except NotFound:
            label = None
        what: JsonObject = {
            "recordId": str(other),
            "objectTypeId": _word_of(after, "toObjectTypeId"),
            "name": names.get(other, str(other)),
            "label": label,
        }
        complete.append(replace(event, what=what))
    return complete


def _part(event: Event, name: str) -> JsonObject:
    found = event.what.get(name)
    return found if isinstance(found, dict) else {}


def _word(event: Event, name: str) -> str:
    return str(event.what.get(name) or "")


def _word_of(values: JsonObject, name: str) -> str:
    return str(values.get(name) or "")


def _value(value: Json) -> str | None:
    return value if isinstance(value, str) else None
