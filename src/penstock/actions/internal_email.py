"""Send internal e-mail notification (HubSpot's 0-8): to users, to the users that the record's owner properties
name, and to addresses the author wrote down. Recipients are the author's choice; no token can name one.
"""

from __future__ import annotations

from functools import lru_cache
from html.parser import HTMLParser

from pydantic import BaseModel, ConfigDict, Field

from penstock.actions.action import Action, CheckContext, Effect, Section, StepContext, no_outputs
from penstock.actions.outcome import Done, Fail, Failure, Outcome, QueueMail
from penstock.actions.tokens import check_property, check_text, missing_warnings, render_text
from penstock.errors import Problem
from penstock.kit.json import JsonObject
from penstock.kit.template import Escape

MAX_RECIPIENTS = 100


class InternalEmailFields(BaseModel):
    """Inputs of *Send internal e-mail notification*."""

    model_config = ConfigDict(extra="allow", frozen=True)

    user_ids: tuple[str | int, ...] = Field(default=(), title="Users", json_schema_extra={"control": "users"})
    team_ids: tuple[str | int, ...] = Field(
        default=(),
        title="Teams",
        description="Kept from HubSpot; Penstock has no teams yet, so nobody gets mail through them.",
        json_schema_extra={"control": "hidden"},
    )
    owner_properties: tuple[str, ...] = Field(
        default=(),
        title="Owners",
        description="Properties that hold the id of a user, such as hubspot_owner_id.",
        json_schema_extra={"control": "properties", "of_owners": True},
    )
    emails: tuple[str, ...] = Field(
        default=(),
        title="E-mail addresses",
        description="Addresses of people without a user here.",
        json_schema_extra={"control": "emails", "placeholder": "team@example.com"},
    )
    subject: str = Field(
        title="Subject",
        json_schema_extra={"control": "text", "tokens": True, "placeholder": "A complaint is urgent"},
    )
    body: str = Field(
        title="Body", description="HTML with tokens.", json_schema_extra={"control": "html", "tokens": True}
    )


def check(fields: InternalEmailFields, ctx: CheckContext, path: str) -> list[Problem]:
    """No recipient at all, unknown users and owner properties, addresses that are none, unknown tokens."""
    problems = check_text(fields.subject, ctx, f"{path}.subject") + check_text(
        fields.body, ctx, f"{path}.body"
    )
    if not fields.subject.strip():
        problems.append(Problem(f"{path}.subject", "MISSING_FIELD", "The e-mail has no subject. Write one."))
    if not (fields.user_ids or fields.owner_properties or fields.emails):
        problems.append(
            Problem(
                f"{path}.user_ids",
                "NO_RECIPIENT",
                "The e-mail has no recipient. Choose a user, an owner or an address.",
            )
        )
    for index, user_id in enumerate(fields.user_ids):
        if _user_number(user_id) not in ctx.users:
            message = f"There is no active user {user_id}. Choose another user."
            problems.append(Problem(f"{path}.user_ids[{index}]", "UNKNOWN_USER", message))
    for index, name in enumerate(fields.owner_properties):
        problems += check_property(name, ctx, f"{path}.owner_properties[{index}]")
    for index, address in enumerate(fields.emails):
        if not is_address(address):
            message = (
                "This is not an e-mail address of the form name@example.com; tokens cannot name recipients."
            )
            problems.append(Problem(f"{path}.emails[{index}]", "INVALID_ADDRESS", message))
    if fields.team_ids:
        message = "Penstock has no teams yet; nobody gets this e-mail through a team. Name the users instead."
        problems.append(Problem(f"{path}.team_ids", "UNSUPPORTED_FIELD", message, "warning"))
    return problems


def run(fields: InternalEmailFields, ctx: StepContext) -> Outcome:
    """Queues one e-mail to everybody; values are escaped for HTML in the body and as one line in the subject."""
    recipients, warnings = recipients_of(fields, ctx)
    if not recipients:
        return Fail(
            Failure(
                "NO_RECIPIENT",
                "No recipient of this e-mail has an address: " + (" ".join(warnings) or "none is chosen."),
                "Choose active users, set the record's owner, or add an address, then retry.",
            ),
            {
                "user_ids": [str(user) for user in fields.user_ids],
                "owner_properties": list(fields.owner_properties),
            },
        )
    subject = render_text(fields.subject, ctx, Escape.HEADER)
    body = render_text(fields.body, ctx, Escape.HTML)
    # The text part is made from the author's HTML, not from the record's values: those are no HTML.
    text = render_text(plain_text(fields.body), ctx, Escape.TEXT)
    mail = QueueMail(recipients, subject.text.strip(), body.text, text.text)
    warnings += [str(warning) for warning in missing_warnings(subject.missing + body.missing)]
    inputs: JsonObject = {"recipients": list(recipients), "subject": mail.subject}
    return Done(writes=(mail,), inputs=inputs, detail={"warnings": list(warnings)} if warnings else None)


def recipients_of(fields: InternalEmailFields, ctx: StepContext) -> tuple[tuple[str, ...], list[str]]:
    """The addresses, each once, and sentences about those who were chosen and have none."""
    found: dict[str, None] = {}
    warnings: list[str] = []
    for user_id in fields.user_ids:
        if address := ctx.people.get(_user_number(user_id)):
            found[address] = None
        else:
            warnings.append(f"User {user_id} is not active here.")
    for name in fields.owner_properties:
        owner = ctx.values.get(name)
        if owner is None:
            warnings.append(f"The record has no '{name}'.")
        elif address := ctx.people.get(_user_number(owner)):
            found[address] = None
        else:
            warnings.append(f"The record's '{name}' names no active user.")
    for address in fields.emails:
        if is_address(address):
            found[address.strip()] = None
        else:
            warnings.append("One of the step's addresses is not an e-mail address.")
    if fields.team_ids:
        warnings.append("Teams are not supported, so nobody was reached through them.")
    if len(found) > MAX_RECIPIENTS:
        warnings.append(f"Only the first {MAX_RECIPIENTS} of {len(found)} recipients get this e-mail.")
    return tuple(found)[:MAX_RECIPIENTS], warnings


def is_address(text: str) -> bool:
    """Whether a text is one plain address: no list, no name part, no control character, no token."""
    text = text.strip()
    name, at, domain = text.rpartition("@")
    forbidden = set(',;<>"(){}[]\\')
    return bool(
        at
        and name
        and "." in domain.strip(".")
        and text.isprintable()
        and " " not in text
        and not forbidden & set(text)
    )


@lru_cache(maxsize=1024)
def plain_text(html: str) -> str:
    """The text part of an HTML body: tags dropped, blocks as lines, script and style left out."""
    reader = _TextOfHtml()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).splitlines())
    return "\n".join(line for line in lines if line)


class _TextOfHtml(HTMLParser):
    BLOCKS = frozenset(
        {"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol", "table", "blockquote"}
    )
    SILENT = frozenset({"script", "style"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silenced = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's signature
        self._silenced += tag in self.SILENT
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT and self._silenced:
            self._silenced -= 1
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silenced:
            self.parts.append(data)


def _user_number(user_id: str | int) -> int:
    # 0 is no user's id; what is not a number names nobody.
    text = str(user_id).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


INTERNAL_EMAIL = Action(
    action_type_id="0-8",
    name="internal_email",
    title="Send internal e-mail notification",
    section=Section.COMMUNICATION,
    description="Send an e-mail about the record to users, its owner, or fixed addresses.",
    effect=Effect.MAIL,
    fields=InternalEmailFields,
    outputs=no_outputs,
    check=check,
    run=run,
)
