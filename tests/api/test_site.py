"""API and screens under one address."""

from __future__ import annotations

import pytest
from starlette.types import Receive, Scope, Send

from penstock.api.access import ACCESS
from penstock.api.app import MOUNTS
from penstock.api.site import Site, is_api


def test_every_route_of_the_api_and_each_of_its_aliases_goes_to_the_api() -> None:
    paths = [key.split(" ", 1)[1] for key in ACCESS] + [one for mount in MOUNTS for one in mount.aliases]
    assert [path for path in paths if not is_api(path)] == []


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/link", "/crm-notes", "/automation-lab", "/openapi.json5", "/records/contacts"]
)
async def test_everything_else_goes_to_the_screens(path: str) -> None:
    asked = []

    async def api(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append("api")

    async def screens(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append("screens")

    site = Site(api, screens)
    for scope in ({"type": "http", "path": path}, {"type": "lifespan"}, {"type": "http", "path": "/crm/"}):
        await site(scope, None, None)  # type: ignore[arg-type]
    assert asked == ["screens", "api", "api"]
