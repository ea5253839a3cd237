"""`penstock flows keep`: how long a workflow's logs keep prompts, replies and outputs."""

from __future__ import annotations

from typing import Annotated

import typer

from penstock.accounts import audit
from penstock.cli.output import output
from penstock.cli.session import session
from penstock.errors import InvalidInput
from penstock.kit.database import transaction
from penstock.workflows.keeping import keeping
from penstock.workflows.keeping.keeping import Keeping

FOR_EVER = "forever"
DAYS = f"Days, 0 for not at all, or {FOR_EVER}."


async def keep(
    flow_id: Annotated[int, typer.Argument(metavar="FLOW", help="The workflow's id.")],
    prompts: Annotated[str | None, typer.Option("--prompts", metavar="DAYS", help=DAYS)] = None,
    replies: Annotated[str | None, typer.Option("--replies", metavar="DAYS", help=DAYS)] = None,
    outputs: Annotated[str | None, typer.Option("--outputs", metavar="DAYS", help=DAYS)] = None,
) -> None:
    """Show or set how long the logs of LLM steps keep prompts, replies and outputs."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        found = await keeping.get(db, actor.workspace_id, flow_id)
        wanted = Keeping(
            _days("--prompts", prompts, found.prompts),
            _days("--replies", replies, found.replies),
            _days("--outputs", outputs, found.outputs),
        )
        if wanted != found:
            found = await keeping.change(db, actor.workspace_id, flow_id, wanted)
            detail = {"prompts": found.prompts, "replies": found.replies, "outputs": found.outputs}
            await audit.record(db, actor, "flow.log_keeping_set", "flow", flow_id, {**detail})
    output.item(
        found,
        [
            ("Prompts", _said(found.prompts)),
            ("Replies", _said(found.replies)),
            ("Outputs", _said(found.outputs)),
        ],
    )


def _days(option: str, text: str | None, now: int | None) -> int | None:
    if text is None:
        return now
    if text == FOR_EVER:
        return None
    if not (text.isascii() and text.isdigit()):
        raise InvalidInput(f"{option}: '{text[:40]}' is no number of days.", remedy=f"Write {DAYS.lower()}")
    return int(text[:9])


def _said(days: int | None) -> str:
    if days is None:
        return "kept for ever"
    return "not kept" if days == 0 else f"kept for {days} days"
