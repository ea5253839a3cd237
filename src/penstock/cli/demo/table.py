"""The table at the end of the demo."""

from __future__ import annotations

from penstock.cli.demo.results import Answer, Report
from penstock.cli.output import Column, output, shortened


def _mark(answer: Answer) -> str:
    if answer.product is None or answer.label is None:
        return "?"
    return "✓" if answer.agrees else "✗"


def _colour(answer: Answer) -> str:
    return {"✓": "green", "✗": "yellow"}.get(_mark(answer), "red")


COLUMNS: tuple[Column[Answer], ...] = (
    Column("Ticket", lambda answer: answer.record_id, number=True),
    Column("Company", lambda answer: shortened(answer.company, 18)),
    Column("Model says", lambda answer: shortened(answer.product or answer.status.lower(), 26)),
    Column("Person said", lambda answer: shortened(answer.label or "", 26)),
    Column("", _mark, style=_colour),
    Column(
        "Urgency",
        lambda answer: answer.urgency,
        style=lambda answer: "red" if answer.urgency == "high" else "",
    ),
    Column("Summary", lambda answer: shortened(answer.summary or "", 48)),
    Column("Tokens", lambda answer: answer.tokens, number=True),
    Column(
        "Seconds", lambda answer: f"{answer.seconds:.1f}" if answer.seconds is not None else "", number=True
    ),
)


def show(report: Report) -> None:
    """Prints the table, the agreement rate, the phases, the failures and where to look further."""
    if output.json:
        output.document(report)
        return
    output.line("")
    output.table(
        report.answers, COLUMNS, title=f"Triage complaints, answered by {report.model} ({report.provider})"
    )
    agreed, of = report.agreement
    if of:
        output.line(
            f"Agreement with the label that a person gave: {agreed} of {of} ({agreed / of:.0%}).",
            style="bold",
        )
    tokens = sum(answer.tokens for answer in report.answers)
    cost = sum(answer.cost_usd or 0.0 for answer in report.answers)
    output.line(f"Tokens: {tokens:,}" + (f", ${cost:,.4f}." if cost else "; nothing to pay."))
    for answer in report.failed:
        cause = answer.error or {}
        output.line(
            f"Run {answer.run_id} ({answer.status}): {cause.get('message', 'not finished')} {cause.get('remedy', '')}".rstrip(),
            style="red",
        )
    output.line(_where_mails_are(report.mails))
    for phase in report.phases:
        output.line(f"  {phase.name:<34}{phase.seconds:>8.1f} s  {phase.detail}".rstrip())
    output.line(f"  {'total':<34}{sum(phase.seconds for phase in report.phases):>8.1f} s")
    _show_next(report.flow_id)


def _show_next(flow_id: int) -> None:
    """What to try with what the demo left behind, each a command as it stands."""
    output.line("Try next:")
    for command, what in (
        (
            f"penstock sample {flow_id} --number 3",
            "the workflow on three more records, with nothing written or sent",
        ),
        (
            f"penstock evals create {flow_id} --step 1 --name Products",
            "what its model should answer; a gate against worse prompts",
        ),
        (f"penstock undo workflow {flow_id}", "which of its values would go back, and what would stay"),
        (f"penstock caps set 5 --per month --flow {flow_id}", "the most that its calls may cost"),
    ):
        output.line(f"  {command:<58}{what}")


def _where_mails_are(mails: dict[str, int]) -> str:
    total = sum(mails.values())
    if not total:
        return "E-mails: none, because no ticket was found urgent."
    by_status = ", ".join(f"{count} {status}" for status, count in sorted(mails.items()))
    place = (
        ""
        if mails.keys() <= {"sent"}
        else " Read them with `penstock outbox list` and `penstock outbox show ID`."
    )
    return f"E-mails about urgent tickets: {by_status}.{place}"
