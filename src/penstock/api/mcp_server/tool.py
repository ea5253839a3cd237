"""What a tool is: a name, typed arguments and a typed result around routes of the API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from penstock.accounts.permissions import allows
from penstock.api.access import ACCESS
from penstock.api.security import Call
from penstock.kit.json import JsonObject

Arguments = TypeVar("Arguments", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a tool does to the world, in the words of the protocol's tool annotations.

    `destructive`: something that was there is another afterwards. `idempotent`: the same call once more changes
    nothing. `open_world`: it may reach beyond Penstock, to providers, mail servers and webhooks.
    """

    read_only: bool = False
    destructive: bool = False
    idempotent: bool = False
    open_world: bool = False


class _Untitled(GenerateJsonSchema):
    """Leaves out the titles that repeat the names of fields: models read and pay for every word."""

    def field_title_should_be_set(self, _schema: object) -> bool:
        return False


READS = Effect(read_only=True, idempotent=True)


@dataclass(frozen=True, slots=True)
class Tool(Generic[Arguments]):
    """A tool. `route` is the route in the permission table whose permission the caller needs."""

    name: str
    title: str
    description: str
    route: str
    arguments: type[Arguments]
    result: type[BaseModel]
    run: Callable[[Call, Arguments], Awaitable[BaseModel]]
    effect: Effect = READS

    @property
    def permission(self) -> str:
        """The permission that the caller needs."""
        permission = ACCESS[self.route]
        assert permission is not None  # noqa: S101 - no tool stands for a public route
        return permission

    def allowed(self, call: Call) -> bool:
        """Whether the caller may use it."""
        return allows(call.actor.role, self.permission)

    def input_schema(self) -> dict[str, Any]:
        """The JSON schema of the arguments."""
        return self.arguments.model_json_schema(schema_generator=_Untitled)

    def output_schema(self) -> dict[str, Any]:
        """The JSON schema of the structured result."""
        return self.result.model_json_schema(schema_generator=_Untitled, mode="serialization")

    async def answer(self, call: Call, arguments: JsonObject) -> JsonObject:
        """Runs it. Raises ValidationError for arguments that do not fit, and whatever its route raises."""
        found = await self.run(call, self.arguments.model_validate(arguments))
        # As the routes answer: what a shape did not set is left out.
        answer: JsonObject = found.model_dump(mode="json", by_alias=True, exclude_unset=True)
        return answer
