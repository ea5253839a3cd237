import asyncio
import datetime
import gzip
import ssl
import zlib
from collections.abc import AsyncIterator
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.kit.http_server import Names, says, serve

from penstock.errors import DestinationRefused, InvalidInput
from penstock.kit.http import CONNECTING_AT_ONCE, HttpClient, HttpFailure

OK = says("HTTP/1.1 200 OK\nX-Request-Id: 7", b'{"ok":true}')


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    client = HttpClient(frozenset({"127.0.0.1"}))
    yield client
    await client.close()


async def test_a_request_brings_status_headers_in_any_case_and_body(client: HttpClient) -> None:
    async with serve(OK) as server:
        reply = await client.request("POST", server.url, headers={"Authorization": "Bearer x"}, body=b"hi")
    assert (reply.status, reply.headers["x-request-id"], reply.body) == (200, "7", b'{"ok":true}')
    assert 0 < reply.elapsed < 30
    head, body = server.requests[0]
    assert "Authorization: Bearer x\r\n" in head
    assert body == b"hi"


async def test_connections_are_kept_and_used_again(client: HttpClient) -> None:
    async with serve(OK) as server:
        for _ in range(3):
            await client.request("GET", server.url)
    assert (server.connections, len(server.requests)) == (1, 3)


async def test_redirects_and_cookies_are_not_followed(client: HttpClient) -> None:
    async with serve(says("HTTP/1.1 307 Moved\nLocation: /elsewhere\nSet-Cookie: a=b")) as server:
        assert (await client.request("POST", server.url, body=b"x")).status == 307
        assert (await client.request("POST", server.url, body=b"x")).status == 307
    assert [head.split()[1] for head, _ in server.requests] == ["/path", "/path"]
    assert "cookie" not in server.requests[1][0].lower()


async def test_proxies_of_the_environment_are_ignored(
    client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    async with serve(OK) as server:
        assert (await client.request("GET", server.url)).status == 200


# The guard


@pytest.mark.parametrize(
    "answers", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::ffff:127.0.0.1"], ["fe80::1"]]
)
async def test_a_name_is_refused_when_any_of_its_addresses_is(answers: list[str]) -> None:
    async with HttpClient(resolver=Names(answers)) as client:
        with pytest.raises(DestinationRefused, match=r"hook\.example leads to an address"):
            await client.request("GET", "https://hook.example/x")


async def test_a_name_that_changes_its_address_after_the_check_reaches_nobody() -> None:
    async with serve(OK) as server:
        names = Names(["8.8.8.8"], ["127.0.0.1"])
        async with HttpClient(frozenset(), resolver=names) as client:
            url = f"https://rebinding.example:{server.port}/"
            with pytest.raises(
                AssertionError, match=r"8\.8\.8\.8"
            ):  # the guard of the tests: it went to the checked one
                await client.request("GET", url)
            assert names.asked == 1
            client._session.connector.clear_dns_cache()  # type: ignore[union-attr]
            with pytest.raises(DestinationRefused, match="loopback"):
                await client.request("GET", url)
            assert server.connections == 0


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "[::1]", "[::]", "0.0.0.0",  # noqa: S104
     "127.1", "2130706433", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "127.0.0.1.",
     "[::ffff:127.0.0.1]", "169.254.169.254", "[64:ff9b::a9fe:a9fe]", "\uff11\uff12\uff17.0.0.1", "127\u30020\u30020\u30021"],
)  # fmt: skip
async def test_an_address_inside_is_refused_in_any_spelling(host: str) -> None:
    async with HttpClient() as client:
        with pytest.raises(DestinationRefused):
            await client.request("GET", f"https://{host}/")


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST"])
async def test_the_machines_own_name_is_refused_when_it_resolves(name: str) -> None:
    async with HttpClient() as client:
        with pytest.raises(DestinationRefused, match="loopback"):
            await client.request("GET", f"https://{name}/")


@pytest.mark.parametrize("address", ["169.254.169.254", "::ffff:169.254.169.254", "fd00:ec2::254"])
async def test_cloud_metadata_is_refused_even_for_an_allowed_host(address: str) -> None:
    async with HttpClient(frozenset({"inside.example"}), resolver=Names([address])) as client:
        with pytest.raises(DestinationRefused, match=r"cloud metadata.*No setting"):
            await client.request("GET", "http://inside.example/")


