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
from penstock.llm.errors import LlmError
from penstock.llm.outputs import Option, OutputField, confidence_name
from penstock.llm.outputs.values import read_value
from penstock.llm.result import Source

TEXT_OUTPUT = "text"
# What every answer also carries, so that a value copied from it keeps its origin in the property history.
PROVENANCE = {"hs_model": "Model", "hs_prompt_hash": "Prompt fingerprint"}
REVIEWED_BY = "hs_reviewed_by"
# What the answer took, for later steps to keep or to branch on.
USAGE = {"hs_input_tokens": "Tokens in", "hs_output_tokens": "Tokens out", "hs_cost_usd": "Cost in USD"}
# What a search of the web found, in a step that may search: for e-mails a line each, and the bare addresses.
SOURCES_OUTPUT = "hs_sources"
SOURCE_URLS_OUTPUT = "hs_source_urls"
SEARCHES_OUTPUT = "hs_searches"
SEARCHED = (
    OutputSpec(SOURCES_OUTPUT, "Sources (title and address)", OutputType.STRING),
    OutputSpec(SOURCE_URLS_OUTPUT, "Addresses of the sources", OutputType.STRING),
    OutputSpec(SEARCHES_OUTPUT, "Web searches", OutputType.NUMBER),
)
KNOWLEDGE_NAMES = ("hs_knowledge_sources", "hs_cited_sources")
RESERVED_OUTPUTS = frozenset(
    {TEXT_OUTPUT, *PROVENANCE, REVIEWED_BY, *USAGE, *(spec.name for spec in SEARCHED), *KNOWLEDGE_NAMES}
)

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

    `fallback` is the value of the option that stands in when the model answers with none of them; of every type, the
    value that stands in when a reviewer rejects the answer. With `confidence` the model says how sure it is, from 0 to
    1; below `review_below` somebody looks at the answer before the record goes on.
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
    confidence: bool = False
    review_below: float | None = None

    @property
    def asks_confidence(self) -> bool:
        """Whether the model is asked how sure it is."""
        return self.confidence or self.review_below is not None

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
            self.asks_confidence,
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
    fields: list[OutputSpec] = []
    for field in declared:
        label = field.label or field.name
        options = tuple(OutputOption(option.value, option.label) for option in field.choices(schema))
        fields.append(OutputSpec(field.name, label, OUTPUT_TYPES[field.type], options))
        if field.asks_confidence:
            name = confidence_name(field.name)
            fields.append(OutputSpec(name, f"{label}: confidence", OutputType.NUMBER))
    return (
        *fields,
        OutputSpec(TEXT_OUTPUT, "Whole answer", OutputType.STRING),
        *(OutputSpec(name, label, OutputType.STRING) for name, label in PROVENANCE.items()),
        *(OutputSpec(name, label, OutputType.NUMBER) for name, label in USAGE.items()),
    )


def sources_as_outputs(sources: Sequence[Source], searches: int) -> JsonObject:
    """The sources of an answer as later steps read them: text of a line each, a list of addresses, and a number."""
    lines = [f"{source.title}: {source.url}" if source.title else source.url for source in sources]
    return {
        SOURCES_OUTPUT: "\n".join(lines),
        SOURCE_URLS_OUTPUT: [source.url for source in sources],
        SEARCHES_OUTPUT: searches,
    }


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
        if field.asks_confidence:
            seen.add(confidence_name(field.name))
        if field.review_below is not None and not 0 <= field.review_below <= 1:
            message = f"The threshold of '{field.name}' is {field.review_below:g}; it goes from 0 to 1."
            problems.append(Problem(f"{at}.review_below", "OUT_OF_RANGE", message))
        problems += _check_options(field, ctx, at) if field.takes_options else _check_fallback(field, at)
    return problems


def _check_fallback(field: DeclaredField, at: str) -> list[Problem]:
    if not field.fallback:
        return []
    try:
        read_value(OutputField(field.name, field.type), field.fallback)
    except LlmError as error:
        message = f"The fallback of '{field.name}' does not fit its type. {error.message}"
        return [Problem(f"{at}.fallback", "UNKNOWN_FALLBACK", message)]
    return []


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
