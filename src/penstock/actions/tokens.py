"""Tokens of action texts: what `{{ enrolled_object.x }}` and `{{ action_outputs.action_output_N.key }}` mean.

The spelling is HubSpot's (data values in workflow actions). `kit.template` reads and renders the text; this
file says what a path names, at save (`check_text`) and at run (`lookup_token`, `render_text`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches

from penstock.actions.action import CheckContext, OutputSpec, StepContext
from penstock.actions.knowledge_token import KNOWLEDGE, knowledge_text
from penstock.actions.outcome import Failure
from penstock.crm.computed import COLUMN_OF
from penstock.errors import Problem
from penstock.kit import template
from penstock.kit.json import Json, JsonObject, dumps

ENROLLED_OBJECT = "enrolled_object"
ACTION_OUTPUTS = "action_outputs"
OUTPUT_PREFIX = "action_output_"

# HubSpot token families that Penstock keeps in a document and does not resolve yet.
UNSUPPORTED_FAMILIES = ("fetched_objects", "enrollment_events", "enrolled_arguments", "custom_objects")


def output_reference(path: tuple[str, ...]) -> tuple[str, str] | None:
    """The (actionId, output name) that a token path names, or None when it is not an output token."""
    if len(path) == 3 and path[0] == ACTION_OUTPUTS and path[1].startswith(OUTPUT_PREFIX):
        return path[1].removeprefix(OUTPUT_PREFIX), path[2]
    return None


def text_of(value: Json) -> str | None:
    """An output as text, in the spelling of HubSpot property values; None and "" are no value (None).

    Whole floats lose their ".0", lists are joined with ";" as multi-checkbox values are, objects become JSON.
    """
    match value:
        case None | "":
            return None
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case str() | int() | float():
            return str(value)
        case list():
            return ";".join(text for item in value if (text := text_of(item)) is not None) or None
        case _:
            return dumps(value).decode()


def output_value(outputs: Mapping[str, JsonObject], action_id: str, name: str) -> str | None:
    """The text of one output of an earlier action; None when it has no value or the action did not run."""
    return text_of(outputs.get(action_id, {}).get(name))


def lookup_token(ctx: StepContext, path: tuple[str, ...]) -> str | None:
    """The text a token path stands for in this step; None when it names nothing or has no value."""
    if len(path) == 2 and path[0] == ENROLLED_OBJECT:
        return ctx.values.get(path[1]) or None
    if path == KNOWLEDGE:
        found = ctx.retrieved
        return None if found is None or isinstance(found, Failure) else knowledge_text(found.passages) or None
    reference = output_reference(path)
    return output_value(ctx.outputs, *reference) if reference else None


def render_text(
    text: str,
    ctx: StepContext,
    escape: template.Escape,
    *,
    fence: template.Fence | None = None,
    cuts: Mapping[str, int] = template.NO_CUTS,
) -> template.Rendered:
    """Renders an author's text for this step; `missing` of the result names the tokens without a value.

    `fence` and `cuts` are those of `template.render`; only prompts have them.
    """
    return template.render(
        template.parse(text), lambda path: lookup_token(ctx, path), escape, fence=fence, cuts=cuts
    )


def missing_warnings(missing: tuple[str, ...]) -> list[Json]:
    """Sentences for a step's log about tokens that had no value and came out empty."""
    return [f"The token {{{{ {name} }}}} had no value and was left empty." for name in dict.fromkeys(missing)]


def token_paths(text: str) -> Iterator[tuple[str, ...]]:
    """The paths of all tokens in a text."""
    return (token.path for token in template.parse(text).tokens)


def check_text(text: str, ctx: CheckContext, path: str, *, prompt: bool = False) -> list[Problem]:
    """Problems of a text with tokens: malformed ones, unknown ones, and outputs that cannot exist there.

    In a `prompt`, text that others wrote should stand in a fence; anywhere else there is none.
    """
    problems = [
        Problem(path, "BAD_TOKEN", problem.message, problem.severity) for problem in template.check(text)
    ]
    problems += _check_fences(text, ctx, path) if prompt else _check_no_fence(text, path)
    for token in token_paths(text):
        if not (prompt and token == KNOWLEDGE):
            problems.extend(_check_path(token, ctx, path))
    return problems