@pytest.mark.parametrize("host", ["169.254.169.254", "[fd00:ec2::254]"])
def test_cloud_metadata_is_refused_when_its_address_is_allowed(host: str) -> None:
    with pytest.raises(DestinationRefused, match=r"cloud metadata.*No setting"):
        HttpClient(frozenset({host})).check(f"http://{host}/")


async def test_allowing_one_port_of_one_host_allows_nothing_else() -> None:
    async with (
        serve(OK) as server,
        serve(OK) as other,
        HttpClient(frozenset({f"inside.example:{server.port}"}), resolver=Names(["127.0.0.1"])) as client,
    ):
        assert (await client.request("GET", f"http://INSIDE.example:{server.port}/")).status == 200
        for url in (
            f"http://inside.example:{other.port}/",
            f"https://x.inside.example:{server.port}/",
            f"https://127.0.0.1:{server.port}/",
        ):
            with pytest.raises(DestinationRefused):
                await client.request("GET", url)

    assert other.connections == 0


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://models.example/", "without encryption"),
        ("ftp://models.example/", "does not start with https"),
        ("https:///path", "host name"),
        ("https://user:hunter2@models.example/", "user name or password"),
        ("https://models.example:99999/", "not a URL"),
        ("file:///etc/passwd", "does not start with https"),
        ("", "does not start with https"),
    ],
)
def test_a_url_is_refused_before_any_name_is_looked_up(url: str, message: str) -> None:
    with pytest.raises(DestinationRefused, match=message) as caught:
        HttpClient().check(url)
    assert "hunter2" not in str(caught.value)


async def test_a_name_without_address_is_a_failure_to_connect() -> None:
    async with HttpClient() as client:
        with pytest.raises(HttpFailure, match=r"nowhere\.invalid has no address") as caught:
            await client.request("GET", "https://nowhere.invalid/x?token=hunter2")
        assert caught.value.kind == "connect"
        assert "hunter2" not in str(caught.value)


# Answers that are too much, too slow or broken


async def failure_of(
    client: HttpClient, head: str, body: bytes, *, length: bool = True, max_bytes: int = 1_000_000
) -> HttpFailure:
    async with serve(says(head, body, length=length)) as server:
        with pytest.raises(HttpFailure) as caught:
            await client.request("GET", server.url, max_bytes=max_bytes, timeout=20)
    return caught.value


async def test_a_gzip_bomb_is_cut_off_after_the_cap(client: HttpClient) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000, 9)
    assert len(bomb) < 250_000
    assert (await failure_of(client, "HTTP/1.1 200 OK\nContent-Encoding: gzip", bomb)).kind == "too_large"


async def test_a_long_answer_is_refused_by_its_length_and_without_one(client: HttpClient) -> None:
    head = "HTTP/1.1 200 OK"
    assert (await failure_of(client, head, b"x" * 1_001, max_bytes=1_000)).kind == "too_large"
    chunked = b"".join(b"400\r\n" + b"x" * 1024 + b"\r\n" for _ in range(5))
    assert (
        await failure_of(
            client, f"{head}\nTransfer-Encoding: chunked", chunked, length=False, max_bytes=4_096
        )
    ).kind == "too_large"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw deflate", "two members"])
async def test_a_compressed_answer_is_read_up_to_exactly_the_cap(client: HttpClient, encoding: str) -> None:
    text = b"abc" * 1_000
    raw = zlib.compressobj(wbits=-15)
    body = {
        "gzip": gzip.compress(text), "deflate": zlib.compress(text),
        "raw deflate": raw.compress(text) + raw.flush(), "two members": gzip.compress(text[:1_500]) * 2,
    }[encoding]  # fmt: skip
    name = "gzip" if encoding in {"gzip", "two members"} else "deflate"
    async with serve(says(f"HTTP/1.1 200 OK\nContent-Encoding: {name}", body)) as server:
        assert (await client.request("GET", server.url, max_bytes=3_000)).body == text
        with pytest.raises(HttpFailure):
            await client.request("GET", server.url, max_bytes=2_999)
        assert "Accept-Encoding: gzip, deflate\r\n" in server.requests[0][0]


