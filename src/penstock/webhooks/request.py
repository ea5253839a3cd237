"""Makes one attempt at a delivery: puts secret and signature in, sends, and says what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import quote, urlsplit

import structlog

from penstock.errors import DestinationRefused, InvalidInput
from penstock.kit.database import Row
from penstock.kit.http import HttpClient, HttpFailure, Reply
from penstock.kit.redact import mask
from penstock.kit.sealing import Secret
from penstock.kit.text import storable
from penstock.webhooks.answers import Verdict, asked_wait, described, verdict
from penstock.webhooks.signing import signed_headers

log = structlog.get_logger(__name__)

TIMEOUT_SECONDS = 30.0  # HubSpot's response timeout for webhooks
MOST_REPLY_BYTES = 100 * 1024
KEPT_CHARACTERS = 4096
LONGEST_ERROR = 2000  # characters


AttemptStatus = Literal["delivered", "failed", "queued"]
AFTER: Mapping[Verdict, AttemptStatus] = {"delivered": "delivered", "again": "queued", "failed": "failed"}


@dataclass(frozen=True, slots=True)
class Keys:
    """What one delivery needs from the vault. `trouble` says why it cannot be had, and whether for good."""

    signing: Sequence[Secret] = ()
    named: Secret | None = None
    trouble: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one attempt. `asked_wait` is in seconds."""

    status: AttemptStatus
    response_status: int | None = None
    response_body: str = ""
    error: str = ""
    asked_wait: float | None = None


async def attempt(http: HttpClient, row: Row, keys: Keys, now: datetime) -> Attempt:
    """Sends the delivery once and never raises. Texts of the result hold no form of the secret that was sent."""
    if keys.trouble:
        return Attempt("failed" if keys.final else "queued", error=keys.trouble)
    body = row["body"].encode()
    headers = {**row["headers"], **signed_headers(keys.signing, row["key"], now, body)}
    url = row["url"]
    if keys.named is not None and row["secret_location"] == "QUERY_PARAM":  # noqa: S105 - a place, not a secret
        url = _with_parameter(url, row["secret_header"] or "", keys.named.reveal())
    elif keys.named is not None:
        headers[row["secret_header"] or "Authorization"] = keys.named.reveal()
    try:
        reply = await http.request(
            row["method"],
            url,
            headers=headers,
            body=body if row["method"] != "GET" else None,
            timeout=TIMEOUT_SECONDS,
            max_bytes=MOST_REPLY_BYTES,
        )
        return _weigh(reply, keys.named, now)
    except (DestinationRefused, InvalidInput) as error:
        return Attempt("failed", error=_clean(f"{error.message} {error.remedy}", keys.named, LONGEST_ERROR))
    except HttpFailure as failure:
        return _weigh_failure(failure, keys.named)
    except Exception as crash:  # noqa: BLE001 - one delivery's surprise must not stop the others (R59)
        # Without the text of the error, in which the address with its secret might stand.
        log.error("webhook met an unexpected error", delivery=row["id"], cause=type(crash).__name__)
        return Attempt(
            "queued", error=f"Sending met an error that Penstock did not expect ({type(crash).__name__})."
        )


def _weigh(reply: Reply, secret: Secret | None, now: datetime) -> Attempt:
    body = _clean(reply.body.decode("utf-8", "replace"), secret, KEPT_CHARACTERS)
    status = AFTER[verdict(reply.status)]
    if status == "delivered":
        return Attempt(status, reply.status, body)
    asked = asked_wait(reply.headers.get("Retry-After"), now)
    return Attempt(status, reply.status, body, described(reply.status), asked)


def _weigh_failure(failure: HttpFailure, secret: Secret | None) -> Attempt:
    if failure.answer_status is None:
        return Attempt("queued", error=_clean(failure.message, secret, LONGEST_ERROR))
    # Too large to keep, but an answer: a receiver that accepted must not get it again.
    status = AFTER[verdict(failure.answer_status)]
    error = f"The answer is larger than {MOST_REPLY_BYTES // 1024} KB and not kept."
    if status != "delivered":
        error = f"{described(failure.answer_status)} {error}"
    return Attempt(status, failure.answer_status, error=error)


def _clean(text: str, secret: Secret | None, longest: int) -> str:
    text = storable(text)
    return (mask(text, secret.reveal()) if secret is not None else text)[:longest]


def _with_parameter(url: str, name: str, value: str) -> str:
    parts = urlsplit(url)
    added = f"{quote(name, safe='')}={quote(value, safe='')}"
    return parts._replace(query=f"{parts.query}&{added}" if parts.query else added).geturl()
