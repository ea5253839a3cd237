# ruff: noqa: ARG002, N802 - handlers have aiosmtpd's names and parameters
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from penstock.errors import ConfigurationProblem
from penstock.kit.database import Connection, Pool
from penstock.mail import outbox
from penstock.mail.outbox import MailSummary, MailToQueue
from penstock.mail.sender import LEASE_SECONDS, MailSender
from penstock.mail.smtp import SmtpServer, SmtpSession, SmtpTrouble
from penstock.settings import Settings

PASSWORD = "canary-smtp-password-5521"


@dataclass
class TestClock:
    """A clock that stands still until a test moves it."""

    __test__ = False
    time: datetime

    def now(self) -> datetime:
        return self.time

    def pass_by(self, **time: float) -> None:
        self.time += timedelta(**time)


class Receiver:
    """A handler for a real SMTP server that keeps what it takes, and answers as the test says."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], EmailMessage]] = []
        self.to: dict[str, str] = {}  # answer to RCPT by address
        self.data: dict[str, str] = {}  # answer to DATA by subject
        self.hold: asyncio.Event | None = None
        self.reached = asyncio.Event()
        self.port = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.to.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        answer = self.data.get(str(message["Subject"]), "250 OK")
        if answer.startswith("250"):
            self.taken.append((list(envelope.rcpt_tos), message))
        self.reached.set()
        if self.hold is not None:
            await self.hold.wait()
        return answer

    @property
    def subjects(self) -> list[str]:
        return [str(message["Subject"]) for _, message in self.taken]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    kept = Receiver()
    async with serving(kept):
        yield kept


@asynccontextmanager
async def serving(receiver: Receiver, port: int = 0, **options: Any) -> AsyncIterator[None]:
    # In the test's own loop: no thread whose sockets outlive the test.
    loop = asyncio.get_running_loop()
    conversations: list[SMTP] = []

    def converse() -> SMTP:
        conversations.append(SMTP(receiver, hostname="mx.test", loop=loop, **options))
        return conversations[-1]

    server = await loop.create_server(converse, "127.0.0.1", port)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield
    finally:
        server.close()
        await server.wait_closed()
        for conversation in conversations:
            if conversation.transport is not None:
                conversation.transport.abort()
        await asyncio.sleep(0)


@pytest.fixture
def clock() -> TestClock:
    return TestClock(datetime.now(UTC) + timedelta(seconds=1))


@pytest.fixture
def sender(pool: Pool, settings: Settings, receiver: Receiver, clock: TestClock) -> MailSender:
    return MailSender(pool, replace(settings, smtp_url=f"smtp://127.0.0.1:{receiver.port}"), clock)


async def queue(db: Connection, *subjects: str, to: tuple[str, ...] = ("ann@x.test",)) -> None:
    mails = [
        MailToQueue(1, f"{subject}.1.1", 17, "1", to, subject, "<p>Hi</p>", "Hi") for subject in subjects
    ]
    assert await outbox.queue_many(db, mails) == len(subjects)


async def mails(db: Connection) -> dict[str, MailSummary]:
    return {mail.subject: mail for mail in await outbox.list_mails(db, 1)}


async def test_mails_go_out_to_everybody_and_are_marked_sent(
    db: Connection, sender: MailSender, receiver: Receiver
) -> None:
    await queue(db, *(f"S{number}" for number in range(25)), to=("ann@x.test", "bob@x.test"))
    assert [await sender.run_once() for _ in range(3)] == [20, 5, 0]

    assert sorted(receiver.subjects) == sorted(f"S{number}" for number in range(25))
    assert all(recipients == ["ann@x.test", "bob@x.test"] for recipients, _ in receiver.taken)
    assert all(
        mail.status == "sent" and mail.attempts == 1 and mail.sent_at for mail in (await mails(db)).values()
    )


async def test_one_bad_mail_fails_with_its_cause_and_its_neighbours_go_out(
    db: Connection, sender: MailSender, receiver: Receiver
) -> None:
    await queue(db, "A=?UTF-8?Q?=0A?=Bcc: x@evil.test", "good", "spam")
    await queue(db, "to nobody", to=("not an address",))
    await queue(db, "unknown", to=("gone@x.test",))
    receiver.data["spam"] = "554 5.7.1 looks like spam"
    receiver.to["gone@x.test"] = "550 5.1.1 no such user"
    await sender.run_once()

    kept = await mails(db)
    assert receiver.subjects == ["good"]
    assert {subject: mail.status for subject, mail in kept.items() if subject != "good"} == dict.fromkeys(
        kept.keys() - {"good"}, "failed"
    )
    assert "control character" in kept["A=?UTF-8?Q?=0A?=Bcc: x@evil.test"].error
    assert "no plain e-mail address" in kept["to nobody"].error
    assert kept["spam"].error == "The mail server answered 554: 5.7.1 looks like spam"
    assert kept["unknown"].error == "Refused for gone@x.test: 550 5.1.1 no such user."


async def test_passing_trouble_is_tried_again_with_growing_gaps_and_given_up_after_three_days(
    db: Connection, sender: MailSender, receiver: Receiver, clock: TestClock
) -> None:
    await queue(db, "S")
    receiver.data["S"] = "451 try later"
    begun, gaps = clock.time, []
    while (mail := (await mails(db))["S"]).status == "queued":
        assert await sender.run_once() == 1
        assert await sender.run_once() == 0, "not before its time"
        after = (await mails(db))["S"].next_attempt_at
        gaps.append((after - clock.time).total_seconds())
        clock.time = max(clock.time, after)

    assert mail.status == "failed"
    assert mail.error == f"Given up after {mail.attempts} attempts. The mail server answered 451: try later"
    assert timedelta(days=2, hours=12) < clock.time - begun <= timedelta(days=3)
    assert 3.75 <= gaps[0] <= 5
    assert 22.5 <= gaps[1] <= 30
    assert 45 <= gaps[2] <= 60
    assert 6 * 3600 <= max(gaps) <= 8 * 3600


async def test_a_recipient_refused_for_now_gets_the_mail_later_and_the_others_not_twice(
    db: Connection, sender: MailSender, receiver: Receiver, clock: TestClock
) -> None:
    await queue(db, "S", to=("ann@x.test", "grey@x.test", "gone@x.test"))
    receiver.to = {"grey@x.test": "450 greylisted", "gone@x.test": "550 no such user"}
    await sender.run_once()
    mail = (await mails(db))["S"]
    assert (mail.status, mail.delivered_to) == ("queued", ("ann@x.test",))

    del receiver.to["grey@x.test"]
    clock.pass_by(minutes=1)
    await sender.run_once()

    assert [recipients for recipients, _ in receiver.taken] == [["ann@x.test"], ["grey@x.test"]]
    mail = (await mails(db))["S"]
    assert (mail.status, mail.attempts, mail.delivered_to) == ("sent", 2, ("ann@x.test", "grey@x.test"))
    assert mail.error == "Refused for gone@x.test: 550 no such user.", "what did not arrive stays visible"


async def test_a_server_that_is_away_costs_no_mail(
    db: Connection, pool: Pool, settings: Settings, clock: TestClock, unused_tcp_port: int
) -> None:
    sender = MailSender(pool, replace(settings, smtp_url=f"smtp://127.0.0.1:{unused_tcp_port}"), clock)
    await queue(db, "A", "B")
    await sender.run_once()
    assert {mail.error for mail in (await mails(db)).values()} == {
        f"The mail server 127.0.0.1:{unused_tcp_port} cannot be reached."
    }

    back = Receiver()
    clock.pass_by(minutes=1)
    async with serving(back, unused_tcp_port):
        await sender.run_once()
    assert sorted(back.subjects) == ["A", "B"]


async def test_a_mail_whose_sender_died_is_sent_again_with_the_same_id_and_shows_it(
    db: Connection, sender: MailSender, receiver: Receiver, clock: TestClock
) -> None:
    await queue(db, "S")
    receiver.hold = asyncio.Event()
    dying = asyncio.create_task(sender.run_once())
    await receiver.reached.wait()
    dying.cancel()  # after the server took the mail, before it is marked
    await asyncio.gather(dying, return_exceptions=True)
    receiver.hold.set()
    receiver.hold = None

    assert (await mails(db))["S"].status == "sending"
    assert await sender.run_once() == 0, "the lease of the dead one still holds"
    clock.pass_by(seconds=LEASE_SECONDS + 1)
    assert await sender.run_once() == 1

    mail = (await mails(db))["S"]
    assert (mail.status, mail.attempts) == ("sent", 2)
    first, second = (message["Message-ID"] for _, message in receiver.taken)
    assert first == second


async def test_a_sender_frozen_beyond_its_lease_does_not_overwrite_the_next_one(
    db: Connection, pool: Pool, settings: Settings, receiver: Receiver, clock: TestClock
) -> None:
    options = replace(settings, smtp_url=f"smtp://127.0.0.1:{receiver.port}")
    await queue(db, "S")
    receiver.hold = hold = asyncio.Event()
    frozen = asyncio.create_task(MailSender(pool, options, clock).run_once())
    await receiver.reached.wait()
    receiver.hold = None
    receiver.data["S"] = "554 no"
    clock.pass_by(seconds=LEASE_SECONDS + 1)
    await MailSender(pool, options, clock).run_once()
    hold.set()
    await frozen
    assert ((await mails(db))["S"].status, (await mails(db))["S"].attempts) == ("failed", 2)


async def test_without_a_mail_server_mails_are_kept_to_be_read(
    db: Connection, pool: Pool, settings: Settings, clock: TestClock
) -> None:
    sender = MailSender(pool, settings, clock)
    await queue(db, *(f"S{number}" for number in range(300)))
    assert await sender.run_once() == 300
    assert await sender.run_once() == 0
    assert await db.fetchval("SELECT count(*) FROM mails WHERE status = 'kept' AND attempts = 0") == 300


async def test_a_running_sender_is_woken_by_a_mail_and_stops_when_told(
    db: Connection, sender: MailSender, receiver: Receiver, clock: TestClock
) -> None:
    clock.pass_by(hours=1)
    stop = asyncio.Event()
    running = asyncio.create_task(sender.run(stop))
    await queue(db, "first")
    await receiver.reached.wait()
    receiver.reached.clear()
    await queue(db, "second")
    await receiver.reached.wait()
    stop.set()
    await running
    assert receiver.subjects == ["first", "second"]
    assert {mail.status for mail in (await mails(db)).values()} == {"sent"}


async def test_a_sender_told_to_stop_hands_back_what_it_has_not_begun(
    db: Connection, sender: MailSender, receiver: Receiver, clock: TestClock
) -> None:
    await queue(db, *(f"S{number}" for number in range(20)))
    receiver.hold = asyncio.Event()
    stop = asyncio.Event()
    running = asyncio.create_task(sender.run(stop))
    await receiver.reached.wait()
    stop.set()
    receiver.hold.set()
    await running
    kept = await mails(db)
    sent = [mail for mail in kept.values() if mail.status == "sent"]
    assert 1 <= len(sent) <= 8
    assert all((mail.status, mail.attempts) == ("queued", 0) for mail in kept.values() if mail not in sent)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_the_password_is_used_and_seen_nowhere(
    db: Connection,
    pool: Pool,
    settings: Settings,
    clock: TestClock,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    right = Receiver()

    def check(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=data.password == PASSWORD.encode(), handled=False)

    async with serving(right, authenticator=check, auth_require_tls=False, auth_required=True):
        wrong = replace(settings, smtp_url=f"smtp://ann:{PASSWORD}-wrong@127.0.0.1:{right.port}")
        await queue(db, "S")
        await MailSender(pool, wrong, clock).run_once()
        mail = (await mails(db))["S"]
        assert mail.error == "The mail server refused the user or password of PENSTOCK_SMTP_URL (535)."
        assert mail.status == "queued", "the operator's mistake fails nobody's mail"

        clock.pass_by(minutes=1)
        good = MailSender(
            pool, replace(settings, smtp_url=f"smtp://ann:{PASSWORD}@127.0.0.1:{right.port}"), clock
        )
        await good.run_once()
    assert right.subjects == ["S"]
    streams = capsys.readouterr()
    row = await db.fetchval("SELECT string_agg(m::text, '') FROM mails m")
    assert PASSWORD not in row + caplog.text + streams.out + streams.err + repr(vars(good))


async def test_a_password_is_not_sent_over_a_network_in_the_clear(receiver: Receiver) -> None:
    class Elsewhere(SmtpServer):
        is_loopback = False  # type: ignore[assignment]

    session = SmtpSession(Elsewhere.from_url(f"smtp://ann:{PASSWORD}@127.0.0.1:{receiver.port}"))
    with pytest.raises(SmtpTrouble, match="offers no encryption"):
        await session.send("a@x.test", ["b@x.test"], EmailMessage())
    session = SmtpSession(SmtpServer.from_url(f"smtp://127.0.0.1:{receiver.port}?starttls=required"))
    with pytest.raises(SmtpTrouble, match="broke off"):
        await session.send("a@x.test", ["b@x.test"], EmailMessage())


@pytest.mark.parametrize(
    "url",
    [
        "mail.test",
        "http://mail.test",
        "smtp://",
        "smtp://x:1@[::1",
        "smtp://ann@mail.test",
        "smtp://mail.test:99999",
        "smtp://mail.test/?tls=1",
        "smtps://mail.test?starttls=off",
        "smtp://mail.test/path",
    ],
)
def test_an_smtp_url_that_is_not_understood_stops_the_start_without_showing_it(url: str) -> None:
    with pytest.raises(ConfigurationProblem, match="PENSTOCK_SMTP_URL") as problem:
        SmtpServer.from_url(url.replace("//x:1", f"//x:{PASSWORD}"))
    assert PASSWORD not in str(problem.value)


def test_an_smtp_url_is_read_with_its_defaults() -> None:
    plain, tls = SmtpServer.from_url("smtp://mail.test"), SmtpServer.from_url("smtps://ann:p%40ss@mail.test")
    assert (plain.port, plain.tls, plain.user) == (25, "offered", None)
    assert (tls.port, tls.tls, tls.user, tls.password and tls.password.reveal()) == (
        465,
        "always",
        "ann",
        "p@ss",
    )
