"""HubSpot's v4 flow JSON as typed models, without loss.

The JSON that came in is what is stored and what goes out again; the models are a checked reading of it.
So fields that Penstock does not know, node types and action types of others, the order of lists and the
spelling of numbers all survive, and what was unset stays unset. The shapes are derived from the types of
HubSpot's official API clients (`APIContactFlow`, `APIPlatformFlow` and their parts).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from typing import Literal, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from penstock.errors import InvalidFlow, Problem
from penstock.kit.json import Json, JsonObject, dumps, loads
from penstock.workflows.shapes import problems_of, storage_problems

CONTACTS = "0-1"


USE_CUSTOM_LLM = "1-1000"
ERROR_EDGE = "fields.error_path.connection"


class FlowModel(BaseModel):
    """A part of a flow; unknown keys are kept, types are not bent (the text "7" is not the number 7)."""

    model_config = ConfigDict(
        extra="allow", frozen=True, strict=True, alias_generator=to_camel, populate_by_name=True
    )


class Connection(FlowModel):
    """An edge to the next action."""

    edge_type: Literal["STANDARD", "GOTO"] = "STANDARD"
    next_action_id: str = Field(min_length=1)


class NodeModel(FlowModel):
    """What every node has."""

    type: str
    action_id: str = Field(min_length=1)

    def edges(self) -> Iterator[tuple[str, Connection]]:
        """Every edge out of the node, with its JSON path inside the node."""
        yield from ()

    def exit_count(self) -> int:
        """How many exits the node has; those without an edge end the record's way."""
        return 1


class ConnectedNode(NodeModel):
    """A node with one exit; without a connection the record's way ends there."""

    connection: Connection | None = None

    def edges(self) -> Iterator[tuple[str, Connection]]:
        """The one edge, if any."""
        if self.connection is not None:
            yield "connection", self.connection


class SingleConnectionNode(ConnectedNode):
    """An action of the palette with its inputs in `fields`."""

    type: Literal["SINGLE_CONNECTION"]
    action_type_id: str
    action_type_version: int = 0
    fields: dict[str, object] = Field(default_factory=dict)

    @property
    def error_path(self) -> dict[str, object] | None:
        """Penstock's own: the exit of records whose step failed; HubSpot's actions have one exit only."""
        path = self.fields.get("error_path") if self.action_type_id == USE_CUSTOM_LLM else None
        return path if isinstance(path, dict) else None

    def edges(self) -> Iterator[tuple[str, Connection]]:
        """The one edge, and that of the error path; an edge that cannot be read is left to the checks of the inputs."""
        yield from super().edges()
        edge = (self.error_path or {}).get("connection")
        if isinstance(edge, dict):
            with suppress(ValidationError):
                yield ERROR_EDGE, Connection.model_validate(edge)

    def exit_count(self) -> int:
        """Two with an error path."""
        return 1 if self.error_path is None else 2


class WebhookNode(ConnectedNode):
    """Send webhook."""

    type: Literal["WEBHOOK"]


class CustomCodeNode(ConnectedNode):
    """HubSpot's custom code; kept, never run (architecture decision 6)."""

    type: Literal["CUSTOM_CODE"]


class Branch(FlowModel):
    """One branch of any branching node."""

    connection: Connection | None = None


class BranchingNode(NodeModel):
    """A node whose exits stand in a list, with a default besides."""

    default_branch: Connection | None = None
    default_branch_name: str | None = None

    def branches(self) -> tuple[str, tuple[Branch, ...]]:
        """The key of the list of branches and the branches."""
        raise NotImplementedError

    def edges(self) -> Iterator[tuple[str, Connection]]:
        """The edges of the branches in order, then the default's."""
        key, branches = self.branches()
        for index, branch in enumerate(branches):
            if branch.connection is not None:
                yield f"{key}[{index}].connection", branch.connection
        if self.default_branch is not None:
            yield "defaultBranch", self.default_branch

    def exit_count(self) -> int:
        """Each branch and the default."""
        return len(self.branches()[1]) + 1


