"""Who wrote a value: the `source` that every change, history row and record carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from penstock.kit.json import JsonObject

# HubSpot's words for the source of a property value (property history, `sourceType`).
SourceType = Literal["CRM_UI", "API", "IMPORT", "AUTOMATION_PLATFORM"]

EVERY_FLOW = 0


@dataclass(frozen=True, slots=True)
class Source:
    """The origin of a write.

    `id` and `label` name it for people: a user's id and name, a token's id and name, an import's id and file,
    or a flow's id and name. `detail` says more, and for workflow writes it says which flow, revision, action,
    enrollment, model, provider and prompt. `depth` counts how many workflow-made changes led to this one. `closed_to`
    is the workflow that must not start from this write, as when what it wrote is taken back; EVERY_FLOW is all of them.
    `chain` are the workflows that led to this write, the oldest first, and `root_id` the change with which it began.
    """

    type: SourceType
    id: str
    label: str
    detail: JsonObject | None = None
    depth: int = 0
    closed_to: int | None = None
    chain: tuple[int, ...] = ()
    root_id: int | None = None
