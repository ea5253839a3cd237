"""What came of trying, as JSON that can be kept and shown: steps, values before and after, mails, webhooks, cost."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from penstock.actions.registry import find_action
from penstock.kit.json import Json, JsonObject
from penstock.workflows.dry_run import DryRun
from penstock.workflows.legs.leg import Called, StepRow

# What steps that were kept before it was told do not have, so that samples of older versions can still be read.
SINCE: JsonObject = {"sources": [], "knowledge": []}


def tell(tried: DryRun) -> JsonObject:
    """A dry run as JSON: names in snake_case, USD as decimal text (None: not known), seconds as a number."""
    calls = {called.call_key.rpartition(".")[2]: called for called in tried.calls}
    cost = cost_of(tried)
    before: JsonObject = {**tried.before}
    after: JsonObject = {**tried.after}
    return {
        "status": tried.status,
        "steps": [_step(step, calls.get(step.action_id)) for step in tried.steps],
        "before": before,
        "after": after,
        "mails": [
            {
                "recipients": list(one.mail.recipients),
                "subject": one.mail.subject,
                "html": one.mail.html,
                "text": one.mail.text,
            }
            for one in tried.mails
        ],
        "webhooks": [
            {"method": one.webhook.method, "url": one.webhook.url, "body": one.webhook.body}
            for one in tried.webhooks
        ],
        "cost_usd": None if cost is None else usd_text(cost),
        "seconds": seconds_of(tried),
        "error": _failure(tried.error),
    }


def as_told_today(kept: JsonObject) -> JsonObject:
    """A dry run that was told and kept by any version: what came to its steps since is there, and empty."""
    steps = kept.get("steps")
    if not isinstance(steps, list):
        return kept
    return {**kept, "steps": [{**SINCE, **step} if isinstance(step, dict) else step for step in steps]}


def cost_of(tried: DryRun) -> Decimal | None:
    """What the calls cost in USD; None when the price of one is not known."""
    priced = [called.cost_usd for called in tried.calls]
    known = [Decimal(cost) for cost in priced if cost is not None]
    return sum(known, Decimal(0)) if len(known) == len(priced) else None


def seconds_of(tried: DryRun) -> float:
    """How long the calls took, in seconds."""
    return sum(called.seconds for called in tried.calls)


def usd_text(amount: Decimal) -> str:
    """Money as decimal text, with eight digits after the point at most."""
    return f"{amount:.8f}".rstrip("0").rstrip(".") or "0"


def _step(step: StepRow, called: Called | None) -> JsonObject:
    inputs, detail = step.inputs or {}, step.detail or {}
    action = find_action(
        step.action_type_id if step.action_type_id.isupper() else "SINGLE_CONNECTION", step.action_type_id
    )
    return {
        "action_id": step.action_id,
        "title": action.title if action else step.action_type_id,
        "status": step.status,
        "branch": _text(detail.get("branch")),
        "inputs": step.inputs,
        "outputs": step.outputs or {},
        "prompt": _text(inputs.get("prompt")),
        "system": _text(inputs.get("system_prompt")),
        "answer": _text((step.outputs or {}).get("text") if called else None) or _text(detail.get("answer")),
        "provider": called.provider if called else None,
        "model": called.model if called else None,
        "input_tokens": called.input_tokens if called else None,
        "output_tokens": called.output_tokens if called else None,
        "cost_usd": usd_text(Decimal(called.cost_usd)) if called and called.cost_usd is not None else None,
        "seconds": called.seconds if called else None,
        "sources": list(_list(detail.get("sources"))),
        "knowledge": list(_list(detail.get("knowledge"))),
        "dropped": list(_list(detail.get("dropped"))),
        "warnings": [str(one) for one in _list(detail.get("warnings"))],
        "error": _failure(step.error),
    }


def _failure(error: JsonObject | None) -> JsonObject | None:
    if error is None:
        return None
    return {name: str(error.get(name, "")) for name in ("code", "message", "remedy")}


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _list(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list) else ()
