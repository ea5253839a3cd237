"""`penstock flows estimate`: what enrolling many records would cost. `flows` registers it."""

from __future__ import annotations

from decimal import Decimal
from random import SystemRandom
from typing import Annotated

import typer

from penstock.cli.output import output
from penstock.cli.session import session
from penstock.errors import InvalidInput
from penstock.kit.database import transaction
from penstock.workflows.document import parse
from penstock.workflows.editing.chosen import choose_document
from penstock.workflows.trying.estimate import estimate
from penstock.workflows.trying.who import who_matches


async def estimate_enrollment(
    flow_id: Annotated[int, typer.Argument(metavar="FLOW", help="The workflow's id.")],
    records: Annotated[
        list[int] | None, typer.Option("--record", help="A record to enroll; may be repeated.")
    ] = None,
    number: Annotated[
        int | None,
        typer.Option(
            "--number",
            min=0,
            help="So many records, like those of --record or at random; without either all that meet the criteria now.",
        ),
    ] = None,
    batch: Annotated[
        bool, typer.Option("--batch", help="Through the batch APIs of the providers, at their lower price.")
    ] = False,
    revision: Annotated[
        str | None,
        typer.Option("--revision", help="draft, live or a number; without it the draft where there is one."),
    ] = None,
) -> None:
    """Say about what enrolling records would cost and how long it would take. No model is asked."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        chosen = await choose_document(db, actor.workspace_id, flow_id, revision)
        document, now = parse(chosen.document), penstock.clock.now()
        wanted = number if number is not None else len(records or ()) or None
        if wanted is None:
            who = await who_matches(db, actor.workspace_id, document, now)
            matching = who.matching
            wanted = None if matching is None else matching.count if matching.exact else matching.estimate
            if wanted is None:
                raise InvalidInput(
                    who.note or "How many records match is not known.", remedy="Say how many: --number 1000."
                )
        found = await estimate(
            db, actor.workspace_id, flow_id, document, wanted, now, SystemRandom(), records or (), batch=batch
        )
    output.item(
        found,
        (
            ("Records", f"{found.records:,}"),
            ("Model calls", f"{found.calls:,}"),
            ("Tokens in", f"{found.input_tokens:,}"),
            ("Usual (p50)", _usd(found.p50_usd)),
            ("Dear (p95)", _usd(found.p95_usd)),
            ("At least", f"{found.seconds:,.0f} s"),
            ("Made from", f"{found.sample} records. {found.note}"),
        ),
    )


def _usd(amount: Decimal | None) -> str:
    return "not known" if amount is None else f"{amount:,.4f} USD"
