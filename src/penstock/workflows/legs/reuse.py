"""Answers that identical calls within a time of the author's choice share: found before a call, kept with its commit.

Identical are calls of one workspace that would send the same model of the same connection the same words with the same
settings and outputs. The nonce of a fence is left out of the comparison: it differs from run to run by design.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from penstock.actions.use_custom_llm import Prepared, UseCustomLlmFields
from penstock.kit.database import Connection
from penstock.kit.json import Json, dumps
from penstock.llm.result import Source
from penstock.llm.sources import as_json, from_json
from penstock.workflows.legs.jsonb import encode
from penstock.workflows.legs.leg import AnswerToKeep, Walked

# By primary key. Not older than the step that asks now allows, nor than the one that asked then.
FIND = """
SELECT a.key, a.answer, a.model, a.enrollment_id, a.answered_at, a.sources
FROM unnest($2::bytea[], $3::timestamptz[]) AS wanted (key, since)
JOIN llm_answers a ON a.workspace_id = $1 AND a.key = wanted.key AND a.answered_at >= wanted.since
WHERE a.expires_at > $4
"""
# In key order, so that two commits cannot wait for each other.
KEEP = """
INSERT INTO llm_answers (workspace_id, key, answer, model, enrollment_id, answered_at, expires_at, sources)
SELECT workspace_id, key, answer, model, enrollment_id, $6, expires_at, sources::jsonb
FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::text[], $5::bigint[], $7::timestamptz[], $8::text[])
    AS kept (workspace_id, key, answer, model, enrollment_id, expires_at, sources)
ORDER BY workspace_id, key
ON CONFLICT (workspace_id, key) DO UPDATE
SET answer = excluded.answer, model = excluded.model, enrollment_id = excluded.enrollment_id,
    answered_at = excluded.answered_at, sources = excluded.sources, expires_at = greatest(llm_answers.expires_at, excluded.expires_at)
"""
# Served by llm_answers_expired.
FORGET = """
DELETE FROM llm_answers a USING (
    SELECT workspace_id, key FROM llm_answers WHERE expires_at <= $1 ORDER BY expires_at LIMIT 10000 FOR UPDATE SKIP LOCKED
) AS old WHERE a.workspace_id = old.workspace_id AND a.key = old.key
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer from before: the model's words, without fences, who gave them and when, and what they rest on."""

    answer: str
    model: str
    enrollment_id: int
    answered_at: datetime
    sources: tuple[Source, ...] = ()


def key_of(connection_id: int, fields: UseCustomLlmFields, prepared: Prepared) -> bytes | None:
    """What names all identical calls; None when the step asks anew each time."""
    if not fields.reuse_seconds:
        return None
    request = prepared.request
    prompt, system = request.prompt, request.system or ""
    if prepared.nonce:
        prompt, system = (text.replace(prepared.nonce, "") for text in (prompt, system))
    asked: list[Json] = [
        connection_id,
        request.model,
        system,
        prompt,
        request.temperature,
        request.effort,
        request.max_output_tokens,
        request.schema,
        request.json_prompt if request.schema is not None else None,
    ]
    if request.search is not None:
        # Only then, so that answers kept before there was a search are found still.
        asked.append({"most": request.search.most, "domains": list(request.search.domains)})
    return hashlib.sha256(dumps(asked)).digest()


async def find_stored(
    db: Connection, workspace_id: int, wanted: Sequence[tuple[bytes, float]], now: datetime
) -> dict[bytes, Stored]:
    """The stored answers among these (key, age in seconds) pairs that are young enough."""
    if not wanted:
        return {}
    rows = await db.fetch(
        FIND,
        workspace_id,
        [key for key, _ in wanted],
        [now - timedelta(seconds=age) for _, age in wanted],
        now,
    )
    return {
        row["key"]: Stored(
            row["answer"],
            row["model"],
            row["enrollment_id"],
            row["answered_at"],
            from_json(row["sources"]),
        )
        for row in rows
    }


async def keep_answers(
    db: Connection, walks: Sequence[Walked], answers: Sequence[AnswerToKeep | None], now: datetime
) -> None:
    """Keeps the answers of these walks, in the commit that writes down what they came to; the last of equal ones."""
    kept = {
        (walked.leg.workspace_id, answer.key): (walked, answer)
        for walked, answer in zip(walks, answers, strict=True)
        if answer is not None and walked.leg.keeping.replies != 0
    }
    if not kept:
        return
    await db.execute(
        KEEP,
        [workspace_id for workspace_id, _ in kept],
        [key for _, key in kept],
        [answer.text.replace("\x00", "\ufffd") for _, answer in kept.values()],
        [answer.model for _, answer in kept.values()],
        [walked.leg.key.enrollment_id for walked, _ in kept.values()],
        now,
        [now + timedelta(seconds=_seconds(walked, answer)) for walked, answer in kept.values()],
        [_sources(answer) for _, answer in kept.values()],
    )


def _sources(answer: AnswerToKeep) -> str | None:
    return encode(as_json(answer.sources)) if answer.sources else None


def _seconds(walked: Walked, answer: AnswerToKeep) -> float:
    """How long an answer is kept: as the step says, but no longer than the workflow's logs keep replies."""
    days = walked.leg.keeping.replies
    return answer.seconds if days is None else min(answer.seconds, days * 86_400.0)


async def forget_expired(db: Connection, now: datetime) -> None:
    """Drops answers whose time is over, ten thousand at a time."""
    await db.execute(FORGET, now)