def check_property(name: str, ctx: CheckContext, path: str) -> list[Problem]:
    """A Problem when the flow's object type has no property of that name."""
    if ctx.schema is None or name in COLUMN_OF or name in ctx.schema.properties:
        return []
    close = get_close_matches(name, ctx.schema.properties, n=3)
    hint = f" Did you mean {', '.join(close)}?" if close else " Create the property or choose another."
    return [
        Problem(
            path, "UNKNOWN_PROPERTY", f"{ctx.schema.object_type.name} has no property named '{name}'.{hint}"
        )
    ]


def check_output(action_id: str, name: str, ctx: CheckContext, path: str) -> list[Problem]:
    """Problems of a reference to an output: no such action, no such output, or no way it ran before."""
    if action_id not in ctx.outputs:
        return [
            Problem(
                path,
                "UNKNOWN_OUTPUT",
                f"There is no action {action_id} in this workflow, so it has no output '{name}'. Choose the output again.",
            )
        ]
    specs = ctx.outputs[action_id]
    problems: list[Problem] = []
    if specs is not None and name not in (names := [spec.name for spec in specs]):
        known = f"It has: {', '.join(names)}." if names else "It has no outputs."
        problems.append(
            Problem(
                path,
                "UNKNOWN_OUTPUT",
                f"Action {action_id} has no output named '{name}'. {known} Choose one of them.",
            )
        )
    if action_id not in ctx.earlier:
        problems.append(
            Problem(
                path,
                "OUTPUT_NOT_YET_THERE",
                f"Action {action_id} does not come before this action, so its output '{name}' is empty here. "
                "Move the action up or choose another value.",
                "warning",
            )
        )
    return problems


def output_spec(action_id: str, name: str, ctx: CheckContext) -> OutputSpec | None:
    """The declared output that a reference names, when it is known."""
    return next((spec for spec in ctx.outputs.get(action_id) or () if spec.name == name), None)


def _check_fences(text: str, ctx: CheckContext, path: str) -> list[Problem]:
    """A warning for long texts that enter a prompt bare, once for each token."""
    bare = [token for token in template.parse(text).tokens if not token.fenced and _is_prose(token.path, ctx)]
    return [
        Problem(
            path,
            "UNFENCED_TEXT",
            f"Whoever wrote {name} speaks in this prompt with your voice. Add the filter fenced: {{{{ {name} | fenced }}}}.",
            "warning",
        )
        for name in dict.fromkeys(token.name for token in bare)
    ]


def _is_prose(path: tuple[str, ...], ctx: CheckContext) -> bool:
    """Whether a token stands for a text of many words, in which instructions could hide."""
    if path == KNOWLEDGE:
        return True
    if len(path) != 2 or path[0] != ENROLLED_OBJECT or ctx.schema is None:
        return False
    prop = ctx.schema.properties.get(path[1])
    return prop is not None and prop.type == "string" and prop.field_type in ("textarea", "html")


def _check_no_fence(text: str, path: str) -> list[Problem]:
    fenced = next((token for token in template.parse(text).tokens if token.fenced), None)
    if fenced is None:
        return []
    message = f"{{{{ {fenced.name} | fenced }}}} is for prompts. Remove the filter fenced here."
    return [Problem(path, "FENCE_OUTSIDE_PROMPT", message)]


def _check_path(token: tuple[str, ...], ctx: CheckContext, path: str) -> list[Problem]:
    spelled = "{{ " + ".".join(token) + " }}"
    if len(token) == 2 and token[0] == ENROLLED_OBJECT:
        return _as_token_problems(check_property(token[1], ctx, path))
    if (reference := output_reference(token)) is not None:
        return _as_token_problems(check_output(*reference, ctx, path))
    if token and token[0] in UNSUPPORTED_FAMILIES:
        return [
            Problem(
                path,
                "UNSUPPORTED_TOKEN",
                f"The token {spelled} reads {token[0]}, which Penstock does not have yet. "
                "Use enrolled_object or action_outputs instead.",
            )
        ]
    if token == KNOWLEDGE:
        message = "{{ knowledge }} is for the instructions and the prompt of an AI step. Remove it here."
        return [Problem(path, "UNKNOWN_TOKEN", message)]
    return [
        Problem(
            path,
            "UNKNOWN_TOKEN",
            f"The token {spelled} names nothing. Write enrolled_object.<property> or "
            "action_outputs.action_output_<actionId>.<output>.",
        )
    ]


def _as_token_problems(problems: list[Problem]) -> list[Problem]:
    """A token that names nothing is refused at save, earlier than a field that does: it has no other meaning."""
    return [
        replace(one, code="UNKNOWN_TOKEN") if one.code.startswith("UNKNOWN_") else one for one in problems
    ]
