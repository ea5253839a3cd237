"""The screens as they are served: the page with its nonce, packed files, and nothing from outside the folder."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.datastructures import Headers
from starlette.types import Message

from penstock.web.bundle import accepted_encodings
from penstock.web.screens import Screens

INDEX = '<script nonce="__CSP_NONCE__"></script><link nonce="__CSP_NONCE__" href="/assets/i-1a.css">'


@dataclass
class Answer:
    status: int
    headers: Headers
    body: bytes


async def ask(screens: Screens, path: str, method: str = "GET", **headers: str) -> Answer:
    """One request; underscores of header names are hyphens."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    await screens({"type": "http", "method": method, "path": path, "headers": raw}, receive, send)
    body = b"".join(message.get("body", b"") for message in sent)
    return Answer(sent[0]["status"], Headers(raw=sent[0]["headers"]), body)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A built bundle, with a secret beside it."""
    built = tmp_path / "_web"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text(INDEX)
    (built / "favicon.svg").write_text("<svg/>")
    (built / ".source-sha256").write_text("secret")
    (built / "assets" / "app-1a2b.js").write_text("plain")
    (built / "assets" / "app-1a2b.js.br").write_bytes(b"brotli")
    (built / "assets" / "app-1a2b.js.gz").write_bytes(b"gzip")
    (built / "assets" / "inter-9f.woff2").write_bytes(b"font")
    (tmp_path / "secret.key").write_text("secret")
    return built


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/records/contacts/12", "/link", "/index.html", "/.source-sha256"]
)
async def test_every_address_of_ours_is_the_page_with_a_nonce_of_its_own(folder: Path, path: str) -> None:
    screens = Screens(folder)
    nonces = set()
    for _ in range(2):
        answer = await ask(screens, path)
        policy = answer.headers["content-security-policy"]
        nonce = re.search(r"script-src 'self' 'nonce-([\w-]{22})'", policy)
        assert nonce is not None
        assert answer.body.decode() == INDEX.replace("__CSP_NONCE__", nonce[1])
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        nonces.add(nonce[1])
    assert len(nonces) == 2


async def test_the_policy_lets_in_nothing_from_elsewhere_and_nothing_inline(folder: Path) -> None:
    answer = await ask(Screens(folder), "/")
    rules = dict(rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))
    assert rules["default-src"] == rules["object-src"] == rules["base-uri"] == "'none'"
    assert rules["frame-ancestors"] == "'none'"
    assert rules["connect-src"] == rules["form-action"] == "'self'"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "http" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/assets/app-1a2b.js", "/favicon.svg", "/assets/gone.js"])
async def test_every_answer_tells_browsers_to_guess_nothing_and_tell_nobody(folder: Path, path: str) -> None:
    headers = (await ask(Screens(folder), path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "strict-transport-security" not in headers
    assert not [name for name in headers if name.startswith("access-control-")]
    assert (await ask(Screens(folder, hsts=True), path)).headers["strict-transport-security"]


@pytest.mark.parametrize(
    ("accept", "encoding", "body"),
    [
        ("gzip, deflate, br, zstd", "br", b"brotli"),
        ("gzip;q=1.0, br;q=0", "gzip", b"gzip"),
        ("", None, b"plain"),
        ("identity", None, b"plain"),
    ],
)
async def test_a_hashed_file_is_kept_for_good_in_the_smallest_form_that_the_browser_takes(
    folder: Path, accept: str, encoding: str | None, body: bytes
) -> None:
    answer = await ask(Screens(folder), "/assets/app-1a2b.js", accept_encoding=accept)
    assert (answer.status, answer.body, answer.headers.get("content-encoding")) == (200, body, encoding)
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["vary"] == "Accept-Encoding"


async def test_files_without_a_hash_are_asked_for_again_and_types_are_ours(folder: Path) -> None:
    icon = await ask(Screens(folder), "/favicon.svg")
    assert (icon.headers["content-type"], icon.headers["cache-control"]) == ("image/svg+xml", "no-cache")
    assert (await ask(Screens(folder), "/assets/inter-9f.woff2")).headers["content-type"] == "font/woff2"


@pytest.mark.parametrize(
    "path",
    ["/../secret.key", "/assets/../../secret.key", "/assets/%2e%2e/secret.key", "//etc/passwd", "/assets//etc/passwd",
     "/assets/..\\..\\secret.key", "/assets/app-1a2b.js\0", "/assets/app-1a2b.js.br", "/.source-sha256"],
)  # fmt: skip
async def test_no_path_leads_to_a_file_that_is_not_part_of_the_screens(folder: Path, path: str) -> None:
    answer = await ask(Screens(folder), path)
    assert b"secret" not in answer.body
    assert answer.status == (404 if path.startswith("/assets/") else 200)


async def test_a_part_of_an_older_build_is_missed_plainly_and_a_new_build_is_picked_up(folder: Path) -> None:
    screens = Screens(folder)
    assert (await ask(screens, "/assets/app-1a2b.js")).status == 200
    (folder / "assets" / "app-1a2b.js").rename(folder / "assets" / "app-3c4d.js")
    (folder / "index.html").write_text("newer")
    os.utime(folder / "index.html", (1, 1))
    assert (await ask(screens, "/")).body == b"newer"
    assert (await ask(screens, "/assets/app-3c4d.js")).status == 200
    missing = await ask(screens, "/assets/app-1a2b.js")
    assert (missing.status, missing.headers["cache-control"]) == (404, "no-store")


async def test_without_a_build_the_page_says_which_command_makes_one(tmp_path: Path) -> None:
    answer = await ask(Screens(tmp_path / "none"), "/")
    assert answer.status == 503
    assert b"make web" in answer.body
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


async def test_only_reading_is_allowed_and_head_gives_no_body(folder: Path) -> None:
    head = await ask(Screens(folder), "/", "HEAD")
    assert (head.status, int(head.headers["content-length"]) > 0) == (200, True)
    refused = await ask(Screens(folder), "/", "POST")
    assert (refused.status, refused.headers["allow"]) == (405, "GET, HEAD")


def test_encodings_are_read_as_the_rfc_has_them() -> None:
    assert accepted_encodings("GZIP , br;q=0.0, x;q=abc,, *") == {"gzip", "x", "*"}
