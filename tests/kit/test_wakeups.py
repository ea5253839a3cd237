import asyncio

from penstock.kit.database import Connection, Pool
from penstock.kit.wakeups import wakeups

LISTENERS = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"


async def listener(db: Connection, other_than: int = 0) -> int:
    while (pid := await db.fetchval(LISTENERS)) in (None, other_than):
        await asyncio.sleep(0.01)
    return int(pid)


async def test_a_notification_ends_the_sleep_and_one_that_came_before_it_too(
    pool: Pool, db: Connection
) -> None:
    async with wakeups(pool, "mails", asyncio.Event()) as alarm:
        await listener(db)
        await db.execute("SELECT pg_notify('mails', '')")
        await alarm.sleep(3600)
        await alarm.sleep(3600)
        alarm.forget()
        sleeping = asyncio.create_task(alarm.sleep(3600))
        await db.execute("SELECT pg_notify('mails', '')")
        await sleeping


async def test_listening_goes_on_after_the_connection_broke(pool: Pool, db: Connection) -> None:
    async with wakeups(pool, "mails", asyncio.Event()) as alarm:
        first = await listener(db)
        await db.execute("SELECT pg_terminate_backend($1)", first)
        await listener(db, other_than=first)
        await db.execute("SELECT pg_notify('mails', '')")
        await alarm.sleep(3600)


async def test_the_stop_signal_ends_every_sleep(pool: Pool) -> None:
    stop = asyncio.Event()
    async with wakeups(pool, "mails", stop) as alarm:
        stop.set()
        await alarm.sleep(3600)
        alarm.forget()
        await alarm.sleep(3600)
