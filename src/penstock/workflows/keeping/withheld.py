"""What of an LLM step stays out of the log (pure). The run goes on with all of it; only its row has less."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from penstock.kit.json import Json, JsonObject

Part = Literal["prompts", "replies", "outputs"]
PARTS: tuple[Part, ...] = ("prompts", "replies", "outputs")

PROMPT_INPUTS = ("prompt", "system_prompt")
REPLY_OUTPUTS = ("text", "hs_sources", "hs_source_urls")
REPLY_DETAILS = ("answer", "repair", "sources")
# What stays in any case: it says nothing about the record.
ORIGIN_OUTPUTS = ("hs_model", "hs_prompt_hash")
NOT_KEPT = "not_kept"


@dataclass(frozen=True, slots=True)
class Logged:
    """The parts of a step's row that can hold personal data."""

    inputs: JsonObject | None
    outputs: JsonObject | None
    detail: JsonObject | None


def without(logged: Logged, parts: Iterable[Part]) -> Logged:
    """The row without these parts; `not_kept` in its detail names them."""
    gone = [part for part in PARTS if part in set(parts)]
    if not gone:
        return logged
    inputs, outputs, detail = logged.inputs, logged.outputs, dict(logged.detail or {})
    if "prompts" in gone and inputs is not None:
        inputs = _left(inputs, PROMPT_INPUTS)
    if "replies" in gone:
        detail = _left(detail, REPLY_DETAILS)
        outputs = _left(outputs, REPLY_OUTPUTS) if outputs is not None else None
    if "outputs" in gone and outputs is not None:
        outputs = {key: value for key, value in outputs.items() if key in (*REPLY_OUTPUTS, *ORIGIN_OUTPUTS)}
    before = detail.get(NOT_KEPT)
    known: list[Json] = list(before) if isinstance(before, list) else []
    detail[NOT_KEPT] = [*known, *(part for part in gone if part not in known)]
    return Logged(inputs, outputs, detail)


def _left(whole: JsonObject, names: Iterable[str]) -> JsonObject:
    return {key: value for key, value in whole.items() if key not in names}
