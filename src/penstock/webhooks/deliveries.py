"""Webhook deliveries: queued in the transaction of the step that wants them, read by people afterwards.

The secret of a delivery is named here and opened only when it is sent. An address is a secret of its own (its
query may carry a token), so what is shown of it is scheme, host and path (security R9).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from penstock.errors import NotFound
from penstock.kit.database import Connection, Row
from penstock.kit.json import dumps
from penstock.kit.redact import redact_url
from penstock.kit.text import storable

DeliveryStatus = Literal["queued", "sending", "delivered", "failed"]
NEWEST = 2**63 - 1

QUEUE = """
INSERT INTO webhook_deliveries (workspace_id, key, enrollment_id, seq, action_id, method, url, headers, body, secret_name,
                                secret_location, secret_header)
SELECT workspace_id, key, enrollment_id, seq, action_id, method, url, headers::jsonb, body, secret_name, secret_location,
       secret_header
FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::text[], $12::text[])
    AS d (workspace_id, key, enrollment_id, seq, action_id, method, url, headers, body, secret_name, secret_location,
          secret_header)
ON CONFLICT (key) DO NOTHING
"""
COLUMNS = (
    "id, workspace_id, key, enrollment_id, seq, action_id, method, url, status, attempts, next_attempt_at,"
    " response_status, response_body, error, created_at, delivered_at"
)
# Served by webhook_deliveries_recent (and webhook_deliveries_of_enrollment).
LIST = f"""
SELECT {COLUMNS} FROM webhook_deliveries
WHERE workspace_id = $1 AND id < $2 AND ($3::text IS NULL OR status = $3) AND ($4::bigint IS NULL OR enrollment_id = $4)
ORDER BY id DESC LIMIT $5
"""  # noqa: S608 - a constant
GET = f"SELECT {COLUMNS} FROM webhook_deliveries WHERE workspace_id = $1 AND id = $2"  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True)
class WebhookToQueue:
    """A webhook of a step. `seq` is the fence value at which the enrollment waits for the reply.

    The secret named `secret_name` goes into the header or query parameter `secret_header` when it is sent.
    """

    workspace_id: int
    key: str
    enrollment_id: int
    seq: int
    action_id: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: str
    secret_name: str | None = None
    secret_location: str | None = None
    secret_header: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery as people and the waiting enrollment see it; `url` is without user and query.

    `attempts` over 1 means that the receiver may have got it more than once, each time under the same key.
    """

    id: int
    workspace_id: int
    key: str
    enrollment_id: int
    seq: int
    action_id: str
    method: str
    url: str
    status: DeliveryStatus
    attempts: int
    next_attempt_at: datetime
    response_status: int | None
    response_body: str
    error: str
    created_at: datetime
    delivered_at: datetime | None


async def queue_many(db: Connection, webhooks: Sequence[WebhookToQueue]) -> int:
    """Queues webhooks with one statement; those whose key is there already stay as they are. Returns how many are new.

    The senders are woken when the caller's transaction commits (trigger webhook_deliveries_notify).
    """
    done = await db.execute(
        QUEUE,
        [webhook.workspace_id for webhook in webhooks],
        [webhook.key for webhook in webhooks],
        [webhook.enrollment_id for webhook in webhooks],
        [webhook.seq for webhook in webhooks],
        [webhook.action_id for webhook in webhooks],
        [webhook.method for webhook in webhooks],
        [storable(webhook.url) for webhook in webhooks],
        [
            dumps({name: storable(value) for name, value in webhook.headers.items()}).decode()
            for webhook in webhooks
        ],
        [storable(webhook.body) for webhook in webhooks],
        [webhook.secret_name for webhook in webhooks],
        [webhook.secret_location for webhook in webhooks],
        [webhook.secret_header for webhook in webhooks],
    )
    return int(done.rpartition(" ")[2])


async def list_deliveries(
    db: Connection,
    workspace_id: int,
    *,
    before: int | None = None,
    status: DeliveryStatus | None = None,
    enrollment_id: int | None = None,
    limit: int = 50,
) -> list[Delivery]:
    """Up to `limit` deliveries older than the one with id `before`, newest first."""
    rows = await db.fetch(
        LIST, workspace_id, NEWEST if before is None else before, status, enrollment_id, limit
    )
    return [read(row) for row in rows]


async def get(db: Connection, workspace_id: int, delivery_id: int) -> Delivery:
    """One delivery. Raises NotFound when the workspace has none of this id."""
    row = await db.fetchrow(GET, workspace_id, delivery_id)
    if row is None:
        raise NotFound(
            f"There is no webhook delivery {delivery_id}.", remedy="List the deliveries to see the ids."
        )
    return read(row)


def read(row: Row) -> Delivery:
    """A delivery from a row that has the columns in COLUMNS."""
    delivery = Delivery(**{name: row[name] for name in COLUMNS.split(", ")})
    return replace(delivery, url=redact_url(delivery.url))
