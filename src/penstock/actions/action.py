"""What an action is: one declarative object that gives its form, its checks, its outputs and its behaviour.

An action file defines a typed model of its inputs and a constant of type `Action`; `registry.ACTIONS` lists
them. Everything else (the palette, the form, the API's schema, the reference page, the flow checks, the
runner) is derived from that constant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from penstock.actions.outcome import Outcome
from penstock.errors import Problem
from penstock.kit.json import JsonObject

if TYPE_CHECKING:
    from penstock.actions.outcome import Failure
    from penstock.crm.schema import ObjectSchema
    from penstock.knowledge.search import Retrieved

UTC_ZONE = ZoneInfo("UTC")


class Section(StrEnum):
    """The part of the editor's palette that an action stands in, in HubSpot's words."""

    AI = "AI"
    CRM = "CRM"
    COMMUNICATION = "Communication"
    DELAY = "Delay"
    BRANCH = "Branch"
    DATA_OPS = "Data ops"


class Effect(StrEnum):
    """What running an action touches; the runner picks the lane and the commit by it."""

    LOCAL = "LOCAL"  # only the enrolled record, inside the leg's own commit
    LLM = "LLM"  # one call to a language model, between `prepare` and `finish`
    MAIL = "MAIL"  # one row in the mail outbox
    WEBHOOK = "WEBHOOK"  # one row in the webhook outbox, then a wait for its reply
    WAIT = "WAIT"  # time passes
    BRANCH = "BRANCH"  # nothing but the choice of an exit


class OutputType(StrEnum):
    """The type of an output, in the words of property types."""

    STRING = "string"
    NUMBER = "number"
    BOOL = "bool"
    DATE = "date"
    ENUMERATION = "enumeration"


@dataclass(frozen=True, slots=True)
class OutputOption:
    """One value that an enumeration output can take."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """One output of an action: later steps read it as `action_outputs.action_output_<actionId>.<name>`."""

    name: str
    label: str
    type: OutputType
    options: tuple[OutputOption, ...] = ()


@dataclass(frozen=True, slots=True)
class ConnectionFact:
    """What a check may know of an LLM connection; `uninstalled` ones stay known so that flows can say so."""

    id: int
    name: str
    provider: str
    uninstalled: bool = False


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What an action's check may look at. `schema` is None while the flow's object type is unknown.

    `knowledge` maps the ids of knowledge sets to their names; `outputs` maps every actionId of the flow to what that action puts out (None: it is not known, as with
    action types of others); `earlier` holds the actionIds that can have run before the action in question.
    """

    schema: ObjectSchema | None
    connections: Mapping[int, ConnectionFact] = field(default_factory=dict)
    users: Mapping[int, str] = field(default_factory=dict)
    secrets: frozenset[str] = frozenset()
    knowledge: Mapping[int, str] = field(default_factory=dict)
    outputs: Mapping[str, tuple[OutputSpec, ...] | None] = field(default_factory=dict)
    earlier: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StepContext:
    """What a step knows when it runs: a record at an action of a flow's revision, and nothing it could change.

    `values` are the record's properties as HubSpot strings, with `hs_object_id` and `createdate` among them;
    `outputs` maps actionId to the outputs of the steps before; `people` maps a user id to an e-mail address;
    `key` is the step's idempotency key; `now` is aware; `time_zone` is the workspace's. `retrieved` is what the step's
    knowledge sets hold about the record, or why they cannot be read.
    """

    workspace_id: int
    flow_id: int
    flow_name: str
    revision_id: int
    enrollment_id: int
    record_id: int
    schema: ObjectSchema
    values: Mapping[str, str]
    outputs: Mapping[str, JsonObject]
    now: datetime
    people: Mapping[int, str]
    key: str
    time_zone: ZoneInfo = UTC_ZONE
    retrieved: Retrieved | Failure | None = None


F = TypeVar("F", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Action(Generic[F]):
    """One action of the palette.

    `fields` is the model of its inputs. For a SINGLE_CONNECTION node that is the node's `fields` object; for
    a node type of its own (branches, webhook) it is the node without its `connection`. `check` gets the JSON
    path of those inputs. `run` is None only for `Effect.LLM`, whose call happens outside of any transaction
    between `use_custom_llm.prepare` and `use_custom_llm.finish`.
    """

    name: str
    title: str
    section: Section
    description: str
    effect: Effect
    fields: type[F]
    outputs: Callable[[F, ObjectSchema | None], tuple[OutputSpec, ...]]
    check: Callable[[F, CheckContext, str], list[Problem]]
    run: Callable[[F, StepContext], Outcome] | None
    action_type_id: str | None = None
    node_type: str = "SINGLE_CONNECTION"

    @property
    def type_id(self) -> str:
        """The id that step rows and logs carry: HubSpot's actionTypeId, or the node type when it has none."""
        return self.action_type_id or self.node_type


# The registry holds actions of different input models in one tuple; each action only ever meets inputs that
# its own `fields` model built (see `plan.compile`), so the parameter is left open here and nowhere else.
AnyAction = Action[Any]


def no_outputs(_fields: BaseModel, _schema: ObjectSchema | None) -> tuple[OutputSpec, ...]:
    """The `outputs` of an action that puts nothing out."""
    return ()
