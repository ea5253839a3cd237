"""The declared outputs of *Use a custom LLM*: what the author writes down, what the model is asked for, what later
steps can use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from penstock.actions.action import CheckContext, OutputOption, OutputSpec, OutputType
from penstock.actions.outcome import Failure
from penstock.crm.schema import ObjectSchema
from penstock.errors import Problem
from penstock.kit.json import JsonObject
from penstock.llm.outputs import Option, OutputField

TEXT_OUTPUT = "text"
# What every answer also carries, so that a value copied from it keeps its origin in the property history.
PROVENANCE = {"hs_model": "Model", "hs_prompt_hash": "Prompt fingerprint"}
RESERVED_OUTPUTS = frozenset({TEXT_OUTPUT, *PROVENANCE})

OUTPUT_TYPES = {
    "text": OutputType.STRING,
    "number": OutputType.NUMBER,
    "yes_no": OutputType.BOOL,
    "date": OutputType.DATE,
    "choice": OutputType.ENUMERATION,
    "choices": OutputType.ENUMERATION,
    "list": OutputType.STRING,
}


class DeclaredOption(BaseModel):
    """One option of a choice; the label is what the model reads beside the value."""

    model_config = ConfigDict(extra="allow", frozen=True)

    value: str
    label: str = ""


class DeclaredField(BaseModel):
    """One output that the model must fill in. A choice takes `options`, or those of a property of the record.

    `fallback` is the value of the option that stands in when the model answers with none of them.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    name: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")
    label: str = ""
    type: Literal["text", "number", "yes_no", "date", "choice", "choices", "list"] = "text"
    description: str = ""
    required: bool = True
    options: tuple[DeclaredOption, ...] = ()
    options_from_property: str | None = None
    fallback: str | None = None

    @property
    def takes_options(self) -> bool:
        """Whether its value is one or several of a list of options."""
        return self.type in ("choice", "choices")

    def choices(self, schema: ObjectSchema | None) -> tuple[Option, ...]:
        """What a choice can be: the options listed, else those that the property shows in this schema."""
        if not self.takes_options:
            return ()
        if self.options:
            return tuple(Option(option.value, option.label or option.value) for option in self.options)
        prop = schema.properties.get(self.options_from_property or "") if schema else None
        return (
            tuple(Option(option.value, option.label) for option in prop.options if not option.hidden)
            if prop
            else ()
        )

    def as_output(self, schema: ObjectSchema) -> OutputField | Failure:
        """The field as the model is asked for it, or why it cannot be asked for.

        A fallback that is no option any more is none: what does not fit then fails, and no invalid value is written.
        """
        choices = self.choices(schema)
        if self.takes_options and not choices:
            source = f": '{self.options_from_property}' has none." if self.options_from_property else "."
            return Failure(
                "NO_OPTIONS",
                f"The choice '{self.name}' has no options{source}",
                "Give the property options, or list them in the step, then retry.",
            )
        return OutputField(
            self.name,
            self.type,
            self.description or self.label,
            self.required,
            choices,
            self.fallback if any(option.value == self.fallback for option in choices) else None,
        )


class DeclaredOutput(BaseModel):
    """The shape of the answer: free text, or fields that later steps use one by one."""

    model_config = ConfigDict(extra="allow", frozen=True)

    type: Literal["text", "fields"] = "text"
    fields: tuple[DeclaredField, ...] = ()

    @property
    def declared(self) -> tuple[DeclaredField, ...]:
        """The declared fields; none for a text answer."""
        return self.fields if self.type == "fields" else ()


@dataclass(frozen=True, slots=True)
class Declared:
    """The declared outputs as one version of an object's schema makes them; no fields for a text answer."""

    schema: ObjectSchema
    fields: tuple[OutputField, ...]
    json_schema: JsonObject | None


def output_specs(declared: Sequence[DeclaredField], schema: ObjectSchema | None) -> tuple[OutputSpec, ...]:
    """The declared fields, the whole answer as `text`, and where it came from."""
    fields = tuple(
        OutputSpec(
            field.name,
            field.label or field.name,
            OUTPUT_TYPES[field.type],
            tuple(OutputOption(option.value, option.label) for option in field.choices(schema)),
        )
        for field in declared
    )
    return (
        *fields,
        OutputSpec(TEXT_OUTPUT, "Whole answer", OutputType.STRING),
        *(OutputSpec(name, label, OutputType.STRING) for name, label in PROVENANCE.items()),
    )


def check_outputs(declared: Sequence[DeclaredField], ctx: CheckContext, path: str) -> list[Problem]:
    """Names that clash, choices without options, fallbacks that are no option."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, field in enumerate(declared):
        at = f"{path}[{index}]"
        if field.name in RESERVED_OUTPUTS:
            message = f"'{field.name}' is the name of an output that every answer has. Choose another name."
            problems.append(Problem(f"{at}.name", "RESERVED_OUTPUT", message))
        if field.name in seen:
            problems.append(
                Problem(f"{at}.name", "DUPLICATE_OUTPUT", f"'{field.name}' is declared twice. Rename one.")
            )
        seen.add(field.name)
        if field.takes_options:
            problems += _check_options(field, ctx, at)
    return problems


def _check_options(field: DeclaredField, ctx: CheckContext, at: str) -> list[Problem]:
    if field.options_from_property and not field.options and ctx.schema is not None:
        prop = ctx.schema.properties.get(field.options_from_property)
        if prop is None or not prop.options:
            message = f"'{field.options_from_property}' is not a property with options. Choose a property that has some."
            return [Problem(f"{at}.options_from_property", "UNKNOWN_PROPERTY", message)]
    elif not field.options and not field.options_from_property:
        message = f"The choice '{field.name}' has no options. List them, or take them from a property."
        return [Problem(f"{at}.options", "MISSING_FIELD", message)]
    values = {option.value for option in field.choices(ctx.schema)}
    if field.fallback and values and field.fallback not in values:
        message = (
            f"The fallback '{field.fallback}' is none of the options of '{field.name}', so answers that are none "
            "of them fail. Choose one of the options."
        )
        return [Problem(f"{at}.fallback", "UNKNOWN_FALLBACK", message)]
    return []
