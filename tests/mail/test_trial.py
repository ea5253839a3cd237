from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.mail.test_sender import Receiver, serving

from penstock.errors import Conflict, InvalidInput
from penstock.mail.trial import send_trial, setup_of
from penstock.settings import Settings

NOW = datetime(2026, 11, 24, tzinfo=UTC)


async def test_a_test_mail_arrives_at_the_one_address(settings: Settings) -> None:
    receiver = Receiver()
    async with serving(receiver):
        smtp = replace(settings, smtp_url=f"smtp://127.0.0.1:{receiver.port}", mail_from="crm@x.test")
        sent = await send_trial(smtp, "ada@x.test", NOW)
    assert sent.taken, sent.message
    [(recipients, message)] = receiver.taken
    assert recipients == ["ada@x.test"]
    assert (message["From"], "test" in message["Subject"]) == ("crm@x.test", True)


async def test_a_refusal_comes_back_in_the_servers_own_words(settings: Settings) -> None:
    receiver = Receiver()
    receiver.to["gone@x.test"] = "550 no such mailbox here"
    async with serving(receiver):
        smtp = replace(settings, smtp_url=f"smtp://127.0.0.1:{receiver.port}")
        sent = await send_trial(smtp, "gone@x.test", NOW)
    assert not sent.taken
    assert "no such mailbox here" in sent.message


async def test_a_server_that_is_not_there_is_said_in_plain_words(settings: Settings) -> None:
    sent = await send_trial(replace(settings, smtp_url="smtp://127.0.0.1:1"), "ada@x.test", NOW)
    assert (sent.taken, sent.message) == (False, "The mail server 127.0.0.1:1 cannot be reached.")


async def test_without_a_mail_server_nothing_is_tried(settings: Settings) -> None:
    with pytest.raises(Conflict, match="PENSTOCK_SMTP_URL"):
        await send_trial(replace(settings, smtp_url=None), "ada@x.test", NOW)


async def test_an_address_that_is_none_is_refused(settings: Settings) -> None:
    with pytest.raises(InvalidInput):
        await send_trial(replace(settings, smtp_url="smtp://127.0.0.1:1"), "ada", NOW)


def test_the_setup_shows_everything_but_the_password(settings: Settings) -> None:
    shown = setup_of(replace(settings, smtp_url="smtps://crm:canary-55@mail.x.test"))
    assert (shown.host, shown.port, shown.user, shown.tls) == ("mail.x.test", 465, "crm", "always")
    assert "canary-55" not in repr(shown)
