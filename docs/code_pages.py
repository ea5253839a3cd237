"""Reference pages about actions, tokens and errors."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections import Counter
from collections.abc import Container, Iterator
from pathlib import Path

import penstock
from docs.markdown import VALUE, VALUE_PART, code, fields_table, page, references, sentence, table, type_name
from penstock.actions.action import AnyAction
from penstock.actions.go_to import GO_TO
from penstock.actions.registry import ACTIONS
from penstock.api.errors import LLM_STATUS
from penstock.errors import PenstockError
from penstock.kit.json import Json, JsonObject
from penstock.kit.template import LONGEST_RESULT, LONGEST_TEXT, LONGEST_TOKEN
from penstock.kit.template_filters import FILTERS
from penstock.llm.errors import TREATMENT

SOURCE = Path(penstock.__file__).parent
UNSAID = "…"  # stands for what a message says of the case at hand
# Programs, not modules: importing them would run them.
NOT_IMPORTED = ("penstock.__main__", "penstock.migrations", "penstock.llm.local.child")


def actions() -> str:
    """Every action with its fields and outputs."""
    schemas = [(action, action.fields.model_json_schema(by_alias=True)) for action in ACTIONS]
    uses = Counter(name for _, schema in schemas for name in _definitions(schema))
    shared = {name for name, count in uses.items() if count > 1}
    values = {name for _, schema in schemas for name in _definitions(schema) if _is_value_part(name, schema)}
    parts: list[str] = []
    for action, schema in schemas:
        parts += _action(action, schema, shared | values)
    every = {name: part for _, schema in schemas for name, part in _definitions(schema).items()}
    parts += [
        f"## {GO_TO['title']}",
        str(GO_TO["description"]),
        "In the flow JSON it is a connection whose `edgeType` is `GOTO`.",
        "## Parts that several actions use",
        f"**{VALUE}** is one of {', '.join(sorted(values - {'OtherValue'}))}. A bare text, number or yes/no is a StaticValue.",
        *(text for name in sorted(shared | values) for text in _part(name, every[name])),
    ]
    return page(
        "Actions",
        "What a workflow can do. *Fields* is the node's `fields` object for actions with an `actionTypeId`, and the node "
        "itself for those with a node type of their own. Fields that Penstock does not know are kept.",
        table(
            ("Action", "In the flow JSON", "Section", "Touches"),
            (
                (
                    f"[{one.title}](#{_anchor(one.title)})",
                    code(one.type_id),
                    one.section.value,
                    _TOUCHES[one.effect.value],
                )
                for one in ACTIONS
            ),
        ),
        *parts,
    )


_TOUCHES = {
    "LOCAL": "the enrolled record",
    "LLM": "a provider",
    "MAIL": "the outbox",
    "WEBHOOK": "the outbox, then waits for the reply",
    "WAIT": "nothing; time passes",
    "BRANCH": "nothing; chooses the way",
}


def _action(action: AnyAction, schema: JsonObject, elsewhere: Container[str]) -> Iterator[str]:
    yield f"## {action.title}"
    yield action.description
    named = (
        f"`actionTypeId` `{action.action_type_id}`"
        if action.action_type_id
        else f"node type `{action.node_type}`"
    )
    yield f"Effect `{action.effect.value}`, {named}, called `{action.name}` in the catalogue."
    yield fields_table(schema)
    for name, part in _definitions(schema).items():
        if name not in elsewhere:
            yield from _part(name, part)
    outputs = action.outputs(action.fields.model_construct(), None)
    if outputs:
        yield (
            "Outputs, beside those that the author declares:" if action.effect.value == "LLM" else "Outputs:"
        )
        yield table(
            ("Name", "Type", "Meaning"), ((code(one.name), one.type.value, one.label) for one in outputs)
        )


def _part(name: str, part: JsonObject) -> Iterator[str]:
    yield f"**{name}**: {sentence(str(part.get('description') or ''))}".rstrip(": ")
    yield fields_table(part) if "properties" in part else f"One of {type_name(part)}."


def _definitions(schema: JsonObject) -> dict[str, JsonObject]:
    """The named parts of a schema in the order in which they are referred to; plain JSON is none."""
    definitions = schema.get("$defs")
    found = definitions if isinstance(definitions, dict) else {}
    ordered = dict.fromkeys([*references(schema), *found])
    return {name: part for name in ordered if name != "Json" and isinstance(part := found.get(name), dict)}


def _is_value_part(name: str, schema: JsonObject) -> bool:
    """Whether a named part is one of those that a value can be."""
    return VALUE_PART in _definitions(schema) and name in {VALUE_PART, *_siblings_of_value(schema)}


def _siblings_of_value(schema: Json) -> Iterator[str]:
    if isinstance(schema, dict):
        union = schema.get("oneOf") or schema.get("anyOf")
        names = references(union) if isinstance(union, list) else []
        if VALUE_PART in names:
            yield from names
        for value in schema.values():
            yield from _siblings_of_value(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _siblings_of_value(value)


def _anchor(title: str) -> str:
    return "".join(letter for letter in title.lower().replace(" ", "-") if letter.isalnum() or letter == "-")


def tokens() -> str:
    """What a token can name, and the filters."""
    return page(
        "Tokens and filters",
        "Texts of actions may hold tokens, `{{ path | filter | filter(argument) }}`. Values are escaped for the place they "
        "go to and are never read for tokens again.",
        table(
            ("Path", "Stands for"),
            (
                ("`enrolled_object.<property>`", "a property of the enrolled record"),
                ("`action_outputs.action_output_<actionId>.<output>`", "an output of an earlier action"),
                (
                    "`knowledge`",
                    "in the texts of *Use a custom LLM*: the passages that its knowledge sets have about the record",
                ),
            ),
        ),
        "A token without a value comes out empty, and the step's log says so. A token that names nothing is refused when "
        "the workflow is saved.",
        "## Filters",
        table(
            ("Filter", "Arguments", "Result"),
            (
                (
                    code(name),
                    ", ".join("text" if kind is str else "number" for kind in one.takes),
                    one.meaning,
                )
                for name, one in FILTERS.items()
            ),
        ),
        f"Limits, in characters: {LONGEST_TOKEN:,} a token, {LONGEST_TEXT:,} a text as the author writes it, "
        f"{LONGEST_RESULT:,} a text with its values put in.",
    )


def errors() -> str:
    """Every error class, every kind of provider error, every cause of a failed run."""
    return page(
        "Errors",
        "Errors of the API have HubSpot's shape: `status`, `message`, `category`, `subCategory` (the code), `correlationId`, "
        "`errors` (each with `message`, `code`, `in`). The command line prints message and remedy, with `--json` a document "
        "with `code`, `message`, `remedy` and `errors` on standard error, and ends with the exit status given here.",
        "## Errors of requests and commands",
        table(
            ("Code", "HTTP", "Category", "Exit", "Meaning"),
            (
                (
                    code(kind.code),
                    str(kind.status),
                    code(kind.category),
                    str(kind.exit_status),
                    sentence(kind.__doc__),
                )
                for kind in error_classes()
                if kind is not PenstockError
            ),
        ),
        "## Errors of model calls",
        "The cause of a failed step carries the kind in capitals. Kinds that may pass are tried again before the run fails. "
        "*HTTP* is the status of our own API where a request asked a provider.",
        table(
            ("Kind", "Tried again", "HTTP", "Remedy"),
            (
                (
                    code(kind.upper()),
                    "yes" if one.retriable else "no",
                    str(LLM_STATUS.get(kind, 502)),
                    one.remedy,
                )
                for kind, one in TREATMENT.items()
            ),
        ),
        "## Other causes of a failed, skipped or ended run",
        table(
            ("Code", "Message"), ((code(name), message) for name, message in sorted(failure_codes().items()))
        ),
    )


def error_classes() -> list[type[PenstockError]]:
    """Every error class in the program: the tree from its root, classes that share a code once."""
    for module in pkgutil.walk_packages([str(SOURCE)], "penstock."):
        if not module.name.startswith(NOT_IMPORTED):
            importlib.import_module(module.name)
    found: list[type[PenstockError]] = []
    waiting: list[type[PenstockError]] = [PenstockError]
    while waiting:
        kind = waiting.pop(0)
        if kind.__module__.startswith("penstock.") and kind.code not in {one.code for one in found}:
            found.append(kind)
        waiting = [*kind.__subclasses__(), *waiting]
    return found


def failure_codes() -> dict[str, str]:
    """The codes that steps fail with and their messages, read from the calls that make them; `…` stands for values."""
    found: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in {"Failure", "_fail"} and len(node.args) > 1:
                kind = node.args[0]
                if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
                    found[kind.value] = min(
                        found.get(kind.value, UNSAID), _literal(node.args[1]), key=_vagueness
                    )
    return {name: "" if message == UNSAID else message for name, message in found.items()}


def _vagueness(message: str) -> tuple[bool, int]:
    """Of two messages the one with fewer blanks says more."""
    return message == UNSAID, message.count(UNSAID)


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ""


def _literal(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=pieces):
            return "".join(_literal(piece) for piece in pieces)
        case ast.BinOp(left=left, right=right):
            return _literal(left) + _literal(right)
        case _:
            return UNSAID
