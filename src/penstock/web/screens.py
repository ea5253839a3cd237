"""Serves the built screens: one page for every address of ours, and the files that it loads."""

from __future__ import annotations

import asyncio
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from penstock.web.bundle import HASHED, Bundle, read_bundle, stamp_of
from penstock.web.policy import EVERY_ANSWER, HSTS, NONCE_PLACE, content_security_policy, new_nonce

BUILT = Path(__file__).parent.parent / "_web"

NOT_BUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Penstock</title></head>
<body><h1>The screens are not built</h1>
<p>Penstock runs and its API answers, but this copy came without the screens.</p>
<p>In a checkout, <code>make web</code> builds them; reload this page afterwards. A released package holds them already.</p>
</body></html>
"""


class Screens:
    """The ASGI application of everything that is not the API.

    A new build is picked up by the next page that is asked for.
    """

    def __init__(self, folder: Path = BUILT, *, hsts: bool = False) -> None:
        self._folder = folder
        self._hsts = hsts
        self._bundle: Bundle | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["method"] not in {"GET", "HEAD"}:
            answer: Response = PlainTextResponse(
                "Only GET and HEAD are allowed here.\n", 405, {"Allow": "GET, HEAD"}
            )
        else:
            answer = await self._answer(scope["path"], Headers(scope=scope))
        for name, value in EVERY_ANSWER.items():
            answer.headers[name] = value
        if self._hsts:
            answer.headers["Strict-Transport-Security"] = HSTS
        answer.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        await answer(scope, receive, send)

    async def _answer(self, path: str, headers: Headers) -> Response:
        bundle = self._bundle
        if bundle is not None and path in bundle.assets and path.startswith(HASHED):
            return _asset(bundle, path, headers)
        bundle = await self._current()
        if bundle is None:
            return HTMLResponse(NOT_BUILT, 503, {"Cache-Control": "no-store"})
        if path in bundle.assets:
            return _asset(bundle, path, headers)
        if path.startswith(HASHED):
            # A tab of an older build asks for a part that is gone; the page in its place would be read as a script.
            return PlainTextResponse("There is no such file.\n", 404, {"Cache-Control": "no-store"})
        return _page(bundle)

    async def _current(self) -> Bundle | None:
        stamp = stamp_of(self._folder)
        if self._bundle is None or self._bundle.stamp != stamp:
            self._bundle = await asyncio.to_thread(read_bundle, self._folder)
        return self._bundle


def _page(bundle: Bundle) -> Response:
    nonce = new_nonce()
    return HTMLResponse(
        bundle.index.replace(NONCE_PLACE, nonce),
        headers={
            "Cache-Control": "no-cache",
            "Content-Security-Policy": content_security_policy(nonce),
        },
    )


def _asset(bundle: Bundle, path: str, headers: Headers) -> Response:
    asset = bundle.assets[path]
    encoding, body = asset.chosen(headers)
    lasting = path.startswith(HASHED)
    sent = {
        "Cache-Control": "public, max-age=31536000, immutable" if lasting else "no-cache",
        "Vary": "Accept-Encoding",
    }
    if encoding != "identity":
        sent["Content-Encoding"] = encoding
    return Response(body, headers=sent, media_type=asset.type)
