"""Owners and admins are told of a cap when it is nearly used and when it is reached, each once for a period and limit."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.workflows.scene_of_runs import edit, flow_of, runs_at

from penstock.accounts import users
from penstock.accounts.actors import command_line
from penstock.kit.database import Connection
from penstock.mail.outbox import MailSummary, get, list_mails
from penstock.workflows.spending.alerts import queue_alerts
from penstock.workflows.spending.caps import set_cap
from penstock.workflows.spending.reserving import in_words

ME = command_line(1, "test")
SPEND = "UPDATE spend_caps SET spent_usd = $1, usd_each = 0.01"


async def told(db: Connection) -> list[MailSummary]:
    await queue_alerts(db, 1, "https://penstock.example.com")
    return await list_mails(db, 1)


async def test_a_cap_is_told_of_at_80_percent_and_when_no_call_fits_each_once_until_it_is_raised(
    crm: Connection,
) -> None:
    for email, role in (("ann@example.com", "admin"), ("bo@example.com", "builder")):
        await users.create(crm, 1, ME, email=email, role=role, first_name="", last_name="")
    flow = await flow_of(crm, edit("1"))
    await crm.execute("UPDATE flows SET name = '<b>Triage</b>'")
    cap = await set_cap(crm, 1, ME, "flow", flow, "day", Decimal(1))
    assert await told(crm) == []
    await crm.execute(SPEND, Decimal("0.80"))
    [nearly] = await told(crm)
    assert nearly.subject == "Spending cap nearly used: 1.00 USD a day for the workflow <b>Triage</b>"
    assert "ann@example.com" in nearly.recipients
    assert "bo@example.com" not in nearly.recipients, "only those who may do something about it"
    await crm.execute(SPEND, Decimal("0.995"))
    assert len(await told(crm)) == len(await told(crm)) == 2
    await runs_at(crm, flow, range(1, 3), "WAITING", "1", "CAP_REACHED", f"cap:{cap.id}")
    [reached, _] = await told(crm)
    assert reached.subject.startswith("Spending cap reached: 1.00 USD a day")
    await set_cap(crm, 1, ME, "flow", flow, "day", Decimal("0.9"))
    [again, *_] = await told(crm)
    mail = await get(crm, 1, again.id)
    assert "2 runs wait for it now." in mail.text
    assert f"https://penstock.example.com/spend?cap={cap.id}" in mail.text
    assert "&lt;b&gt;Triage" in mail.html
    await set_cap(crm, 1, ME, "flow", flow, "day", Decimal("0.8"), alerts=False)
    assert len(await told(crm)) == 3


async def test_a_cap_on_each_run_is_told_of_once_a_day_while_runs_wait_for_it(crm: Connection) -> None:
    await users.create(crm, 1, ME, email="ann@example.com", role="owner", first_name="", last_name="")
    flow = await flow_of(crm, edit("1"))
    cap = await set_cap(crm, 1, ME, "run", flow, "total", Decimal("0.00002"))
    assert await told(crm) == []
    await runs_at(crm, flow, range(1, 2), "WAITING", "1", "CAP_REACHED", f"cap:{cap.id}")
    [mail] = await told(crm)
    assert mail.subject == "Spending cap reached: 0.000020 USD for each run of Triage"
    assert "1 run waits for it now." in (await get(crm, 1, mail.id)).text
    assert len(await told(crm)) == 1


@pytest.mark.parametrize(
    ("amount", "words"), [("2", "2.00 USD"), ("0.05", "0.0500 USD"), ("0.00002", "0.000020 USD")]
)
def test_an_amount_keeps_the_digits_that_say_something(amount: str, words: str) -> None:
    assert in_words(Decimal(amount)) == words
