"""Shows what a workflow would do with a record."""

from __future__ import annotations

from penstock.cli.output import Column, output, shortened
from penstock.kit.json import JsonObject
from penstock.workflows.dry_run import DryRun
from penstock.workflows.legs.leg import StepRow

STEP_COLUMNS: tuple[Column[StepRow], ...] = (
    Column("Action", lambda step: f"{step.action_id} ({step.action_type_id})"),
    Column(
        "Status", lambda step: step.status, style=lambda step: "red" if step.status == "FAILED" else "green"
    ),
    Column("Result", lambda step: shortened(str((step.error or {}).get("message") or _outputs(step)), 120)),
)


def show_dry_run(result: DryRun) -> None:
    """Prints the steps, the values that would change, and what would have gone out."""
    if output.json:
        output.document(result)
        return
    output.table(result.steps, STEP_COLUMNS, title="Steps")
    for step in result.steps:
        for remark in remarks(step.detail or {}):
            output.line(f"  action {step.action_id}: {remark}", style="yellow")
    output.line(f"Would end {result.status}. Nothing was written or sent.")
    for name in sorted(result.after):
        output.line(f"  {name}: {_value(result.before.get(name))} -> {_value(result.after[name])}")
    for keyed_mail in result.mails:
        output.line(f"  e-mail to {', '.join(keyed_mail.mail.recipients)}: {keyed_mail.mail.subject}")
    for keyed_webhook in result.webhooks:
        output.line(f"  webhook {keyed_webhook.webhook.method} {keyed_webhook.webhook.url}")
    for call in result.calls:
        tokens = (call.input_tokens or 0) + (call.output_tokens or 0)
        output.line(f"  {call.model}: {tokens:,} tokens" + (f", ${call.cost_usd}" if call.cost_usd else ""))
    if result.error:
        output.line(f"Cause: {result.error.get('message', '')} {result.error.get('remedy', '')}", style="red")


def remarks(detail: JsonObject) -> list[str]:
    """What people should know of a step that went well: tokens without a value, parameters that were not sent."""
    warnings, dropped = detail.get("warnings"), detail.get("dropped")
    found = [str(warning) for warning in warnings] if isinstance(warnings, list) else []
    left_out = [each for each in dropped if isinstance(each, dict)] if isinstance(dropped, list) else []
    return found + [f"{each.get('field')} was not sent as set: {each.get('reason')}" for each in left_out]


def _outputs(step: StepRow) -> str:
    return ", ".join(
        f"{name}={value}" for name, value in (step.outputs or {}).items() if not name.startswith("hs_")
    )


def _value(value: str | None) -> str:
    return "(empty)" if value is None else shortened(value, 60)
