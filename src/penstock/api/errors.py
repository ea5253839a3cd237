"""Every failure as HubSpot's error body: {status, message, correlationId, category, subCategory, errors, context, links}.

The shape is that of HubSpot's API ("Error handling" in its developer documentation), which its official
clients read. `subCategory` carries our own stable code, `errors` one entry for each thing that is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus

import asyncpg
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from penstock.errors import PenstockError, Problem, RateLimited
from penstock.kit.database import database_problem
from penstock.kit.ids import new_uuid
from penstock.kit.json import Json, JsonObject, dumps
from penstock.llm.errors import LlmError

log = structlog.get_logger(__name__)

# A provider's failure as the status that tells a caller what to do about it; every other kind is a 502.
LLM_STATUS: Mapping[str, int] = {
    "authentication": 400,
    "permission": 400,
    "model_not_found": 400,
    "invalid_request": 400,
    "context_too_long": 400,
    "out_of_money": 402,
    "rate_limited": 429,
}

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

HTTP_CATEGORY: Mapping[int, tuple[str, str]] = {
    400: ("VALIDATION_ERROR", "MALFORMED_REQUEST"),
    404: ("OBJECT_NOT_FOUND", "ROUTE_NOT_FOUND"),
    405: ("VALIDATION_ERROR", "METHOD_NOT_ALLOWED"),
    413: ("VALIDATION_ERROR", "TOO_LARGE"),
}


class ErrorDetail(BaseModel):
    """One thing that is wrong."""

    message: str
    code: str
    place: str = Field(alias="in", description="The field, as a JSON path.")
    context: dict[str, list[str]]


class ErrorShape(BaseModel):
    """HubSpot's error body, as the OpenAPI document describes it."""

    status: str
    message: str
    correlationId: str  # noqa: N815
    category: str
    subCategory: str  # noqa: N815
    errors: list[ErrorDetail]
    context: dict[str, list[str]]
    links: dict[str, str]


DESCRIBED: dict[int | str, dict[str, object]] = {
    "4XX": {"model": ErrorShape, "description": "What was wrong with the request, field by field."},
    "5XX": {"model": ErrorShape, "description": "What failed; `correlationId` finds it in the log."},
}


def error_body(
    message: str,
    correlation_id: str,
    category: str,
    code: str,
    problems: Sequence[Problem] = (),
    context: Mapping[str, str] | None = None,
) -> JsonObject:
    """HubSpot's error body. `in` names the place of a problem; `context` maps a name to a list of values."""
    named: list[Json] = [problem_json(problem) for problem in problems]
    body: JsonObject = {
        "status": "error",
        "message": message,
        "correlationId": correlation_id,
        "category": category,
        "subCategory": code,
        "errors": named,
        "context": {key: [value] for key, value in (context or {}).items()},
        "links": {},
    }
    return body


def problem_json(problem: Problem) -> JsonObject:
    """One problem as an entry of `errors`."""
    return {
        "message": problem.message,
        "code": problem.code,
        "in": problem.path,
        "context": {"severity": [problem.severity]},
    }


def error_json(error: PenstockError, correlation_id: str) -> JsonObject:
    """The body for one of our errors, also used for single entries of a batch answered with 207."""
    return error_body(str(error), correlation_id, error.category, error.code, error.problems, error.context)


def error_response(error: PenstockError, correlation_id: str) -> Response:
    """The whole answer for one of our errors, with Retry-After where waiting helps."""
    headers = {}
    status = error.status
    wait: float | None = None
    if isinstance(error, LlmError):
        status = LLM_STATUS.get(error.kind, 502)
        wait = error.retry_after
    elif isinstance(error, RateLimited):
        wait = error.retry_after
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if wait is not None and status == HTTPStatus.TOO_MANY_REQUESTS:
        headers["Retry-After"] = str(max(1, math.ceil(wait)))
    return json_response(error_json(error, correlation_id), status, headers)


