"""A flow document made ready to walk: nodes with their actions, inputs and exits. Pure, compiled once a revision.

Compiling never raises: a node that cannot run (an action type we do not have, inputs of a wrong shape) stays
in the plan with its reason, and a record that reaches it fails there with that reason, instead of the whole
flow failing for records that never get so far.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ValidationError

from penstock.actions.action import AnyAction, Effect, StepContext
from penstock.actions.if_then_branch import ListBranchFields
from penstock.actions.outcome import Done, Fail, Failure, Outcome, Wait
from penstock.actions.registry import find_action
from penstock.actions.use_custom_llm_failure import ERROR_EXIT
from penstock.actions.value_equals_branch import StaticBranchFields
from penstock.errors import PenstockError
from penstock.kit.json import JsonObject
from penstock.workflows.criteria import Criteria as Criteria
from penstock.workflows.criteria import EventTrigger as EventTrigger
from penstock.workflows.criteria import compile_criteria
from penstock.workflows.document import ERROR_EDGE, FlowDocument, NodeModel, SingleConnectionNode
from penstock.workflows.shapes import problems_of


@dataclass(frozen=True, slots=True)
class Node:
    """One step of a plan. `exits` maps a branch's name (None: the only or default exit) to the next actionId.

    `unsupported` says why the node cannot run; then `action` or `fields` may be missing.
    """

    action_id: str
    action_type_id: str
    action: AnyAction | None
    fields: BaseModel | None
    exits: Mapping[str | None, str | None]
    unsupported: str | None = None

    @property
    def effect(self) -> Effect:
        """What running the node touches; an unsupported node only fails, which is a local matter."""
        if self.unsupported or self.action is None:
            return Effect.LOCAL
        return self.action.effect

    def run(self, context: StepContext) -> Outcome:
        """Runs any node but an LLM step, which the engine drives through `use_custom_llm.prepare` and `finish`."""
        if self.unsupported or self.action is None or self.fields is None:
            return Fail(
                Failure(
                    "UNSUPPORTED_ACTION",
                    self.unsupported or f"Action {self.action_id} cannot run here.",
                    "Edit the flow: replace or remove this action, then retry the enrollment.",
                )
            )
        if self.action.run is None:
            raise TypeError(f"{self.action.name} is not run as a step; use its prepare and finish")
        try:
            return self.action.run(self.fields, context)
        except PenstockError as error:  # such as TooLarge, when tokens fill a text beyond its limit
            return Fail(Failure(error.code, error.message, error.remedy))


@dataclass(frozen=True, slots=True)
class Plan:
    """A flow's revision, ready to walk. `start` is None for a flow without actions."""

    flow_id: int
    flow_name: str
    revision_id: int
    object_type_id: str
    start: str | None
    nodes: Mapping[str, Node]
    criteria: Criteria = field(default_factory=Criteria)


def compile(document: FlowDocument, flow_id: int, flow_name: str, revision_id: int) -> Plan:  # noqa: A001 - it is what it does
    """Compiles a document into a plan; odd nodes become nodes with a reason in `unsupported`.

    Of two nodes with one actionId the first counts, as the checks that refuse such a flow say.
    """
    nodes: dict[str, Node] = {}
    for index, node in enumerate(document.nodes):
        nodes.setdefault(node.action_id, _node(node, document.node_json(index)))
    return Plan(
        flow_id=flow_id,
        flow_name=flow_name,
        revision_id=revision_id,
        object_type_id=document.header.object_type_id,
        start=document.header.start_action_id or None,
        nodes=nodes,
        criteria=compile_criteria(document),
    )


def next_action(node: Node, outcome: Done | Wait) -> str | None:
    """The actionId after `node`: the exit that the outcome names, or the only exit once a wait is over."""
    branch = outcome.branch if isinstance(outcome, Done) else None
    return node.exits[branch]


def action_of(node: NodeModel) -> AnyAction | None:
    """The action that a document's node stands for, or None when Penstock does not have it."""
    return find_action(node.type, node.action_type_id if isinstance(node, SingleConnectionNode) else None)


def inputs_of(node: NodeModel, source: JsonObject) -> JsonObject:
    """The JSON that the node's action reads as its inputs: `fields`, or the node itself for types of their own."""
    if isinstance(node, SingleConnectionNode):
        fields = source.get("fields")
        return fields if isinstance(fields, dict) else {}
    return source


def _node(node: NodeModel, source: JsonObject) -> Node:
    action_type_id = node.action_type_id if isinstance(node, SingleConnectionNode) else node.type
    action = action_of(node)
    exits: dict[str | None, str | None] = {None: None}
    if isinstance(node, SingleConnectionNode) and node.error_path is not None:
        exits[ERROR_EXIT] = None
    for path, edge in node.edges():
        if path in ("connection", "defaultBranch"):
            exits[None] = edge.next_action_id
        elif path == ERROR_EDGE:
            exits[ERROR_EXIT] = edge.next_action_id
    if action is None:
        reason = f"Penstock does not run actions of type {action_type_id}."
        return Node(node.action_id, action_type_id, None, None, exits, reason)
    try:
        fields: BaseModel = action.fields.model_validate(inputs_of(node, source))
    except ValidationError as error:
        first = problems_of(error, "")[0]
        reason = f"The inputs of '{action.title}' are not complete: {first.path}: {first.message}"
        return Node(node.action_id, action_type_id, action, None, exits, reason)
    if isinstance(fields, ListBranchFields | StaticBranchFields):
        exits.update(fields.exits())
    return Node(node.action_id, action_type_id, action, fields, exits)