class ListBranchNode(BranchingNode):
    """If/then branch: the first branch whose filter the record meets."""

    type: Literal["LIST_BRANCH"]
    list_branches: tuple[Branch, ...] = Field(strict=False)

    def branches(self) -> tuple[str, tuple[Branch, ...]]:
        """The filter branches."""
        return "listBranches", self.list_branches


class StaticBranchNode(BranchingNode):
    """Value equals branch."""

    type: Literal["STATIC_BRANCH"]
    static_branches: tuple[Branch, ...] = Field(strict=False)

    def branches(self) -> tuple[str, tuple[Branch, ...]]:
        """The literal branches."""
        return "staticBranches", self.static_branches


class AbTestBranchNode(BranchingNode):
    """Random percentage split; kept, not run yet."""

    type: Literal["AB_TEST_BRANCH"]
    test_branches: tuple[Branch, ...] = Field(strict=False)

    def branches(self) -> tuple[str, tuple[Branch, ...]]:
        """The shares."""
        return "testBranches", self.test_branches


class UnknownNode(ConnectedNode):
    """A node type that Penstock does not know; kept word for word."""


NODE_MODELS: Mapping[str, type[NodeModel]] = {
    "SINGLE_CONNECTION": SingleConnectionNode,
    "LIST_BRANCH": ListBranchNode,
    "STATIC_BRANCH": StaticBranchNode,
    "AB_TEST_BRANCH": AbTestBranchNode,
    "CUSTOM_CODE": CustomCodeNode,
    "WEBHOOK": WebhookNode,
}


class ListBasedCriteria(FlowModel):
    """Enroll when a record comes to meet filters."""

    type: Literal["LIST_BASED"]
    should_re_enroll: bool = False
    un_enroll_objects_not_meeting_criteria: bool = False
    list_filter_branch: dict[str, object] | None = None
    re_enrollment_triggers_filter_branches: tuple[dict[str, object], ...] = Field(default=(), strict=False)


class EventBasedCriteria(FlowModel):
    """Enroll when something happens; events are OR'd."""

    type: Literal["EVENT_BASED"]
    should_re_enroll: bool = False
    event_filter_branches: tuple[dict[str, object], ...] = Field(default=(), strict=False)
    list_membership_filter_branches: tuple[dict[str, object], ...] = Field(default=(), strict=False)
    refinement_criteria: dict[str, object] | None = None


class ManualCriteria(FlowModel):
    """Enroll by hand only."""

    type: Literal["MANUAL"]
    should_re_enroll: bool = False


class OtherCriteria(FlowModel):
    """A criteria type that Penstock keeps and does not run (DATASET and whatever comes)."""

    type: str
    should_re_enroll: bool = False


EnrollmentCriteria = ListBasedCriteria | EventBasedCriteria | ManualCriteria | OtherCriteria
CRITERIA_MODELS: Mapping[str, type[EnrollmentCriteria]] = {
    "LIST_BASED": ListBasedCriteria,
    "EVENT_BASED": EventBasedCriteria,
    "MANUAL": ManualCriteria,
}


class FlowHeader(FlowModel):
    """The flow without its nodes and criteria, which are read by their own `type`."""

    type: Literal["CONTACT_FLOW", "PLATFORM_FLOW"]
    object_type_id: str = Field(min_length=1)
    flow_type: Literal["WORKFLOW", "ACTION_SET", "UNKNOWN"] = "WORKFLOW"
    name: str | None = None
    description: str | None = None
    is_enabled: bool = False
    revision_id: str | int | None = None
    start_action_id: str | None = None
    next_available_action_id: str | None = None
    actions: list[object] = Field(default_factory=list)
    enrollment_criteria: dict[str, object] | None = None
    enrollment_schedule: dict[str, object] | None = None
    data_sources: list[dict[str, object]] = Field(default_factory=list)
    time_windows: list[dict[str, object]] = Field(default_factory=list)
    blocked_dates: list[dict[str, object]] = Field(default_factory=list)
    custom_properties: dict[str, object] = Field(default_factory=dict)
    suppression_list_ids: list[int] = Field(default_factory=list)
    goal_filter_branch: dict[str, object] | None = None
    suppression_filter_branch: dict[str, object] | None = None
    event_anchor: dict[str, object] | None = None
    un_enrollment_setting: dict[str, object] | None = None


