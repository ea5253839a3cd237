"""Checking a workflow document without storing it."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter

from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import JsonBody, Shape, Wish
from penstock.workflows import flows

router = APIRouter(route_class=GuardedRoute, tags=["checks"])


class CheckWish(Wish):
    """A document, and whether it is to be judged for saving or for turning on, which is stricter."""

    flow: JsonBody
    moment: Literal["save", "turn on"] = "turn on"


class ProblemShape(Shape):
    """One thing wrong at one place: `path` is a JSON path such as `actions[2].fields.prompt`."""

    path: str
    code: str
    message: str
    severity: Literal["error", "warning"]


class Problems(Shape):
    """What the checks found; `ok` is true when none of it is an error."""

    ok: bool
    results: list[ProblemShape]


@router.post("/flow-checks")
async def check(wish: CheckWish, call: Caller) -> Problems:
    """All problems of a workflow document."""
    async with call.transaction() as db:
        found = await flows.check_flow(db, call.workspace_id, wish.flow, wish.moment)
    shapes = [ProblemShape.model_validate(problem) for problem in found]
    return Problems(ok=all(problem.severity != "error" for problem in found), results=shapes)
