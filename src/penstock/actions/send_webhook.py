"""Send webhook (node type WEBHOOK): one request with the record in it, and its reply as outputs.

The step only queues the request; it waits for the delivery, whose reply comes back through `finish`. The
author fixes scheme, host and port of the address: a token there would let a record choose who gets the data.
The secret is named here and put in at send time by the sender.
"""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import quote, urlsplit

from pydantic import Field

from penstock.actions.action import (
    Action,
    CheckContext,
    Effect,
    OutputSpec,
    OutputType,
    Section,
    StepContext,
)
from penstock.actions.branches import BranchModel
from penstock.actions.outcome import Done, Fail, Failure, Outcome, QueueWebhook, Wait
from penstock.actions.tokens import check_property, check_text, missing_warnings, render_text
from penstock.actions.values import ValueSpec, check_value, resolve
from penstock.crm.schema import ObjectSchema
from penstock.errors import Problem
from penstock.kit.json import Json, JsonObject, dumps, loads
from penstock.kit.template import Escape

STATUS_CODE = "hs_webhook_status_code"
RESPONSE_BODY = "hs_webhook_response_body"

# HubSpot keeps string outputs up to 65,000 characters (custom code actions, outputs).
MAX_RESPONSE_BODY = 65_000


class QueryParam(BranchModel):
    """One query parameter: a name and where its value comes from."""

    name: str = Field(title="Name", json_schema_extra={"placeholder": "ticket_id"})
    value: ValueSpec = Field(
        title="Value",
        json_schema_extra={
            "control": "value",
            "modes": ["STATIC_VALUE", "OBJECT_PROPERTY", "FIELD_DATA", "TIMESTAMP"],
        },
    )


class AuthKey(BranchModel):
    """A stored secret sent as a header or a query parameter."""

    type: Literal["AUTH_KEY"]
    secret_name: str = Field(
        title="Secret",
        description="Stored under Settings; its value is put in when the request is sent.",
        json_schema_extra={"control": "secret"},
    )
    location: Literal["HEADER", "QUERY_PARAM"] = Field(
        title="Sent as", json_schema_extra={"width": "half", "start": "HEADER"}
    )
    name: str = Field(
        title="Header or parameter name", json_schema_extra={"width": "half", "start": "Authorization"}
    )


class Signature(BranchModel):
    """HubSpot's request signature of an app; Penstock signs every webhook by Standard Webhooks instead."""

    type: Literal["SIGNATURE"]


class CustomFields(BranchModel):
    """Our additions: which properties go into the body, or a JSON text with tokens that replaces it."""

    properties: tuple[str, ...] | None = Field(
        default=None,
        title="Properties",
        description="What is sent of the record; every property when none is chosen.",
        json_schema_extra={"control": "properties"},
    )
    body: str | None = Field(
        default=None,
        title="Own body",
        description="A JSON text with tokens that is sent in place of the properties.",
        json_schema_extra={
            "control": "json_text",
            "tokens": True,
            "placeholder": '{"text": "{{ enrolled_object.subject }}"}',
        },
    )


class WebhookFields(BranchModel):
    """Inputs of *Send webhook*."""

    webhook_url: str = Field(
        title="Address",
        json_schema_extra={"control": "url", "tokens": True, "placeholder": "https://example.com/hook"},
    )
    method: Literal["POST", "GET"] = Field(default="POST", title="Method")
    query_params: tuple[QueryParam, ...] = Field(
        default=(), title="Query parameters", json_schema_extra={"advanced": True}
    )
    auth_settings: Annotated[AuthKey | Signature, Field(discriminator="type")] | None = Field(
        default=None, title="Authentication"
    )
    custom_fields: CustomFields = Field(
        default=CustomFields(),
        title="Body",
        description="What is sent of the record.",
        json_schema_extra={"advanced": True},
    )


def outputs(fields: WebhookFields, schema: ObjectSchema | None) -> tuple[OutputSpec, ...]:  # noqa: ARG001 - every action has the same signature
    """HubSpot's two outputs of a webhook."""
    return (
        OutputSpec(STATUS_CODE, "Status code", OutputType.NUMBER),
        OutputSpec(RESPONSE_BODY, "Response body", OutputType.STRING),
    )


def check(fields: WebhookFields, ctx: CheckContext, path: str) -> list[Problem]:
    """Addresses that are not https or whose host a token chooses, unknown secrets, properties and tokens."""
    problems = check_text(fields.webhook_url, ctx, f"{path}.webhookUrl")
    if (fault := _address_fault(fields.webhook_url)) is not None:
        problems.append(Problem(f"{path}.webhookUrl", "INVALID_URL", f"{fault.message} {fault.remedy}"))
    elif fields.webhook_url.lower().startswith("http:"):
        message = (
            "http:// is only sent to hosts that the operator allows. Use https:// or have the host allowed."
        )
        problems.append(Problem(f"{path}.webhookUrl", "INSECURE_URL", message, "warning"))
    for index, param in enumerate(fields.query_params):
        problems += check_value(param.value, ctx, f"{path}.queryParams[{index}].value")
    match fields.auth_settings:
        case AuthKey(secret_name=name) if name not in ctx.secrets:
            message = "The webhook names a secret that does not exist here. Store it under that name, or choose another."
            problems.append(Problem(f"{path}.authSettings.secretName", "UNKNOWN_SECRET", message))
        case Signature():
            message = "Penstock signs webhooks by Standard Webhooks, not by a HubSpot app. Verify them with that scheme."
            problems.append(Problem(f"{path}.authSettings", "UNSUPPORTED_FIELD", message, "warning"))
    for index, name in enumerate(fields.custom_fields.properties or ()):
        problems += check_property(name, ctx, f"{path}.customFields.properties[{index}]")
    if fields.custom_fields.body is not None:
        problems += check_text(fields.custom_fields.body, ctx, f"{path}.customFields.body")
    return problems


