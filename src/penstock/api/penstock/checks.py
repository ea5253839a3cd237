"""Checking a workflow document without storing it."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter

from penstock.api.json_body import JsonBody
from penstock.api.penstock.flow_shapes import CheckedFlow, ProblemShape, checked
from penstock.api.route import GuardedRoute
from penstock.api.security import Caller
from penstock.api.shapes import Wish
from penstock.workflows import flows

router = APIRouter(route_class=GuardedRoute, tags=["checks"])


class CheckWish(Wish):
    """A document, and whether it is to be judged for saving or for turning on, which is stricter."""

    flow: JsonBody
    moment: Literal["save", "turn on"] = "turn on"


class Problems(CheckedFlow):
    """What the checks found; `ok` is true when none of it is an error. `results` are the problems, once more."""

    ok: bool
    results: list[ProblemShape]


@router.post("/flow-checks")
async def check(wish: CheckWish, call: Caller) -> Problems:
    """All problems of a workflow document, with what each action puts out and which can have run before it."""
    async with call.transaction() as db:
        examined = await flows.examine_flow(db, call.workspace_id, wish.flow, wish.moment)
    found = checked(examined)
    ok = all(problem.severity != "error" for problem in examined.problems)
    return Problems(**dict(found), ok=ok, results=found.problems)
