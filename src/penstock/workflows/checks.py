"""Whether a flow holds together: its graph, its actions' inputs, its tokens, its triggers. Pure.

`check` returns every problem at once, each with the JSON path, a code of `check_codes.CODES` and a message
that says what to do. How strict a code is depends on the moment: see `check_codes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from pydantic import BaseModel, ValidationError

from penstock.actions.action import AnyAction, CheckContext, Effect, OutputSpec
from penstock.actions.if_then_branch import check_filters
from penstock.actions.use_custom_llm import UseCustomLlmFields
from penstock.errors import InvalidFlow, Problem
from penstock.kit.json import Json
from penstock.workflows.check_codes import CODES, Refuses
from penstock.workflows.criteria import compile_criteria, has_filters
from penstock.workflows.document import FlowDocument, SingleConnectionNode
from penstock.workflows.facts import FlowFacts
from penstock.workflows.graph import Graph
from penstock.workflows.plan import action_of, inputs_of
from penstock.workflows.shapes import problems_of

Moment = Literal["save", "turn on"]

# Settings that would change who is enrolled or when steps run, and that Penstock does not run yet: a flow
# with one of them must not be turned on as if it were not there.
UNSUPPORTED_SETTINGS = {
    "suppressionListIds": "suppression segments",
    "suppressionFilterBranch": "suppression filters",
    "goalFilterBranch": "goals",
    "timeWindows": "running actions at specific times",
    "blockedDates": "pause dates",
    "eventAnchor": "centering on a date",
    "unEnrollmentSetting": "unenrolling from other workflows",
}


@dataclass(frozen=True, slots=True)
class CheckedNode:
    """A node with what the checks found of it: `fields` is None when the inputs cannot be read."""

    path: str
    action_id: str
    action: AnyAction | None
    fields: BaseModel | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Examined:
    """What the checks found and worked out on the way, by actionId.

    `outputs` are what an action puts out (None: it is not known), `earlier` the actions that can have run before.
    """

    problems: tuple[Problem, ...]
    outputs: Mapping[str, tuple[OutputSpec, ...] | None] = field(default_factory=dict)
    earlier: Mapping[str, frozenset[str]] = field(default_factory=dict)


def check(document: FlowDocument, facts: FlowFacts, moment: Moment) -> list[Problem]:
    """All problems of a flow; those that do not refuse it at this moment are warnings."""
    return list(examine(document, facts, moment).problems)


def examine(document: FlowDocument, facts: FlowFacts, moment: Moment) -> Examined:
    """Checks a flow as `check` does, and keeps what an editor needs to offer only what exists at a place."""
    graph = Graph.of(document)
    nodes = [_read_node(document, index) for index in range(len(document.nodes))]
    problems = [
        *_check_graph(document, graph, nodes),
        *_check_criteria(document, facts),
        *_check_settings(document),
    ]
    if facts.schema is None:
        message = (
            f"There is no object type {document.header.object_type_id} here. Create it, or choose another."
        )
        problems.append(Problem("objectTypeId", "UNKNOWN_OBJECT_TYPE", message))
    outputs = {node.action_id: _outputs(node, facts) for node in nodes}
    earlier = {node.action_id: graph.before(node.action_id) for node in nodes}
    for node in nodes:
        problems += node.problems
        if node.action is not None and node.fields is not None:
            context = CheckContext(
                schema=facts.schema,
                connections=facts.connections,
                users=facts.users,
                secrets=facts.secrets,
                knowledge=facts.knowledge,
                outputs=outputs,
                earlier=earlier[node.action_id],
            )
            problems += node.action.check(node.fields, context, node.path)
            problems += _check_retirement(node, facts)
    return Examined(tuple(_with_severity(problem, moment) for problem in problems), outputs, earlier)


def _check_retirement(node: CheckedNode, facts: FlowFacts) -> list[Problem]:
    """Warns of a model whose end the provider has announced."""
    if not isinstance(node.fields, UseCustomLlmFields):
        return []
    problems = []
    for turn in range(len(node.fields.fallbacks) + 1):
        asked = node.fields.asking(turn)
        found = facts.retirements.get((asked.connection_number or 0, asked.model.strip()))
        if found is not None:
            message = (
                f"The provider ends '{found.model}' on {found.retires_at[:10]}; calls to it fail then. Choose another "
                "model, and run the evals of the step before you publish."
            )
            at = f"{node.path}.fallbacks[{turn - 1}].model" if turn else f"{node.path}.model"
            problems.append(Problem(at, "MODEL_RETIRES", message, "warning"))
    return problems


def refuse_errors(problems: list[Problem], doing: str) -> None:
    """Raises InvalidFlow when there are errors among the problems; warnings come along for completeness."""
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        first = errors[0]
        more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
        raise InvalidFlow(
            f"The workflow cannot be {doing}: {first.path}: {first.message}{more}", problems=problems
        )


def _with_severity(problem: Problem, moment: Moment) -> Problem:
    code = CODES.get(problem.code)
    refuses = code.refuses if code else Refuses.TURN_ON
    refused = refuses is Refuses.SAVE or (refuses is Refuses.TURN_ON and moment == "turn on")
    severity = "error" if refused and problem.severity == "error" else "warning"
    return problem if problem.severity == severity else replace(problem, severity=severity)


def _read_node(document: FlowDocument, index: int) -> CheckedNode:
    node, path = document.nodes[index], f"actions[{index}]"
    action = action_of(node)
    if action is None:
        kind = node.action_type_id if isinstance(node, SingleConnectionNode) else node.type
        message = (
            f"Penstock does not run actions of type {kind}. The action is kept as it is; remove or replace it before "
            "turning the workflow on."
        )
        return CheckedNode(path, node.action_id, None, None, (Problem(path, "UNSUPPORTED_ACTION", message),))
    at = f"{path}.fields" if isinstance(node, SingleConnectionNode) else path
    try:
        fields: BaseModel = action.fields.model_validate(inputs_of(node, document.node_json(index)))
    except ValidationError as error:
        return CheckedNode(at, node.action_id, action, None, tuple(problems_of(error, at)))
    return CheckedNode(at, node.action_id, action, fields, ())


def _outputs(node: CheckedNode, facts: FlowFacts) -> tuple[OutputSpec, ...] | None:
    if node.action is None or node.fields is None:
        return None
    return node.action.outputs(node.fields, facts.schema)


def _check_graph(document: FlowDocument, graph: Graph, nodes: list[CheckedNode]) -> Iterator[Problem]:
    header = document.header
    seen: set[str] = set()
    for index, node in enumerate(document.nodes):
        if node.action_id in seen:
            message = (
                f"Another action has the actionId {node.action_id} already. Give this one {graph.free_id}."
            )
            yield Problem(f"actions[{index}].actionId", "DUPLICATE_ACTION_ID", message)
        seen.add(node.action_id)
        for path, edge in node.edges():
            if edge.next_action_id not in graph.nodes:
                message = f"There is no action {edge.next_action_id}. Lead to an action of this workflow, or remove it."
                yield Problem(f"actions[{index}].{path}.nextActionId", "DANGLING_EDGE", message)
    if not document.nodes:
        yield Problem("actions", "NO_ACTIONS", "The workflow has no actions. Add one.")
    elif not header.start_action_id:
        yield Problem(
            "startActionId", "MISSING_START", "No action is the first. Set startActionId to its actionId."
        )
    elif header.start_action_id not in graph.nodes:
        message = f"There is no action {header.start_action_id}. Set startActionId to the actionId of the first action."
        yield Problem("startActionId", "DANGLING_START", message)
    else:
        reached = graph.reachable(header.start_action_id)
        for index, node in enumerate(document.nodes):
            if node.action_id not in reached:
                message = f"No record can get to action {node.action_id}. Connect it or remove it."
                yield Problem(f"actions[{index}]", "UNREACHABLE_ACTION", message)
    yield from _check_loops(graph, nodes)
    if header.next_available_action_id and header.next_available_action_id in graph.nodes:
        message = f"{header.next_available_action_id} is taken. The next free actionId is {graph.free_id}."
        yield Problem("nextAvailableActionId", "LOW_NEXT_ACTION_ID", message)


def _check_loops(graph: Graph, nodes: list[CheckedNode]) -> Iterator[Problem]:
    waits = {
        node.action_id for node in nodes if node.action is not None and node.action.effect is Effect.WAIT
    }
    places = {node.action_id: index for index, node in enumerate(nodes)}
    for loop in graph.loops():
        if loop & waits:
            continue
        first = min(loop, key=lambda action_id: places[action_id])
        members = ", ".join(sorted(loop, key=lambda action_id: places[action_id])[:10])
        if graph.has_way_out(loop):
            message = (
                f"Actions {members} can repeat without a delay. Make sure that a branch leaves the loop."
            )
            yield Problem(f"actions[{places[first]}]", "LOOP_WITHOUT_DELAY", message)
        else:
            message = f"Actions {members} lead to each other for ever. Remove a connection or add a branch that leaves."
            yield Problem(f"actions[{places[first]}]", "ENDLESS_LOOP", message)


def _check_criteria(document: FlowDocument, facts: FlowFacts) -> Iterator[Problem]:
    raw = document.source.get("enrollmentCriteria")
    raw = raw if isinstance(raw, dict) else {}
    context = CheckContext(schema=facts.schema)
    for key in ("listFilterBranch", "refinementCriteria"):
        branch = raw.get(key)
        if isinstance(branch, dict) and has_filters(branch):
            yield from check_filters(branch, context, f"enrollmentCriteria.{key}")
    criteria = compile_criteria(document)
    if criteria.unsupported is not None:
        message = f"{criteria.unsupported} Change the enrollment trigger before turning the workflow on."
        yield Problem("enrollmentCriteria", "UNSUPPORTED_TRIGGER", message)
    for trigger in (*criteria.events, *criteria.re_enroll_events):
        known = (
            facts.schema is None or trigger.property is None or trigger.property in facts.schema.properties
        )
        if not known:
            message = f"The trigger watches '{trigger.property}', which is no property here. Create it or choose another."
            yield Problem("enrollmentCriteria", "UNKNOWN_PROPERTY", message)


def _check_settings(document: FlowDocument) -> Iterator[Problem]:
    for key, words in UNSUPPORTED_SETTINGS.items():
        value = document.source.get(key)
        if isinstance(value, dict) and key.endswith("FilterBranch") and not has_filters(value):
            continue
        if value and not _is_unset(key, value):
            message = f"Penstock does not run {words} yet. The setting is kept; remove it before turning the workflow on."
            yield Problem(key, "UNSUPPORTED_SETTING", message)


def _is_unset(key: str, value: Json) -> bool:
    """HubSpot writes a selective unenrollment of no flows for "do not unenroll"."""
    flow_ids = value.get("flowIds") if isinstance(value, dict) else None
    return (
        key == "unEnrollmentSetting"
        and isinstance(value, dict)
        and value.get("type") == "SELECTIVE"
        and not flow_ids
    )
