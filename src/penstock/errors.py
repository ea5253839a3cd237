"""Every error a user can meet. A class is a code, an HTTP status and an exit status; the docstring is its message.

PenstockError
├── InvalidInput            the caller sent something we cannot accept (400)
│   ├── InvalidProperty     a property value does not fit its property
│   ├── InvalidFlow         a flow document does not hold together
│   ├── TooSlow             a list would take longer than a screen may wait
│   ├── PasswordRefused     a password that may not be chosen, or is not the present one
│   └── HttpsNeeded         nobody can sign in over this address, because the browser would drop the cookie
├── Unauthenticated         no token or session, or one we do not know (401)
│   └── SignInRefused       e-mail address or password is wrong
├── Forbidden               a known caller without the permission (403)
├── NotFound                the thing named does not exist here (404)
│   └── LinkInvalid         a one-time link that is unknown, used or expired
├── Conflict                it exists already, or changed since it was read (409)
│   ├── AlreadyExists       one of this name or address exists
│   ├── ChangedMeanwhile    it is another than the caller has read
│   ├── BeingPrepared       an order of many records that is not ready yet
│   └── EvalsRefuse         evals that gate publishing say that a workflow got worse, or were not run
├── TooLarge                more bytes, rows or tokens than allowed (413)
├── RateLimited             too many requests (429)
├── DestinationRefused      an outgoing address the guard does not allow (400)
├── ConnectionRefusedByProvider  the provider did not accept the key (400)
├── Busy                    as much of it goes on as one process takes (503)
├── DatabaseProblem         the database cannot be used (503)
├── ProviderProblem         a provider call failed (502); see `llm.errors`
└── ConfigurationProblem    a setting is wrong; start-up stops (exit 78)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one place: `path` is a JSON path such as `actions[2].fields.prompt`."""

    path: str
    code: str
    message: str
    severity: str = "error"  # error | warning


class PenstockError(Exception):
    """Something went wrong in Penstock."""

    code = "ERROR"
    category = "INTERNAL_ERROR"
    status = 500
    exit_status = 1

    def __init__(
        self,
        message: str | None = None,
        *,
        remedy: str = "",
        problems: Sequence[Problem] = (),
        **context: str,
    ) -> None:
        self.message = message or (type(self).__doc__ or "").strip()
        self.remedy = remedy
        self.problems = tuple(problems)
        self.context = context
        super().__init__(f"{self.message} {remedy}".strip())


class InvalidInput(PenstockError):
    """The request holds a value that cannot be accepted."""

    code, category, status, exit_status = "INVALID_INPUT", "VALIDATION_ERROR", 400, 2


class InvalidProperty(InvalidInput):
    """A property value does not fit its property."""

    code = "INVALID_PROPERTY"


class InvalidFlow(InvalidInput):
    """The flow document does not hold together."""

    code = "INVALID_FLOW"


class TooSlow(InvalidInput):
    """This takes longer than a screen may wait."""

    code = "TOO_SLOW"


class PasswordRefused(InvalidInput):
    """This password cannot be used."""

    code = "PASSWORD_REFUSED"


class HttpsNeeded(InvalidInput):
    """Nobody can sign in over plain http from another machine."""

    code = "HTTPS_NEEDED"


class Unauthenticated(PenstockError):
    """The request carries no valid API token."""

    code, category, status, exit_status = "UNAUTHENTICATED", "INVALID_AUTHENTICATION", 401, 77


class SignInRefused(Unauthenticated):
    """The e-mail address or the password is wrong."""

    code = "SIGN_IN_REFUSED"


class Forbidden(PenstockError):
    """This token may not do that."""

    code, category, status, exit_status = "FORBIDDEN", "MISSING_SCOPES", 403, 77


class NotFound(PenstockError):
    """There is no such thing here."""

    code, category, status, exit_status = "NOT_FOUND", "OBJECT_NOT_FOUND", 404, 4


class LinkInvalid(NotFound):
    """This link does not work: it is unknown, was used already, or has expired."""

    code = "LINK_INVALID"


class Conflict(PenstockError):
    """It exists already, or it changed since it was read."""

    code, category, status, exit_status = "CONFLICT", "CONFLICT", 409, 5


class AlreadyExists(Conflict):
    """There is one with this name already."""

    code = "ALREADY_EXISTS"


class ChangedMeanwhile(Conflict):
    """It changed since it was read."""

    code = "CHANGED_MEANWHILE"


class BeingPrepared(Conflict):
    """This order of many records is not ready yet."""

    code = "BEING_PREPARED"


class EvalsRefuse(Conflict):
    """The evals of this workflow do not let it be published."""

    code = "EVALS_REFUSE"


class TooLarge(PenstockError):
    """The request is larger than allowed."""

    code, category, status, exit_status = "TOO_LARGE", "VALIDATION_ERROR", 413, 2


class RateLimited(PenstockError):
    """Too many requests; try again later."""

    code, category, status, exit_status = "RATE_LIMITED", "RATE_LIMITS", 429, 75

    def __init__(
        self, message: str | None = None, *, retry_after: float = 1.0, remedy: str = "", **context: str
    ) -> None:
        super().__init__(message, remedy=remedy, problems=(), **context)
        self.retry_after = retry_after  # seconds


class Busy(PenstockError):
    """As much of this goes on as one process takes; try again later."""

    code, category, status, exit_status = "BUSY", "RATE_LIMITS", 503, 75


class DestinationRefused(InvalidInput):
    """Penstock does not send requests to that address."""

    code = "DESTINATION_REFUSED"


class ConnectionRefusedByProvider(InvalidInput):
    """The provider did not accept this API key."""

    code = "KEY_REFUSED"


class DatabaseProblem(PenstockError):
    """The database cannot be used."""

    code, category, status, exit_status = "DATABASE_UNAVAILABLE", "INTERNAL_ERROR", 503, 69


class ProviderProblem(PenstockError):
    """A call to a language-model provider failed."""

    code, category, status, exit_status = "PROVIDER_ERROR", "INTERNAL_ERROR", 502, 69


class ConfigurationProblem(PenstockError):
    """A setting is wrong, so Penstock does not start."""

    code, category, status, exit_status = "CONFIGURATION", "INTERNAL_ERROR", 500, 78


@dataclass(slots=True)
class ProblemList:
    """Collects problems while checking; `raise_if_any` turns the errors among them into one InvalidInput."""

    items: list[Problem] = field(default_factory=list)

    def add(self, path: str, code: str, message: str, severity: str = "error") -> None:
        self.items.append(Problem(path, code, message, severity))

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.items if problem.severity == "error"]
