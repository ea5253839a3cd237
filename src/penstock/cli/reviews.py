"""`penstock reviews`: doubtful answers of models that wait for a person."""

from __future__ import annotations

from typing import Annotated

import typer

from penstock.cli.command import command, group
from penstock.cli.jsonable import fields_of, jsonable
from penstock.cli.output import Column, output, shortened, shown
from penstock.cli.session import session
from penstock.errors import InvalidInput, PenstockError
from penstock.kit.database import transaction
from penstock.kit.json import Json, JsonObject
from penstock.workflows.reviews import queue
from penstock.workflows.reviews.deciding import Decision, decide
from penstock.workflows.reviews.queue import Question, Review

app = group("Reviews: doubtful answers of models that wait for a person.")

Ids = Annotated[list[int], typer.Argument(metavar="REVIEW…", help="Ids of reviews.")]

COLUMNS: tuple[Column[Review], ...] = (
    Column("Review", lambda review: review.id, number=True),
    Column("Workflow", lambda review: f"{review.flow_name} ({review.flow_id})"),
    Column("Record", lambda review: f"{shortened(review.record_name, 40)} ({review.record_id})"),
    Column("State", lambda review: review.state),
    Column("Doubtful", lambda review: "; ".join(_doubts(review))),
    Column("Since", lambda review: review.created_at),
    Column("Changed", lambda review: review.changed),
)


@command(app, "list")
async def list_reviews(
    flow: Annotated[int | None, typer.Option("--flow", help="Only those of this workflow.")] = None,
    decided: Annotated[bool, typer.Option("--decided", help="What was decided, newest first.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many.")] = 50,
) -> None:
    """List what waits for a review, oldest first."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        read = queue.decided if decided else queue.waiting
        found = await read(db, actor.workspace_id, flow_id=flow, limit=limit)
    output.results(found, COLUMNS, empty="Nothing waits for a review.")


@command(app, "show")
async def show(review_id: Annotated[int, typer.Argument(metavar="REVIEW", help="The review's id.")]) -> None:
    """Show one review: the prompt, the answer, its values with confidence, what of the record changed."""
    async with session() as (penstock, actor), transaction(penstock.pool) as db:
        review = await queue.get(db, actor.workspace_id, review_id)
        question = await queue.question_of(db, actor.workspace_id, review)
    if output.json:
        output.document({**fields_of(review), "question": jsonable(question)})
        return
    output.item(review, _lines(review, question))


@command(app, "approve")
async def approve(
    review_ids: Ids,
    values: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="Another value for a field; for one review only."),
    ] = None,
    even_if_changed: Annotated[
        bool,
        typer.Option("--even-if-changed", help="Also when the record changed since the model was asked."),
    ] = False,
) -> None:
    """Let records go on with the answers, or with the values that you set instead."""
    edits = _edits(values or [])
    if edits and len(review_ids) > 1:
        raise InvalidInput(
            "--set goes with one review.", remedy="Approve the others by a command of their own."
        )
    await _decide(review_ids, Decision("approve", edits), even_if_changed=even_if_changed)


@command(app, "reject")
async def reject(
    review_ids: Ids,
    reason: Annotated[str, typer.Option("--reason", help="Why; stands in the run's log.")] = "",
) -> None:
    """Reject answers: their steps fail, or their fallbacks stand in, as the author chose."""
    await _decide(review_ids, Decision("reject", reason=reason), even_if_changed=False)


async def _decide(review_ids: list[int], decision: Decision, *, even_if_changed: bool) -> None:
    """Each by itself; the first one alone may raise, so that one review answers with its own error."""
    results: list[JsonObject] = []
    async with session() as (penstock, actor):
        for review_id in dict.fromkeys(review_ids):
            try:
                async with transaction(penstock.pool) as db:
                    version = decision.record_version
                    if even_if_changed:
                        version = (await queue.get(db, actor.workspace_id, review_id)).record_version
                    made = Decision(decision.verdict, decision.values, decision.reason, version)
                    review = await decide(penstock.runner, db, actor, review_id, made)
                results.append({"id": str(review_id), "state": review.state})
                output.line(f"Review {review_id}: {review.state.lower()}.")
            except PenstockError as error:
                if len(review_ids) == 1:
                    raise
                results.append({"id": str(review_id), "code": error.code, "message": error.message})
                output.note(f"Review {review_id}: {error.message} {error.remedy}", style="red")
    if output.json:
        output.document({"results": list(results)})
    if any("code" in one for one in results):
        raise typer.Exit(1)


def _edits(values: list[str]) -> JsonObject:
    edits: JsonObject = {}
    for text in values:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise InvalidInput(f"--set takes FIELD=VALUE, not '{text[:60]}'.")
        edits[name.strip()] = value
    return edits


def _doubts(review: Review) -> list[str]:
    return [
        f"{field.label}: {shortened(shown(field.value), 30)} ({field.confidence:.0%})"
        for field in review.fields
        if field.doubtful and field.confidence is not None
    ]


def _lines(review: Review, question: Question) -> list[tuple[str, object]]:
    def sure(confidence: float | None) -> str:
        return "" if confidence is None else f" ({confidence:.0%} sure)"

    values: list[tuple[str, Json]] = [
        (("? " if field.doubtful else "") + field.label, f"{shown(field.value)}{sure(field.confidence)}")
        for field in review.fields
    ]
    changes: list[tuple[str, Json]] = [
        ("Changed", f"{change.label}: {change.before or '(empty)'} -> {change.now or '(empty)'}")
        for change in question.changes
    ]
    decided: list[tuple[str, object]] = []
    if review.decided_at is not None:
        decided = [("Decided", f"{shown(review.decided_at)} by {review.decided_by} {review.reason}".strip())]
    return [
        ("Review", review.id),
        ("State", review.state),
        ("Workflow", f"{review.flow_name} ({review.flow_id}), action {review.action_id}"),
        ("Run", review.enrollment_id),
        ("Record", f"{review.record_name} ({review.record_id})"),
        ("Model", question.model),
        ("Prompt", question.prompt),
        *values,
        *changes,
        *decided,
    ]