def run(fields: WebhookFields, ctx: StepContext) -> Outcome:
    """Queues the request and waits for its delivery."""
    fault = _address_fault(fields.webhook_url)
    if fault is not None:
        return Fail(fault)
    url = render_text(fields.webhook_url, ctx, Escape.URL)
    missing = list(url.missing)
    query: list[str] = []
    for param in fields.query_params:
        resolved = resolve(param.value, ctx)
        if isinstance(resolved, Failure):
            return Fail(resolved)
        missing += resolved.missing
        query.append(f"{quote(param.name, safe='')}={quote(resolved.text or '', safe='')}")
    body = ""
    if fields.method == "POST":
        rendered = _body(fields, ctx)
        if isinstance(rendered, Failure):
            return Fail(rendered)
        body, body_missing = rendered
        missing += body_missing
    address = _with_query(url.text, query)
    auth = fields.auth_settings if isinstance(fields.auth_settings, AuthKey) else None
    write = QueueWebhook(
        method=fields.method,
        url=address,
        headers={"Content-Type": "application/json"} if body else {},
        body=body,
        secret_name=auth.secret_name if auth else None,
        secret_location=auth.location if auth else None,
        secret_header=auth.name if auth else None,
    )
    inputs: JsonObject = {
        "method": fields.method,
        "host": urlsplit(address).hostname,
        "body_bytes": len(body.encode()),
    }
    if missing:
        inputs["warnings"] = missing_warnings(tuple(missing))
    return Wait(wait_for="webhook", writes=(write,), inputs=inputs)


def finish(status: int | None, body: str, error: str) -> Done | Fail:
    """The step's outcome once the delivery ended: outputs for a reply of 2xx, else a failure that says why."""
    if status is not None and 200 <= status < 300:
        return Done(outputs={STATUS_CODE: status, RESPONSE_BODY: body[:MAX_RESPONSE_BODY]})
    what = error or (f"The receiver answered {status}." if status is not None else "It was not delivered.")
    failure = Failure(
        "WEBHOOK_FAILED",
        f"The webhook was not accepted: {what}",
        "Check the address, the secret and the receiver, then retry this record.",
    )
    return Fail(failure, detail={STATUS_CODE: status})


def _body(fields: WebhookFields, ctx: StepContext) -> tuple[str, tuple[str, ...]] | Failure:
    if fields.custom_fields.body is not None:
        rendered = render_text(fields.custom_fields.body, ctx, Escape.JSON)
        try:
            loads(rendered.text)
        except ValueError:
            return Failure(
                "INVALID_BODY",
                f"The webhook's body is not JSON once its tokens are filled in ({len(rendered.text)} characters).",
                "Put tokens inside quotes, or give those outside of quotes a default filter.",
            )
        return rendered.text, rendered.missing
    chosen = fields.custom_fields.properties
    names = ctx.values if chosen is None else chosen
    properties: dict[str, Json] = {name: ctx.values.get(name) for name in names}
    payload: JsonObject = {
        "objectId": ctx.record_id,
        "objectTypeId": ctx.schema.object_type.id,
        "objectType": ctx.schema.object_type.name.upper(),
        "properties": properties,
        "origin": {
            "flowId": str(ctx.flow_id),
            "revisionId": str(ctx.revision_id),
            "enrollmentId": str(ctx.enrollment_id),
        },
        "occurredAt": ctx.now.isoformat(),
    }
    return dumps(payload).decode(), ()


def _address_fault(url: str) -> Failure | None:
    fixed, has_token, _ = url.partition("{{")
    try:
        parts = urlsplit(fixed)
        host, port = parts.hostname, parts.port
    except ValueError:
        return Failure("INVALID_URL", "The address is not a URL.", "Write one like https://example.com/hook.")
    del port
    if parts.scheme not in ("https", "http") or not host:
        message = "The address must begin with https:// and a host; tokens may only stand after them."
        return Failure("INVALID_URL", message, "Write one like https://example.com/hook.")
    if has_token and not (parts.path or parts.query):
        message = "A token in the address's host or port would let a record choose the receiver."
        return Failure(
            "INVALID_URL", message, "Write the host out and keep tokens to the path and the query."
        )
    if parts.username or parts.password:
        message = "The address holds a user name or password."
        return Failure("INVALID_URL", message, "Store the secret and choose it under authentication instead.")
    return None


def _with_query(url: str, query: list[str]) -> str:
    if not query:
        return url
    address, hash_mark, fragment = url.partition("#")
    return f"{address}{'&' if '?' in address else '?'}{'&'.join(query)}{hash_mark}{fragment}"


SEND_WEBHOOK = Action(
    node_type="WEBHOOK",
    name="send_webhook",
    title="Send webhook",
    section=Section.DATA_OPS,
    description="Send the record to an address of yours and use its reply in later steps.",
    effect=Effect.WEBHOOK,
    fields=WebhookFields,
    outputs=outputs,
    check=check,
    run=run,
)
