"""Whose page sent a request, and whether a session cookie can be given over this address."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import Request, Response

from penstock.api import cookies
from penstock.api.origins import address, is_private, sender
from penstock.errors import HttpsNeeded
from penstock.settings import Settings

PUBLIC = "https://penstock.example.com"
SETTINGS = Settings(home=Path("/nowhere"))


def request(host: str, scheme: str = "http", **headers: str) -> Request:
    """A request to this host, with underscores of header names as hyphens."""
    named = {"host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = [(name.encode(), value.encode()) for name, value in named.items()]
    return Request({"type": "http", "scheme": scheme, "headers": raw, "path": "/", "query_string": b"",
                    "server": ("127.0.0.1", 80)})  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "public_url", "wanted"),
    [
        ({"host": "a:1"}, None, "unknown"),
        ({"host": "a:1", "sec-fetch-site": "same-origin"}, None, "own"),
        ({"host": "a:1", "sec-fetch-site": "none"}, None, "own"),
        ({"host": "a:1", "sec-fetch-site": "same-site", "origin": "http://a:1"}, None, "foreign"),
        ({"host": "A:1", "origin": "http://a:1"}, None, "own"),
        ({"host": "a:1", "origin": "http://a:2"}, None, "foreign"),
        ({"host": "a:1", "origin": "null"}, None, "foreign"),
        ({"host": "a:1", "origin": "http://[broken"}, None, "foreign"),
        ({"host": "10.0.0.1:8765", "origin": PUBLIC}, PUBLIC, "own"),
        ({"host": "10.0.0.1:8765", "origin": PUBLIC + ".evil.example"}, PUBLIC, "foreign"),
    ],
)
def test_only_a_page_from_our_own_address_is_ours(
    headers: dict[str, str], public_url: str | None, wanted: str
) -> None:
    assert sender(headers, public_url) == wanted


@pytest.mark.parametrize(
    ("host", "scheme", "public_url", "wanted"),
    [
        ("penstock.example.com", "https", None, True),
        ("penstock.example.com", "http", None, False),
        ("penstock.example.com", "http", PUBLIC, True),
        ("other.example.com", "http", PUBLIC, False),
        ("127.0.0.1:8765", "http", None, True),
        ("127.1.2.3", "http", None, True),
        ("[::1]:8765", "http", None, True),
        ("localhost", "http", None, True),
        ("app.localhost:1", "http", None, True),
        ("localhost.evil.example", "http", None, False),
        ("192.168.1.5:8765", "http", None, False),
        ("", "http", None, False),
    ],
)
def test_only_https_and_this_machine_are_private(
    host: str, scheme: str, public_url: str | None, wanted: bool
) -> None:
    assert is_private(scheme, {"host": host}, public_url) is wanted


def test_the_operators_word_about_the_address_comes_before_the_requests() -> None:
    assert address("http", {"host": "evil.example"}, PUBLIC) == PUBLIC
    assert address("http", {"host": "127.0.0.1:8765"}, None) == "http://127.0.0.1:8765"


def test_a_cookie_over_plain_http_is_given_only_where_the_operator_switched_it_on() -> None:
    asked = request("penstock.example.com")
    with pytest.raises(HttpsNeeded, match="PENSTOCK_INSECURE_COOKIES"):
        cookies.check_transport(asked, SETTINGS)
    switched = replace(SETTINGS, insecure_cookies=True)
    cookies.check_transport(asked, switched)
    answer = Response()
    cookies.give(asked, answer, switched, "secret")
    given = answer.headers["set-cookie"].lower()
    assert given.startswith("penstock_session=secret;")
    assert "; secure" not in given
    assert "httponly" in given
    secure = Response()
    cookies.give(request("penstock.example.com", "https"), secure, switched, "secret")
    assert secure.headers["set-cookie"].startswith("__Host-penstock_session=secret;")


def test_the_insecure_cookie_means_nothing_unless_it_is_switched_on() -> None:
    asked = request("127.0.0.1", cookie="penstock_session=planted")
    assert cookies.presented(asked, SETTINGS) is None
    assert cookies.presented(asked, replace(SETTINGS, insecure_cookies=True)) == "planted"
