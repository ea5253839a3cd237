import pytest

from penstock.accounts.actors import Actor
from penstock.errors import Conflict, NotFound
from penstock.kit.database import Connection
from penstock.mail import outbox
from penstock.mail.outbox import MailToQueue

ACTOR = Actor(1, "cli", "root", "root", "owner")


def mail(
    key: str,
    *,
    workspace_id: int = 1,
    enrollment_id: int = 17,
    subject: str = "Hi",
    recipients: tuple[str, ...] = ("a@x.test",),
) -> MailToQueue:
    return MailToQueue(workspace_id, key, enrollment_id, "4", recipients, subject, "<p>Hi</p>", "Hi")


async def test_a_mail_queued_again_under_its_key_stays_one_mail(db: Connection) -> None:
    first = mail("17.1.4", recipients=("a@x.test", "b@x.test"))
    assert await outbox.queue_many(db, [first, mail("18.1.4"), first]) == 2
    assert await outbox.queue_many(db, [mail("17.1.4", subject="Other"), mail("19.1.4")]) == 1

    listed = await outbox.list_mails(db, 1)
    assert [one.key for one in listed] == ["19.1.4", "18.1.4", "17.1.4"]
    assert listed[-1].recipients == ("a@x.test", "b@x.test")
    assert (listed[-1].subject, listed[-1].status, listed[-1].attempts) == ("Hi", "queued", 0)
    assert (await outbox.get(db, 1, listed[-1].id)).html == "<p>Hi</p>"


async def test_text_that_postgresql_cannot_hold_is_mended_and_not_lost(db: Connection) -> None:
    await outbox.queue_many(db, [mail("1.1.1", subject="a\x00b\ud800c"), mail("2.1.1")])
    assert [one.subject for one in await outbox.list_mails(db, 1)] == ["Hi", "a\ufffdb?c"]


async def test_the_outbox_is_paged_and_narrowed_and_scoped_to_the_workspace(db: Connection) -> None:
    await outbox.queue_many(db, [mail(f"{number}.1.1", enrollment_id=number) for number in range(5)])
    await outbox.queue_many(db, [mail("other", workspace_id=2)])
    page = await outbox.list_mails(db, 1, limit=2)
    rest = await outbox.list_mails(db, 1, before=page[-1].id)
    assert [one.key for one in (*page, *rest)] == ["4.1.1", "3.1.1", "2.1.1", "1.1.1", "0.1.1"]
    assert [one.key for one in await outbox.list_mails(db, 1, enrollment_id=3)] == ["3.1.1"]
    assert await outbox.list_mails(db, 1, status="sent") == []
    (foreign,) = await outbox.list_mails(db, 2)
    for work in (outbox.get(db, 1, foreign.id), outbox.retry(db, 1, ACTOR, foreign.id)):
        with pytest.raises(NotFound):
            await work


async def test_only_a_failed_or_kept_mail_is_sent_again(db: Connection) -> None:
    await outbox.queue_many(db, [mail("1.1.1")])
    (one,) = await outbox.list_mails(db, 1)
    with pytest.raises(Conflict, match="is queued"):
        await outbox.retry(db, 1, ACTOR, one.id)
    await db.execute(
        "UPDATE mails SET status = 'failed', attempts = 9, error = 'x', give_up_at = now() - interval '1 day'"
    )
    await outbox.retry(db, 1, ACTOR, one.id)
    (again,) = await outbox.list_mails(db, 1)
    assert (again.status, again.attempts, again.error) == ("queued", 9, "")
    assert await db.fetchval("SELECT give_up_at > now() FROM mails")
