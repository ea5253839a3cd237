"""The inputs of *Use a custom LLM*. HubSpot's editor sends numbers as strings, so both are accepted."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr

from penstock.actions.outcome import Failure
from penstock.actions.use_custom_llm_failure import (
    USUAL,
    ErrorClass,
    ErrorPath,
    Fallback,
    class_of,
    number_of,
)
from penstock.actions.use_custom_llm_outputs import Declared, DeclaredOutput
from penstock.crm.schema import ObjectSchema
from penstock.llm.outputs import OutputField
from penstock.llm.outputs import schema as schema_of
from penstock.llm.personal_data import Kind
from penstock.llm.request import JSON_PROMPT, WebSearch

DEFAULT_MAX_ATTEMPTS = 6
DEFAULT_DEADLINE_SECONDS = 86_400.0
DEFAULT_MAX_SEARCHES = 3
DEFAULT_PASSAGES = 5
DEFAULT_KNOWLEDGE_TOKENS = 2_000

REPAIR_PROMPT = "You answered:\n{{ answer }}\n\nThis answer cannot be used: {{ problem }}\nAnswer once more, as asked above."


def _empty_is_unset(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _lower(value: object) -> object:
    # HubSpot's form says High, Medium, Low.
    value = _empty_is_unset(value)
    return value.strip().lower() if isinstance(value, str) else value


OptionalNumber = Annotated[float | None, BeforeValidator(_empty_is_unset)]
OptionalCount = Annotated[int | None, BeforeValidator(_empty_is_unset)]
OptionalEffort = Annotated[Literal["none", "low", "medium", "high"] | None, BeforeValidator(_lower)]


class UseCustomLlmFields(BaseModel):
    """Inputs of *Use a custom LLM*. Optional settings that are unset are left to the model's own default."""

    model_config = ConfigDict(extra="allow", frozen=True)

    connection_id: str | int | None = Field(
        default=None,
        title="AI connection",
        description="Id of the connection whose key and provider are used.",
        json_schema_extra={"control": "connection"},
    )
    provider: str | None = Field(default=None, title="Provider", json_schema_extra={"control": "hidden"})
    model: str = Field(default="", title="Model", json_schema_extra={"control": "model"})
    system_prompt: str = Field(
        default="",
        title="Instructions",
        description="What the model is and how it should answer; the same for every record.",
        json_schema_extra={"control": "textarea", "placeholder": "You sort customer complaints."},
    )
    prompt: str = Field(
        default="",
        title="Prompt",
        description="What to do with this record. Insert its properties and earlier outputs as tokens.",
        json_schema_extra={
            "control": "textarea",
            "tokens": True,
            "placeholder": "Complaint: {{ enrolled_object.content }}",
        },
    )
    temperature: OptionalNumber = Field(
        default=None,
        title="Temperature",
        description="0 to 2; lower is more predictable. Not sent to models that refuse it.",
        json_schema_extra={"control": "number", "advanced": True},
    )
    reasoning_effort: OptionalEffort = Field(
        default=None,
        title="Reasoning effort",
        description="How long the model thinks before it answers; unset leaves it to the model.",
        json_schema_extra={"control": "select", "advanced": True},
    )
    max_output_tokens: OptionalCount = Field(
        default=None, title="Maximum output tokens", json_schema_extra={"control": "number", "advanced": True}
    )
    timeout_seconds: OptionalNumber = Field(
        default=None,
        title="Longest wait in seconds",
        json_schema_extra={"control": "number", "advanced": True},
    )
    max_attempts: OptionalCount = Field(
        default=DEFAULT_MAX_ATTEMPTS,
        title="Attempts",
        description="How often a call that met a passing trouble is tried.",
        json_schema_extra={"control": "number", "advanced": True},
    )
    deadline_seconds: OptionalNumber = Field(
        default=DEFAULT_DEADLINE_SECONDS,
        title="Give up after seconds",
        description="How long a record may stand at the step, waiting for its turn or for the next attempt.",
        json_schema_extra={"control": "number", "advanced": True},
    )
    when_cap_reached: Literal["wait", "fail"] = Field(
        default="wait",
        title="When a spending cap is reached",
        description="wait: the record stands still until there is room again. fail: the step fails at once.",
        json_schema_extra={"control": "select", "advanced": True},
    )
    fallbacks: tuple[Fallback, ...] = Field(
        default=(),
        title="Other models",
        description="Asked in this order when the call fails for one of the chosen causes.",
        json_schema_extra={"control": "fallbacks", "advanced": True},
    )
    fallback_on: tuple[ErrorClass, ...] = Field(
        default=USUAL,
        title="Causes for another model",
        json_schema_extra={"control": "multiselect", "advanced": True},
    )
    error_path: ErrorPath | None = Field(
        default=None,
        title="Path for failed records",
        description="Records whose step failed go on there instead of stopping; unset, they need attention.",
        json_schema_extra={"control": "path", "advanced": True},
    )
    output: DeclaredOutput = Field(
        default=DeclaredOutput(), title="Answer", json_schema_extra={"control": "outputs"}
    )
    web_search: bool = Field(
        default=False,
        title="Web search",
        description="The model may search the web with its provider's own search. What it searches for leaves the provider.",
        json_schema_extra={"control": "checkbox"},
    )
    search_domains: tuple[str, ...] = Field(
        default=(),
        title="Only these domains",
        description="Such as example.com, with its subdomains; none searches the whole web.",
        json_schema_extra={"control": "list", "advanced": True},
    )
    max_searches: OptionalCount = Field(
        default=DEFAULT_MAX_SEARCHES,
        title="Most searches of a call",
        description="1 to 10. Searches are billed one by one; caps reserve this many.",
        json_schema_extra={"control": "number", "advanced": True},
    )
    reuse_seconds: OptionalCount = Field(
        default=None,
        title="Reuse an identical answer for",
        description="Seconds in which the same question to the same model is answered with the answer from before; unset asks anew.",
        json_schema_extra={"control": "number", "advanced": True},
    )
    knowledge: tuple[str | int, ...] = Field(
        default=(),
        title="Knowledge",
        description="Sets of documents whose passages about the record stand where the prompt says {{ knowledge }}.",
        json_schema_extra={"control": "knowledge"},
    )
    knowledge_query: str = Field(
        default="",
        title="What to look for",
        description="The text that passages are found by. Empty: the values of the tokens in the prompt.",
        json_schema_extra={"control": "textarea", "tokens": True, "advanced": True},
    )
    knowledge_passages: OptionalCount = Field(
        default=DEFAULT_PASSAGES,
        title="Passages",
        description="How many passages stand in the prompt at most.",
        json_schema_extra={"control": "number", "advanced": True},
    )
    knowledge_tokens: OptionalCount = Field(
        default=DEFAULT_KNOWLEDGE_TOKENS,
        title="Tokens for passages",
        description="About how many tokens the passages may have together.",
        json_schema_extra={"control": "number", "advanced": True},
    )
    when_rejected: Literal["fail", "fallback"] = Field(
        default="fail",
        title="When a reviewer rejects the answer",
        description="Fail the step, or go on with the fallbacks of the doubtful fields (empty where there is none).",
        json_schema_extra={"control": "select", "advanced": True},
    )
    when_too_long: Literal["fail", "cut_longest", "cut_token"] = Field(
        default="fail",
        title="When the prompt is too long",
        description="Fail, or cut the longest values, or the value of one token, until it fits.",
        json_schema_extra={"control": "select", "advanced": True},
    )
    cut_token: str | None = Field(
        default=None,
        title="Token to cut",
        description="The token whose value is cut, such as enrolled_object.content.",
        json_schema_extra={"control": "text", "advanced": True},
    )
    max_prompt_tokens: OptionalCount = Field(
        default=None,
        title="Longest prompt in tokens",
        description="About how many tokens the question may have; unset leaves it to the model's window.",
        json_schema_extra={"control": "number", "advanced": True},
    )
    cache_instructions: bool = Field(
        default=True,
        title="Keep the instructions in the provider's cache",
        description="Anthropic charges a quarter more for the first record and a tenth for those within five minutes.",
        json_schema_extra={"control": "checkbox", "advanced": True},
    )
    allow_sensitive: bool = Field(
        default=False,
        title="Allow sensitive properties",
        description="Properties marked as sensitive may stand in the prompt, and so go to the provider.",
        json_schema_extra={"control": "checkbox", "advanced": True},
    )
    mask: tuple[Kind, ...] = Field(
        default=(),
        title="Mask personal data",
        description="Replaced by [EMAIL_1] and the like in what the model reads, and put back into what it answers.",
        json_schema_extra={"control": "multiselect", "advanced": True},
    )
    mask_names: tuple[str, ...] = Field(
        default=(),
        title="Mask names",
        description="Properties with names, such as First name; their values are masked wherever they stand in the text.",
        json_schema_extra={"control": "properties", "advanced": True},
    )
    mask_country: str = Field(
        default="",
        title="Country of phone numbers",
        description="Two letters such as DK, for numbers without a country code; empty masks those with one only.",
        json_schema_extra={"control": "text", "advanced": True},
    )
    json_prompt: str = Field(
        default=JSON_PROMPT,
        title="How to ask for JSON",
        description="Added to the prompt for models that cannot be held to fields by their provider. Empty adds nothing.",
        json_schema_extra={"control": "textarea", "advanced": True},
    )
    repair_prompt: str = Field(
        default=REPAIR_PROMPT,
        title="When the answer does not fit",
        description="Sent once more after the prompt, with {{ answer }} and {{ problem }} filled in. Empty: no second call.",
        json_schema_extra={"control": "textarea", "advanced": True},
    )

    @property
    def connection_number(self) -> int | None:
        """The connection's id as a number, or None when there is none or it is not a number."""
        return number_of(self.connection_id)

    @property
    def passages(self) -> int:
        """How many passages may stand in the prompt."""
        return DEFAULT_PASSAGES if self.knowledge_passages is None else self.knowledge_passages

    def falls_back(self, code: str, tried: int) -> bool:
        """Whether another model is to be asked after a failure of this code, `tried` of the others having been asked."""
        return tried < len(self.fallbacks) and class_of(code) in self.fallback_on

    @cached_property
    def _in_turn(self) -> tuple[UseCustomLlmFields, ...]:
        others = (
            self.model_copy(
                update={
                    "connection_id": one.connection_id,
                    "model": one.model or self.model,
                    "provider": None,
                }
            )
            for one in self.fallbacks
        )
        return (self, *others)

    def asking(self, turn: int) -> UseCustomLlmFields:
        """The inputs with the connection and model whose turn it is: 0 the first choice, 1 the first fallback."""
        return self._in_turn[min(turn, len(self.fallbacks))]

    @property
    def search(self) -> WebSearch | None:
        """The leave to search the web; None: the model has no tool at all."""
        if not self.web_search:
            return None
        domains = (domain.strip().lower() for domain in self.search_domains)
        return WebSearch(
            self.max_searches or DEFAULT_MAX_SEARCHES, tuple(domain for domain in domains if domain)
        )

    @property
    def deadline(self) -> float:
        """How long a record may stand at the step (seconds)."""
        return DEFAULT_DEADLINE_SECONDS if self.deadline_seconds is None else self.deadline_seconds

    # The step's inputs and an object's schema live for thousands of records, so this is worked out once.
    _declared: Declared | None = PrivateAttr(default=None)

    def declared_for(self, schema: ObjectSchema) -> Declared | Failure:
        """The declared outputs with the options that the schema's properties have, or why they cannot be asked for."""
        if self._declared is not None and self._declared.schema is schema:
            return self._declared
        fields: list[OutputField] = []
        for declared in self.output.declared:
            field = declared.as_output(schema)
            if isinstance(field, Failure):
                return field
            fields.append(field)
        self._declared = Declared(schema, tuple(fields), schema_of(fields) if fields else None)
        return self._declared

    @cached_property
    def prompt_hash(self) -> str:
        """Twelve hex digits that change whenever the author's texts, model, settings or declared outputs do."""
        # What stands at its default is left out, so that a new setting changes no fingerprint of old steps.
        asked = self.model_dump_json(
            exclude={
                "connection_id",
                "max_attempts",
                "timeout_seconds",
                "reuse_seconds",
                "deadline_seconds",
                "when_cap_reached",
                "fallbacks",
                "fallback_on",
                "error_path",
            },
            exclude_defaults=True,
        )
        return hashlib.sha256(asked.encode()).hexdigest()[:12]