def json_response(body: JsonObject, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(dumps(body), status, dict(headers or {}), media_type="application/json")


def correlation_id(request: Request) -> str:
    """The id of this request, the same in its answer, in its headers and in the log."""
    found = request.scope.get("correlation_id")
    return found if isinstance(found, str) else str(new_uuid())


def unexpected_response(error: Exception, request: Request) -> Response:
    """What a caller sees of a mistake of ours: a 500 with an id under which the log holds the cause.

    A database that cannot be used is no mistake of ours, and is answered with its own 503.
    """
    body, status = unexpected_body(error, request)
    return json_response(body, status)


def unexpected_body(error: Exception, request: Request) -> tuple[JsonObject, int]:
    """The body and the status of that."""
    known = (
        database_problem(error)
        if isinstance(error, (asyncpg.PostgresError, asyncpg.InterfaceError, OSError))
        else None
    )
    number = correlation_id(request)
    if known is not None:
        log.warning("database unusable", correlation_id=number, cause=known.message)
        return error_json(known, number), known.status
    log.error("request failed", correlation_id=number, path=request.scope.get("path"), exc_info=error)
    message = f"Penstock made a mistake. Its log holds the cause under the id {number}."
    return error_body(message, number, "INTERNAL_ERROR", "ERROR"), 500


def install(app: FastAPI) -> None:
    """Registers the handlers for everything that a route or the routing itself can raise."""
    app.add_exception_handler(PenstockError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ResponseValidationError, _unexpected)
    app.add_exception_handler(HTTPException, _http)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, PenstockError)  # noqa: S101 - the handler is registered for this class
    return error_response(error, correlation_id(request))


async def _unexpected(request: Request, error: Exception) -> Response:
    return unexpected_response(error, request)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler is registered for this class
    category, code = HTTP_CATEGORY.get(error.status_code, ("VALIDATION_ERROR", "HTTP_ERROR"))
    place = f"{request.method} {request.scope.get('path')}"
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.NOT_FOUND:
        message = f"There is no route {place}. GET /openapi.json lists all routes."
    elif error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {"Allow": ", ".join(allowed_methods(request))}
        message = f"{place} is not allowed here; the header Allow names the methods that are."
    else:
        message = f"{error.detail}."
    return json_response(
        error_body(message, correlation_id(request), category, code), error.status_code, headers
    )


def allowed_methods(request: Request) -> list[str]:
    """The methods that some route has for the path of a request, as the header Allow must list them (RFC 9110, 15.5.6)."""
    return [
        method
        for method in METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.router.routes
        )
    ]


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - the handler is registered for this class
    body = invalid_body([_problem(one) for one in error.errors()], correlation_id(request))
    return json_response(body, 400)


def invalid_arguments(error: ValidationError, correlation_id: str) -> JsonObject:
    """The body for arguments of a tool that do not fit their schema."""
    places = [{**one, "loc": ("arguments", *one["loc"])} for one in error.errors(include_input=False)]
    return invalid_body([_problem(one) for one in places], correlation_id)


def invalid_body(problems: Sequence[Problem], correlation_id: str) -> JsonObject:
    """The body for input that does not fit its schema: the first problem in words, all of them in `errors`."""
    first = problems[0]
    more = f" And {len(problems) - 1} more, see errors." if len(problems) > 1 else ""
    message = f"{first.path}: {first.message}.{more}"
    return error_body(message, correlation_id, "VALIDATION_ERROR", "INVALID_INPUT", problems)


def _problem(error: Mapping[str, object]) -> Problem:
    """One error of Pydantic, without the value that was sent: it may be a secret."""
    place = error.get("loc")
    parts = list(place) if isinstance(place, tuple) else []
    where, inner = (str(parts[0]), parts[1:]) if parts else ("body", [])
    path = ""
    for part in inner:
        path += f"[{part}]" if isinstance(part, int) else f"{'.' if path else ''}{part}"
    message = str(error.get("msg", "is not valid")).removeprefix("Value error, ")
    if "UploadFile" in message:
        message = "Send a file in this part of the form"
    if where == "body" and not path:
        message += " (send JSON with the header Content-Type: application/json)"
    return Problem(path or where, str(error.get("type", "invalid")).upper(), message)
