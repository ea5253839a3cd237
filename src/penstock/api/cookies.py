"""The session cookie: which one a request carries, and how one is set and taken back (security R27)."""

from __future__ import annotations

from fastapi import Request, Response

from penstock.accounts.sessions import COOKIE, INSECURE_COOKIE
from penstock.api.origins import is_private
from penstock.errors import HttpsNeeded
from penstock.settings import Settings

SECONDS_A_DAY = 86_400


def presented(request: Request, settings: Settings) -> str | None:
    """The value of the session cookie that a request carries, or None."""
    value = request.cookies.get(COOKIE)
    if value is None and settings.insecure_cookies:
        value = request.cookies.get(INSECURE_COOKIE)
    return value or None


def check_transport(request: Request, settings: Settings) -> None:
    """Raises HttpsNeeded when the browser would drop the cookie, so that nobody signs in and is signed out at once."""
    if settings.insecure_cookies or is_private(request.url.scheme, request.headers, settings.public_url):
        return
    raise HttpsNeeded(
        "Nobody can sign in over plain http from another machine: passwords and cookies could be read on the way.",
        remedy=(
            "Put a proxy with HTTPS before Penstock and set PENSTOCK_PUBLIC_URL to its https address. In a network "
            "that you trust, PENSTOCK_INSECURE_COOKIES=1 allows plain http."
        ),
    )


def give(request: Request, response: Response, settings: Settings, value: str) -> None:
    """Puts the session cookie on an answer. It goes to us alone: no Domain, and no script can read it."""
    secure = _secure(request, settings)
    response.set_cookie(
        COOKIE if secure else INSECURE_COOKIE,
        value,
        max_age=int(settings.session_days * SECONDS_A_DAY),
        path="/",
        secure=secure,
        httponly=True,
        # Lax: a link in an e-mail finds people signed in; a form of another site does not (R28 refuses it besides).
        samesite="lax",
    )


def take_back(request: Request, response: Response, settings: Settings) -> None:
    """Removes the session cookie from the browser."""
    secure = _secure(request, settings)
    response.delete_cookie(
        COOKIE if secure else INSECURE_COOKIE, path="/", secure=secure, httponly=True, samesite="lax"
    )


def _secure(request: Request, settings: Settings) -> bool:
    # Not every browser keeps a Secure cookie of http://127.0.0.1, so that the switch decides there too.
    return request.url.scheme == "https" or (
        is_private(request.url.scheme, request.headers, settings.public_url) and not settings.insecure_cookies
    )
