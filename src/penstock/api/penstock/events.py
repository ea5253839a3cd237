"""One stream of events a page (server-sent events, HTML standard section 9.2): what moved since the last one.

Events say which data are new, not what is in them: the page reads those by the same routes as ever. After
connecting (again) a page reads its data once, because what happened before is not told.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import StreamingResponse

from penstock.accounts.standing import role_now
from penstock.api import visitors
from penstock.api.live import Live, Subject
from penstock.api.route import GuardedRoute
from penstock.api.security import Call, Caller
from penstock.api.shapes import Id
from penstock.errors import InvalidInput
from penstock.kit.json import JsonObject, dumps
from penstock.workflows.run_history.flow import name_of
from penstock.workflows.runs import get_run

router = APIRouter(route_class=GuardedRoute, tags=["events"])

# A quarter of a second between events of one stream, however much moves.
BETWEEN_SECONDS = 0.25
# Comments keep proxies from closing a quiet stream; each time the caller is looked at again.
HEARTBEAT_SECONDS = 15.0

HEADERS = {"X-Accel-Buffering": "no"}  # nginx would hold the events back
DESCRIBED = {"text/event-stream": {"schema": {"type": "string"}}}


@router.get("/events", response_class=StreamingResponse, responses={200: {"content": DESCRIBED}})
async def events(
    request: Request,
    call: Caller,
    flowId: Annotated[Id | None, Query(description="Event `runs`: runs of this workflow moved.")] = None,  # noqa: N803
    runId: Annotated[Id | None, Query(description="Event `run`: this run moved.")] = None,  # noqa: N803
    attention: Annotated[bool, Query(description="Event `attention`: what needs attention changed.")] = False,
) -> StreamingResponse:
    """Events as they happen, at most four a second. `end` says why the stream ends; answered with 503 when there are too many."""
    if flowId is None and runId is None and not attention:
        raise InvalidInput(
            "The stream would have nothing to tell.", remedy="Send flowId, runId or attention=true."
        )
    async with call.transaction() as db:
        if flowId is not None:
            await name_of(db, call.workspace_id, flowId)
        if runId is not None:
            await get_run(db, call.workspace_id, runId)
    live: Live = request.app.state.live
    live.check_room()
    subject = Subject(call.workspace_id, runId, flowId, attention)
    return StreamingResponse(_told(call, live, subject), media_type="text/event-stream", headers=HEADERS)


async def _told(call: Call, live: Live, subject: Subject) -> AsyncIterator[bytes]:
    async with live.open(subject) as stream:
        yield b"retry: 2000\n\n"
        looked = time.monotonic()
        while stream.ended is None:
            left = HEARTBEAT_SECONDS - (time.monotonic() - looked)
            if left <= 0:
                looked = time.monotonic()
                if (reason := await _no_longer(call)) is not None:
                    stream.end(reason)
                    break
                yield b": here\n\n"
                continue
            try:
                await asyncio.wait_for(stream.news.wait(), left)
            except TimeoutError:
                continue
            for name, data in stream.take():
                yield _event(name, data)
            if stream.ended is None:
                await asyncio.sleep(BETWEEN_SECONDS)
        yield _event("end", {"reason": stream.ended})


def _event(name: str, data: JsonObject) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + dumps(data) + b"\n\n"


async def _no_longer(call: Call) -> str | None:
    """Why the caller may not listen any more: signed out, or of another role than at the beginning."""
    limits = visitors.limits(call.app.settings)
    session_id = call.signed_in.session_id if call.signed_in is not None else None
    async with call.transaction() as db:
        role = await role_now(
            db,
            call.actor,
            session_id,
            at=call.app.clock.now(),
            idle=limits.idle,
            absolute=limits.absolute,
        )
    if role is None:
        return "signed_out"
    return None if role == call.actor.role else "role_changed"
