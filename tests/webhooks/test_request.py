import logging
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from tests.webhooks.world import ACTOR, SECRET, World

from penstock.connections import named_secrets
from penstock.kit.database import transaction


@pytest.mark.parametrize("status", [301, 400, 401, 404, 410, 422])
async def test_what_will_not_change_by_trying_again_fails_at_once(world: World, status: int) -> None:
    world.receiver.always("/hook", status, {"Location": world.receiver.url("/elsewhere")}, "no")
    await world.queue("/hook")
    await world.sender.run_once()
    (told,) = world.told
    assert (told.status, told.response_status, told.response_body, told.attempts) == (
        "failed",
        status,
        "no",
        1,
    )
    assert str(status) in told.error
    assert [got.path for got in world.receiver.got] == ["/hook"], "redirects are not followed"


async def test_a_receiver_that_asks_for_time_gets_it(world: World) -> None:
    world.receiver.always("/hook", 429, {"Retry-After": "600"})
    await world.queue("/hook")
    await world.sender.run_once()
    assert 600 <= await world.to_next_attempt() <= 660
    world.receiver.answers.clear()
    await world.sender.run_once()
    assert [delivery.attempts for delivery in world.told] == [2]


async def test_one_receiver_in_trouble_leaves_its_neighbours_alone(
    world: World, unused_tcp_port: int
) -> None:
    async def hang_up(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    world.receiver.answers["/resets"] = hang_up
    world.receiver.always("/garbage", 200, text="a\x00b")
    world.receiver.always("/large", 200, text="x" * 200_000)
    world.receiver.always("/long", 200, text="y" * 90_000)
    closed = f"http://127.0.0.1:{unused_tcp_port}/closed"
    metadata, plain = "https://169.254.169.254/latest", "http://example.com/hook"
    user = world.receiver.url("/x").replace("//", "//ann:pw-canary-77@")
    await world.queue("/resets", closed, metadata, plain, user, "/garbage", "/large", "/long", "/good")
    await world.sender.run_once()

    found = await world.all()
    assert {path for path, one in found.items() if one.status == "delivered"} == {
        "/garbage",
        "/large",
        "/long",
        "/good",
    }
    assert {path for path, one in found.items() if one.status == "queued"} == {"/resets", closed}
    assert {path for path, one in found.items() if one.status == "failed"} == {metadata, plain, user}
    assert found["/garbage"].response_body == "a\ufffdb"
    assert (found["/large"].response_body, "larger than 100 KB" in found["/large"].error) == ("", True)
    assert len(found["/long"].response_body) == 4096
    assert "cannot be reached" in found[closed].error
    assert "must not reach" in found[metadata].error
    assert "without encryption" in found[plain].error
    assert "pw-canary-77" not in f"{found[user].url} {found[user].error}"


@pytest.mark.parametrize("location", ["HEADER", "QUERY_PARAM"])
async def test_a_secret_goes_on_the_wire_and_leaves_no_trace_here(
    world: World,
    location: str,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    unused_tcp_port: int,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(logging.getLogger("aiohttp.access"), "disabled", True)  # that is the receiver's log

    async def echo(request: web.Request) -> web.Response:
        """As a receiver in debug mode does: sends back all that it got."""
        return web.Response(
            text=f"{request.headers} {request.query} {request.raw_path}",
            status=(request.query.get("say") and 400) or 200,
        )

    world.receiver.answers["/hook"] = echo
    async with transaction(world.pool) as db:
        await named_secrets.put(db, world.vault, 1, ACTOR, "crm", SECRET)
    named = {"secret_name": "crm", "secret_location": location, "secret_header": "X-Key"}
    await world.queue(
        "/hook?a=1", "/hook?say=no", f"http://127.0.0.1:{unused_tcp_port}/closed", "ftp://x.test", **named
    )
    await world.sender.run_once()

    ok, refused = world.receiver.got
    for got in (ok, refused):
        if location == "HEADER":
            assert got.headers["X-Key"] == SECRET
        else:
            assert parse_qs(got.query)["X-Key"] == [SECRET]
    assert {one.status for one in world.told} == {"delivered", "failed"}
    assert all("***" in one.response_body for one in world.told if one.response_status)
    tables = await world.db.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    streams = capsys.readouterr()
    texts = [caplog.text, streams.out, streams.err, str(world.told), str(vars(world.sender))]
    for row in tables:
        name = row["tablename"]
        texts.append(await world.db.fetchval(f'SELECT string_agg(t::text, chr(10)) FROM "{name}" t') or "")  # noqa: S608 - names of our own tables
    for form in (SECRET, "canary%2Bwebhook%2Fsecret%3D9f31", "canary%2Bwebhook/secret%3D9f31"):
        assert all(form not in text for text in texts)
