"""The shape of a base URL that an API key is sent to. Whether it may be reached is for `kit.http` to say (R20)."""

from __future__ import annotations

from urllib.parse import urlsplit

from penstock.errors import InvalidInput

LONGEST_URL = 2000  # characters


def normalised_base_url(url: str) -> str:
    """The URL without a closing slash. Raises InvalidInput unless it is http(s), with a host, and nothing secret in it.

    User, password and query are refused: what stands there is stored and shown in the open.
    """
    url = url.strip()
    remedy = "Use the address that the provider's documentation gives, such as https://llm.example.com/v1."
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise InvalidInput(f"base_url is no URL ({len(url)} characters).", remedy=remedy) from None
    if parts.scheme not in {"http", "https"} or not host:
        raise InvalidInput(f"base_url is no http or https URL ({len(url)} characters).", remedy=remedy)
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise InvalidInput("base_url has a user, a password, a query or a fragment in it.", remedy=remedy)
    if len(url) > LONGEST_URL or not url.isprintable() or " " in url:
        raise InvalidInput(
            f"base_url has {len(url)} characters, or a space or control character among them.", remedy=remedy
        )
    return url.rstrip("/")