@dataclass(frozen=True, slots=True)
class FlowDocument:
    """A flow whose JSON was read: `header` and `nodes` are typed, `to_json` is what came in."""

    header: FlowHeader
    nodes: tuple[NodeModel, ...]
    criteria: EnrollmentCriteria | None
    source: JsonObject
    node_sources: tuple[JsonObject, ...]

    def to_json(self) -> JsonObject:
        """The document as it came in; the caller owns the copy."""
        return deepcopy(self.source)

    def node_json(self, index: int) -> JsonObject:
        """The JSON of `nodes[index]` as it came in, to be read by its action's own model."""
        return self.node_sources[index]


def parse(document: Json) -> FlowDocument:
    """Reads a flow; raises InvalidFlow with every Problem of shape at once, each with its path and remedy."""
    if not isinstance(document, dict):
        problem = Problem("$", "WRONG_TYPE", "A flow is a JSON object with type, objectTypeId and actions.")
        raise InvalidFlow("The flow is not a JSON object.", problems=[problem])
    problems = storage_problems(document)
    if problems:
        raise InvalidFlow(f"{problems[0].path}: {problems[0].message}", problems=problems)
    header = _read(FlowHeader, document, "", problems)
    actions = _list(document.get("actions"))
    nodes = [_node(item, f"actions[{index}]", problems) for index, item in enumerate(actions)]
    raw_criteria = document.get("enrollmentCriteria")
    criteria = _criteria(raw_criteria, problems) if isinstance(raw_criteria, dict) else None
    if header is not None:
        problems += _type_problems(header)
    if problems or header is None:
        first = problems[0]
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        raise InvalidFlow(f"{first.path}: {first.message}{more}", problems=problems)
    # A copy by way of its text, which is five times as fast as `deepcopy` and the same for JSON that can be stored.
    source = cast(JsonObject, loads(dumps(document)))
    node_sources = tuple(item for item in _list(source.get("actions")) if isinstance(item, dict))
    return FlowDocument(
        header, tuple(node for node in nodes if node is not None), criteria, source, node_sources
    )


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _node(item: Json, path: str, problems: list[Problem]) -> NodeModel | None:
    if not isinstance(item, dict):
        problems.append(Problem(path, "WRONG_TYPE", "An action is a JSON object with type and actionId."))
        return None
    kind = item.get("type")
    model = NODE_MODELS.get(kind, UnknownNode) if isinstance(kind, str) else UnknownNode
    return _read(model, item, path, problems)


def _criteria(item: JsonObject, problems: list[Problem]) -> EnrollmentCriteria | None:
    kind = item.get("type")
    model = CRITERIA_MODELS.get(kind, OtherCriteria) if isinstance(kind, str) else OtherCriteria
    return _read(model, item, "enrollmentCriteria", problems)


M = TypeVar("M", bound=BaseModel)


def _read(model: type[M], item: JsonObject, path: str, problems: list[Problem]) -> M | None:
    try:
        return model.model_validate(item)
    except ValidationError as error:
        problems.extend(problems_of(error, path))
        return None


def _type_problems(header: FlowHeader) -> list[Problem]:
    """CONTACT_FLOW if and only if the flow enrolls contacts."""
    if (header.type == "CONTACT_FLOW") == (header.object_type_id == CONTACTS):
        return []
    right = "CONTACT_FLOW" if header.object_type_id == CONTACTS else "PLATFORM_FLOW"
    message = (
        f"A flow of type {header.type} cannot enroll objects of type {header.object_type_id}. Use {right}."
    )
    return [Problem("type", "WRONG_FLOW_TYPE", message)]
