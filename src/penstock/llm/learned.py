"""What a model's refusals teach: a 400 that names a field we sent means that this model does not take it.

Learned per (provider, base URL, model), kept in the process and in the table `learned_capabilities`. These
facts are about models, not about customers, so they have no workspace. They expire, because models gain abilities.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

from penstock.kit.database import Connection
from penstock.llm.capabilities import EFFORT_WORDS, Capabilities, settle
from penstock.llm.errors import LlmError
from penstock.llm.request import LlmRequest

LearnedField = Literal[
    "temperature",
    "temperature_while_reasoning",
    "effort",
    "schema",
    "schema_while_searching",
    "max_tokens",
    "system",
]
LEARNED_FIELDS: tuple[LearnedField, ...] = get_args(LearnedField)

# The word for «no» in the refusals of all providers. A value out of range is the author's mistake and not learned.
REFUSAL = re.compile(
    r"not? (be )?(support|allow|permit|available|enabled|accept|compatible)|n't (support|allow|accept)|unsupported|deprecated"
    r"|only the default|may only be set to|no longer|cannot be (used|set|combined|disabled)|must be (unset|omitted|removed)|incompatible"
    r"|unknown (name|field|parameter|argument)|unrecognized|unexpected|extra inputs|does not (have|take)|supported (values|levels)",
    re.IGNORECASE,
)
# What follows this phrase is the list of levels that the model does take.
SUPPORTED = re.compile(r"supported (?:values|levels|options)(?: are)?:?(.*)", re.IGNORECASE | re.DOTALL)
LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True)
class Learned:
    """One fact: this model refuses this field (or this spelling of it), in the provider's words."""

    field: LearnedField
    message: str


@dataclass(frozen=True, slots=True)
class LearnedAt:
    """A fact with the model it is about."""

    provider: str
    base_url: str
    model: str
    fact: Learned


def learn(error: LlmError, request: LlmRequest, capabilities: Capabilities) -> Learned | None:
    """What an error teaches about the model, or None when it is no refusal of a field that was sent."""
    if (
        error.kind != "invalid_request"
        or error.provider_status not in {400, 422}
        or not REFUSAL.search(error.detail)
    ):
        return None
    sent = settle(request, capabilities)
    message = error.detail[:LONGEST_MESSAGE]
    if error.field == "temperature" and sent.temperature is not None:
        reasons = sent.effort not in {None, "none"}
        return Learned("temperature_while_reasoning" if reasons else "temperature", message)
    if error.field == "effort":
        if sent.effort is not None:
            # A list of levels that has the one we sent is about something else.
            return None if sent.effort in _listed(message) else Learned("effort", message)
        # «temperature may only be set to 1 when thinking is enabled» may be read as about thinking.
        if sent.temperature is not None and "temperature" in error.detail.lower():
            return Learned("temperature", message)
    if error.field == "schema" and sent.native_schema:
        return Learned("schema" if request.search is None else "schema_while_searching", message)
    if error.field == "system" and request.system and capabilities.system_role:
        return Learned("system", message)
    wants_other_name = (
        "max_completion_tokens" in error.detail and capabilities.max_tokens_name == "max_tokens"
    )
    if error.field == "max_output_tokens" and request.max_output_tokens is not None and wants_other_name:
        return Learned("max_tokens", message)
    return None


def apply(capabilities: Capabilities, facts: Sequence[Learned]) -> Capabilities:
    """The capabilities narrowed by what was learned, in the order it was learned."""
    for fact in facts:
        capabilities = _apply(capabilities, fact)
    return capabilities


def _apply(capabilities: Capabilities, fact: Learned) -> Capabilities:
    said = f"The model refused it: {fact.message}"
    match fact.field:
        case "temperature":
            return replace(capabilities, temperature=None, temperature_note=said)
        case "temperature_while_reasoning":
            return replace(capabilities, temperature_needs_reasoning_off=True, temperature_note=said)
        case "effort":
            left = _levels(fact.message, capabilities.efforts)
            return replace(capabilities, efforts=left, effort_note=said)
        case "schema":
            return replace(capabilities, structured=False, structured_note=said)
        case "schema_while_searching":
            return replace(capabilities, structured_search=False, structured_search_note=said)
        case "system":
            return replace(capabilities, system_role=False)
        case "max_tokens":
            return replace(capabilities, max_tokens_name="max_completion_tokens")


def _levels(message: str, tried: tuple[str, ...]) -> tuple[str, ...]:
    """The levels that the message lists; none when it lists none or only all that were tried already."""
    listed = _listed(message)
    return () if listed == tried else listed


def _listed(message: str) -> tuple[str, ...]:
    found = SUPPORTED.search(message)
    words = set(re.findall(r"[a-z]+", found.group(1).lower())) if found else set()
    return tuple(word for word in EFFORT_WORDS if word in words)


# One row a refused field; learned again, the newer message and time win. Served by the primary key.
SAVE = """
INSERT INTO learned_capabilities (provider, base_url, model, field, message)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (provider, base_url, model, field) DO UPDATE SET message = excluded.message, learned_at = now()
"""

# Read once at start-up; the table has a handful of rows a model in use. Expired facts are asked for anew.
LOAD = """
SELECT provider, base_url, model, field, message FROM learned_capabilities
WHERE learned_at > now() - make_interval(days => $1) ORDER BY learned_at
"""

# For an operator who knows that a model has changed. Served by the primary key.
FORGET = "DELETE FROM learned_capabilities WHERE provider = $1 AND base_url = $2 AND model = $3"

EXPIRES_AFTER_DAYS = 30


async def save(db: Connection, learned: LearnedAt) -> None:
    """Keeps one fact, in the caller's transaction."""
    fact = learned.fact
    await db.execute(SAVE, learned.provider, learned.base_url, learned.model, fact.field, fact.message)


async def load(db: Connection) -> list[LearnedAt]:
    """All facts that have not expired, oldest first. Rows of a field that this version does not know are left out."""
    rows = await db.fetch(LOAD, EXPIRES_AFTER_DAYS)
    return [
        LearnedAt(
            row["provider"],
            row["base_url"],
            row["model"],
            Learned(cast(LearnedField, row["field"]), row["message"]),
        )
        for row in rows
        if row["field"] in LEARNED_FIELDS
    ]


async def forget(db: Connection, provider: str, base_url: str, model: str) -> None:
    """Deletes what was learned about a model, in the caller's transaction."""
    await db.execute(FORGET, provider, base_url, model)