async def test_half_an_answer_is_a_reset_and_never_a_short_body(client: HttpClient) -> None:
    async def half(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        await writer.drain()
        writer.close()

    async with serve(half) as server:
        with pytest.raises(HttpFailure, match="before its answer was complete") as caught:
            await client.request("POST", server.url, body=b"x")
    assert caught.value.kind == "reset"
    assert len(server.requests) == 1  # not tried twice


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("HTTP/1.1 200 OK\nContent-Encoding: gzip", gzip.compress(b"x" * 1000)[:-12]),
        ("HTTP/1.1 200 OK\nContent-Encoding: gzip", b"not gzip at all"),
        ("HTTP/1.1 200 OK\nContent-Encoding: br", b"\x0b\x02\x80abc\x03"),
        ("SMTP hello\nX: y", b""),
    ],
    ids=["half of gzip", "not gzip", "not brotli", "not HTTP"],  # not by content: gzip's holds the time
)
async def test_an_answer_that_cannot_be_read_is_a_reset(client: HttpClient, head: str, body: bytes) -> None:
    assert (await failure_of(client, head, body)).kind == "reset"


async def test_a_body_that_trickles_is_cut_off_by_the_total_time(client: HttpClient) -> None:
    async def trickle(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(1000):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with serve(trickle) as server:
        with pytest.raises(HttpFailure, match=r"did not answer completely in 0\.2 s") as caught:
            await client.request("GET", server.url, timeout=0.2)
    assert caught.value.kind == "timeout"


async def test_a_closed_port_is_a_failure_to_connect(client: HttpClient) -> None:
    async with serve(OK) as server:
        pass
    with pytest.raises(HttpFailure, match="cannot be reached: Connection refused") as caught:
        await client.request("GET", server.url)
    assert caught.value.kind == "connect"


async def test_connections_to_one_host_are_opened_in_turn_and_other_hosts_do_not_wait_for_it(
    client: HttpClient,
) -> None:
    async with serve(OK) as mute, serve(OK) as other:  # to https, `mute` never says a word
        asked = f"https://127.0.0.1:{mute.port}/"
        calls = [asyncio.create_task(client.request("GET", asked)) for _ in range(CONNECTING_AT_ONCE + 20)]
        while mute.connections < CONNECTING_AT_ONCE:
            await asyncio.sleep(0.01)
        assert (await client.request("GET", other.url)).status == 200
        assert mute.connections == CONNECTING_AT_ONCE
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)


async def test_a_header_with_a_line_break_is_refused(client: HttpClient) -> None:
    async with serve(OK) as server:
        with pytest.raises(InvalidInput, match="line break"):
            await client.request("GET", server.url, headers={"X-Name": "a\r\nHost: evil"})
    assert server.requests == []


# TLS


def certificate_for(name: str, folder: Path) -> Path:
    """A certificate and its key in one PEM file, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "server.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
    return path


async def test_host_and_tls_name_are_kept_and_the_certificate_is_checked(tmp_path: Path) -> None:
    pem = certificate_for("models.example", tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem)
    names: list[str | None] = []
    tls.sni_callback = lambda _socket, name, _context: names.append(name)
    trusting = ssl.create_default_context(cafile=str(pem))
    async with serve(OK, tls) as server:
        allowed = frozenset({"models.example", "other.example"})
        async with HttpClient(allowed, resolver=Names(["127.0.0.1"]), ssl_context=trusting) as client:
            assert (await client.request("GET", f"https://models.example:{server.port}/")).status == 200
            with pytest.raises(
                HttpFailure, match=r"No trusted TLS connection to other\.example"
            ) as wrong_name:
                await client.request("GET", f"https://other.example:{server.port}/")
            stranger = HttpClient(allowed, resolver=Names(["127.0.0.1"]))
            with pytest.raises(HttpFailure) as untrusted:
                await stranger.request("GET", f"https://models.example:{server.port}/")
            await stranger.close()

    assert names[0] == "models.example"
    assert f"Host: models.example:{server.port}\r\n" in server.requests[0][0]
    assert len(server.requests) == 1
    assert wrong_name.value.kind == untrusted.value.kind == "tls"
