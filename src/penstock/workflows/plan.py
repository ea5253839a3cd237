"""A flow document made ready to walk: nodes with their actions, inputs and exits. Pure, compiled once a revision.

Compiling never raises: a node that cannot run (an action type we do not have, inputs of a wrong shape) stays
in the plan with its reason, and a record that reaches it fails there with that reason, instead of the whole
flow failing for records that never get so far.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import BaseModel

from penstock.actions.action import AnyAction, Effect, StepContext
from penstock.actions.outcome import Done, Fail, Failure, Outcome, Wait

if TYPE_CHECKING:
    from penstock.crm.filters import FilterBranch
    from penstock.workflows.document import FlowDocument


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
        return self.action.run(self.fields, context)


@dataclass(frozen=True, slots=True)
class EventTrigger:
    """An event that enrolls. `property` and `value_filter` are set for property changes (4-655002) only.

    `unsupported` says why this trigger never fires here.
    """

    event_type_id: str
    property: str | None = None
    value_filter: FilterBranch | None = None
    unsupported: str | None = None


@dataclass(frozen=True, slots=True)
class Criteria:
    """When records enroll by themselves.

    `filter` is the LIST_BASED filter (a record enrolls when it comes to match), or the refinement that must
    hold as well when an event happens; `events` are OR'd; `manual_only` flows enroll only by hand;
    `re_enroll` is the LIST_BASED re-enrollment filter when there is one; `unsupported` says why triggers of
    this flow are not run here.
    """

    manual_only: bool = True
    filter: FilterBranch | None = None
    events: tuple[EventTrigger, ...] = ()
    should_re_enroll: bool = False
    unsupported: str | None = None


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


def compile(document: FlowDocument, flow_id: int, flow_name: str, revision_id: int) -> Plan:  # noqa: A001
    """Compiles a document into a plan; odd nodes become nodes with a reason in `unsupported`."""
    raise NotImplementedError


def next_action(node: Node, outcome: Done | Wait) -> str | None:
    """The actionId after `node`: the exit that the outcome names, or the only exit once a wait is over."""
    branch = outcome.branch if isinstance(outcome, Done) else None
    return node.exits[branch]
