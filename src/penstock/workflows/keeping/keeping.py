"""How long the logs of a workflow's LLM steps keep prompts, replies and outputs."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.errors import InvalidInput, NotFound
from penstock.kit.database import Connection
from penstock.workflows.keeping.withheld import PARTS, Part

LONGEST_DAYS = 3650

GET = """
SELECT keep_prompts AS prompts, keep_replies AS replies, keep_outputs AS outputs FROM flows
WHERE workspace_id = $1 AND id = $2
"""
SET = """
UPDATE flows SET keep_prompts = $3, keep_replies = $4, keep_outputs = $5 WHERE workspace_id = $1 AND id = $2 RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Keeping:
    """Days that each part is kept: None for ever, 0 not at all (it is never written)."""

    prompts: int | None = None
    replies: int | None = None
    outputs: int | None = None

    @property
    def never(self) -> tuple[Part, ...]:
        """The parts that are not written at all."""
        return tuple(part for part in PARTS if getattr(self, part) == 0)

    @property
    def forgets(self) -> bool:
        """Whether anything that a model said is not kept for ever."""
        return self.replies is not None or self.outputs is not None


FOR_EVER = Keeping()


async def get(db: Connection, workspace_id: int, flow_id: int) -> Keeping:
    """How long a workflow keeps what; also of a deleted one, whose logs are there still. Raises NotFound."""
    row = await db.fetchrow(GET, workspace_id, flow_id)
    if row is None:
        raise NotFound(f"There is no workflow {flow_id}.", remedy="List them with GET /automation/v4/flows.")
    return Keeping(**row)


async def change(db: Connection, workspace_id: int, flow_id: int, wanted: Keeping) -> Keeping:
    """Sets how long a workflow keeps what. What was kept longer already goes with the next round of the workers.

    Raises NotFound, and InvalidInput for days below 0 or above 3,650.
    """
    for part in PARTS:
        days = getattr(wanted, part)
        if days is not None and not 0 <= days <= LONGEST_DAYS:
            raise InvalidInput(
                f"{part} are to be kept for {days} days.",
                remedy=f"Use 0 (not at all) to {LONGEST_DAYS:,} days, or none for ever.",
            )
    if await db.fetchval(SET, workspace_id, flow_id, wanted.prompts, wanted.replies, wanted.outputs) is None:
        raise NotFound(f"There is no workflow {flow_id}.", remedy="List them with GET /automation/v4/flows.")
    return wanted
