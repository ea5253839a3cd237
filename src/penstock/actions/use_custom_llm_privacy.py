"""What a model may read of a record in *Use a custom LLM*: sensitive properties, and masks for personal data (pure)."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from penstock.actions.action import CheckContext, StepContext
from penstock.actions.knowledge_token import KNOWLEDGE
from penstock.actions.outcome import Failure
from penstock.actions.tokens import (
    ENROLLED_OBJECT,
    check_property,
    lookup_token,
    output_reference,
    token_paths,
)
from penstock.actions.use_custom_llm_fields import UseCustomLlmFields
from penstock.crm.schema import ObjectSchema
from penstock.errors import Problem
from penstock.kit.json import JsonObject
from penstock.knowledge.search import Retrieved
from penstock.llm.masking import Masks, Wanted, names_in

SENSITIVE = "SENSITIVE_PROPERTY"


def check_privacy(fields: UseCustomLlmFields, ctx: CheckContext, path: str) -> list[Problem]:
    """Sensitive properties in the texts that the step does not allow, and properties for names that do not exist."""
    problems: list[Problem] = []
    if ctx.schema is not None and not fields.allow_sensitive:
        for field, name in _properties(fields.system_prompt, fields.prompt):
            if is_sensitive(ctx.schema, name):
                problems.append(Problem(f"{path}.{field}", SENSITIVE, f"{_said(ctx.schema, name)} {REMEDY}"))
    for index, name in enumerate(fields.mask_names):
        problems += check_property(name, ctx, f"{path}.mask_names[{index}]")
    return problems


REMEDY = "Take its token out of the prompt, or tick 'Allow sensitive properties' in the step."


def refusal(fields: UseCustomLlmFields, schema: ObjectSchema) -> Failure | None:
    """Why a prompt must not be sent: it holds a sensitive property, perhaps one that became so after publishing."""
    if fields.allow_sensitive:
        return None
    for _, name in _properties(fields.system_prompt, fields.prompt):
        if is_sensitive(schema, name):
            return Failure(SENSITIVE, f"{_said(schema, name)} The prompt was not sent.", REMEDY)
    return None


def masked(fields: UseCustomLlmFields, ctx: StepContext) -> tuple[StepContext, dict[str, str]]:
    """The context with masks in everything that the texts take from it, and what the masks stand for."""
    if not fields.mask and not fields.mask_names:
        return ctx, {}
    wanted = Wanted(
        frozenset(fields.mask), names_in(ctx.values, fields.mask_names), fields.mask_country.strip()
    )
    paths = list(dict.fromkeys([*token_paths(fields.system_prompt), *token_paths(fields.prompt)]))
    texts = {path: text for path in paths if (text := lookup_token(ctx, path)) is not None}
    masks = Masks.over(wanted, [fields.system_prompt, fields.prompt, *texts.values()])
    values = dict(ctx.values)
    outputs: dict[str, JsonObject] = {action_id: dict(several) for action_id, several in ctx.outputs.items()}
    for path, text in texts.items():
        if path[0] == ENROLLED_OBJECT:
            prop = ctx.schema.properties.get(path[1])
            is_phone = prop is not None and (prop.type == "phone_number" or prop.field_type == "phonenumber")
            values[path[1]] = masks.hide(text, "phone" if is_phone else None)
        elif path == KNOWLEDGE and isinstance(ctx.retrieved, Retrieved):
            hidden = (replace(one, content=masks.hide(one.content)) for one in ctx.retrieved.passages)
            ctx = replace(ctx, retrieved=replace(ctx.retrieved, passages=tuple(hidden)))
        elif (reference := output_reference(path)) is not None:
            outputs[reference[0]][reference[1]] = masks.hide(text)
    return replace(ctx, values=values, outputs=outputs), masks.originals


def is_sensitive(schema: ObjectSchema, name: str) -> bool:
    """Whether a property is marked sensitive or highly sensitive (HubSpot's `dataSensitivity`)."""
    prop = schema.properties.get(name)
    return prop is not None and prop.data_sensitivity != "non_sensitive"


@lru_cache(maxsize=512)  # a step asks it of each record
def _properties(system_prompt: str, prompt: str) -> tuple[tuple[str, str], ...]:
    """The field and the name of every property of the record that a text holds, each once."""
    return tuple(
        dict.fromkeys(
            (field, path[1])
            for field, text in (("system_prompt", system_prompt), ("prompt", prompt))
            for path in token_paths(text)
            if path[0] == ENROLLED_OBJECT and len(path) == 2
        )
    )


def _said(schema: ObjectSchema, name: str) -> str:
    return f"The property '{schema.properties[name].label}' ({name}) holds sensitive data."
