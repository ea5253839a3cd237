"""HubSpot's batches: many inputs in one request, answered 207 when some of them came to nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Generic, TypeVar

from fastapi import Response

from penstock.api.errors import error_json
from penstock.api.json_body import JsonBody
from penstock.api.security import Call
from penstock.api.shapes import Shape, Time
from penstock.errors import NotFound, PenstockError
from penstock.kit.database import Connection
from penstock.kit.json import JsonObject

Result = TypeVar("Result")
Input = TypeVar("Input")

MOST_INPUTS = 100  # HubSpot's limit for batches of objects and properties


class Batch(Shape, Generic[Result]):
    """What came of a batch. `errors` and `numErrors` are there only when something went wrong."""

    status: str
    started_at: Time
    completed_at: Time
    results: list[Result]
    num_errors: int = 0
    errors: list[JsonBody] = []  # noqa: RUF012 - Pydantic copies defaults


def batch(
    started: datetime,
    results: Sequence[Result],
    errors: Sequence[JsonObject],
    response: Response,
    status: int = HTTPStatus.OK,
) -> Batch[Result]:
    """The answer, with `status` when all went well and 207 otherwise."""
    response.status_code = status if not errors else HTTPStatus.MULTI_STATUS
    told = {"num_errors": len(errors), "errors": list(errors)} if errors else {}
    done = datetime.now(UTC)
    return Batch[Result](
        status="COMPLETE", started_at=started, completed_at=done, results=list(results), **told
    )


def now() -> datetime:
    """When a batch begins."""
    return datetime.now(UTC)


def missing_error(call: Call, ids: Sequence[str], what: str) -> list[JsonObject]:
    """HubSpot's one error for all ids of a batch that do not exist; none for none."""
    if not ids:
        return []
    error = NotFound(f"{len(ids)} of the {what} asked for do not exist.", remedy="See context.ids.")
    body = error_json(error, call.correlation_id)
    body["context"] = {"ids": list(ids)}
    return [body]


async def one_by_one(
    db: Connection,
    call: Call,
    inputs: Sequence[Input],
    act: Callable[[Input], Awaitable[Result]],
    name: Callable[[Input], Mapping[str, str]],
) -> tuple[list[Result], list[JsonObject]]:
    """Runs `act` for each input behind a savepoint, so that one that fails leaves the others standing.

    Each error carries in `context` what `name` says of its input, such as its id.
    """
    results: list[Result] = []
    errors: list[JsonObject] = []
    for one in inputs:
        try:
            async with db.transaction():
                results.append(await act(one))
        except PenstockError as error:
            body = error_json(error, call.correlation_id)
            context = body["context"]
            body["context"] = {
                **(context if isinstance(context, dict) else {}),
                **{key: [value] for key, value in name(one).items()},
            }
            errors.append(body)
    return results, errors
