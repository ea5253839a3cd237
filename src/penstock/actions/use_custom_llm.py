"""Use a custom LLM (ours: 1-1000): one prompt to a model of a connection of yours, answered as text or fields.

The engine makes the call; `use_custom_llm_request` says what to ask (`prepare`) and `use_custom_llm_answer` what the
answer comes to (`finish`). All of it is pure. The author's instructions go into the system part; values of a record
only enter where the author put a token (security R42, R43), and the model chooses nothing but the values of
declared outputs. Leave to search the web lets it read, and nothing else.
"""

from __future__ import annotations

from penstock.actions.action import Action, CheckContext, Effect, OutputSpec, OutputType, Section
from penstock.actions.tokens import check_text, token_paths
from penstock.actions.use_custom_llm_answer import finish, repair
from penstock.actions.use_custom_llm_fields import UseCustomLlmFields
from penstock.actions.use_custom_llm_knowledge import KNOWLEDGE_OUTPUTS, check_knowledge
from penstock.actions.use_custom_llm_outputs import SEARCHED, check_outputs, output_specs
from penstock.actions.use_custom_llm_privacy import check_privacy
from penstock.actions.use_custom_llm_request import Prepared, Terms, prepare
from penstock.actions.use_custom_llm_search import check_search
from penstock.crm.schema import ObjectSchema
from penstock.errors import Problem

__all__ = [
    "USE_CUSTOM_LLM",
    "Prepared",
    "Terms",
    "UseCustomLlmFields",
    "check",
    "finish",
    "outputs",
    "prepare",
    "repair",
]


def outputs(fields: UseCustomLlmFields, schema: ObjectSchema | None) -> tuple[OutputSpec, ...]:
    """The declared fields, the whole answer as `text`, where it came from, what it was answered from, and why the step
    failed on its error path."""
    specs = output_specs(fields.output.declared, schema) + (SEARCHED if fields.web_search else ())
    if fields.knowledge:
        specs = (*specs, *KNOWLEDGE_OUTPUTS)
    return specs if fields.error_path is None else (*specs, *ERROR_OUTPUTS)


def check(fields: UseCustomLlmFields, ctx: CheckContext, path: str) -> list[Problem]:
    """Missing connection, model or prompt, values out of range, unknown tokens, outputs that cannot be."""
    problems = _check_connection(fields, ctx, path)
    for index in range(len(fields.fallbacks)):
        at = f"{path}.fallbacks[{index}]"
        problems += _check_connection(fields.asking(index + 1), ctx, at)
        if not fields.fallbacks[index].model.strip():
            problems.append(
                Problem(
                    f"{at}.model", "MODEL_MISSING", "No model is chosen. Choose one, or remove the entry."
                )
            )
    if not fields.model.strip():
        problems.append(
            Problem(
                f"{path}.model", "MODEL_MISSING", "No model is chosen. Choose one of the connection's models."
            )
        )
    if not fields.prompt.strip():
        problems.append(
            Problem(f"{path}.prompt", "EMPTY_PROMPT", "The prompt is empty. Write what the model should do.")
        )
    problems += check_text(fields.system_prompt, ctx, f"{path}.system_prompt", prompt=True)
    problems += check_text(fields.prompt, ctx, f"{path}.prompt", prompt=True)
    if any(True for _ in token_paths(fields.system_prompt)):
        message = (
            "The system prompt holds tokens, so text from a record would speak with the author's voice. "
            "Move the tokens to the prompt."
        )
        problems.append(Problem(f"{path}.system_prompt", "TOKEN_IN_SYSTEM_PROMPT", message, "warning"))
    if fields.temperature is not None and not 0 <= fields.temperature <= 2:
        message = (
            f"The temperature is {fields.temperature:g}; it goes from 0 to 2. Choose a value in that range."
        )
        problems.append(Problem(f"{path}.temperature", "OUT_OF_RANGE", message))
    for name in (
        "max_output_tokens",
        "timeout_seconds",
        "max_attempts",
        "deadline_seconds",
        "max_prompt_tokens",
    ):
        value = getattr(fields, name)
        if value is not None and value < 1:
            problems.append(Problem(f"{path}.{name}", "OUT_OF_RANGE", f"'{name}' must be 1 or more."))
    problems += check_privacy(fields, ctx, path) + check_search(fields, ctx, path)
    problems += check_knowledge(fields, ctx, path)
    problems += _check_cut(fields, path) + _check_words(fields, path) + _check_failure_names(fields, path)
    return problems + check_outputs(fields.output.declared, ctx, f"{path}.output.fields")


def _check_cut(fields: UseCustomLlmFields, path: str) -> list[Problem]:
    if fields.when_too_long != "cut_token":
        return []
    standing = {".".join(token) for token in token_paths(fields.prompt)}
    if fields.cut_token in standing:
        return []
    message = f"The prompt holds no token {fields.cut_token or '(none chosen)'} that could be cut. " + (
        f"It holds: {', '.join(sorted(standing)[:10])}." if standing else "It holds no token at all."
    )
    return [Problem(f"{path}.cut_token", "UNKNOWN_CUT", message)]


ERROR_OUTPUTS = (
    OutputSpec("error_code", "Error code", OutputType.STRING),
    OutputSpec("error_message", "Error", OutputType.STRING),
)


def _check_failure_names(fields: UseCustomLlmFields, path: str) -> list[Problem]:
    """With a path for failed records two more names are taken."""
    taken = {spec.name for spec in ERROR_OUTPUTS} if fields.error_path is not None else set[str]()
    return [
        Problem(
            f"{path}.output.fields[{index}].name",
            "RESERVED_OUTPUT",
            f"'{declared.name}' is the name of an output for the path of failed records. Choose another name.",
        )
        for index, declared in enumerate(fields.output.declared)
        if declared.name in taken
    ]


# The tokens of the step's own texts, beside which a record's have no place.
OWN_TOKENS = {"json_prompt": ("schema",), "repair_prompt": ("answer", "problem")}


def _check_words(fields: UseCustomLlmFields, path: str) -> list[Problem]:
    problems: list[Problem] = []
    for name, known in OWN_TOKENS.items():
        text = getattr(fields, name)
        for token in token_paths(text):
            if ".".join(token) not in known:
                message = (
                    f"{{{{ {'.'.join(token)} }}}} has no value here. This text knows "
                    + " and ".join(f"{{{{ {one} }}}}" for one in known)
                    + "."
                )
                problems.append(Problem(f"{path}.{name}", "BAD_TOKEN", message))
    return problems


def _check_connection(fields: UseCustomLlmFields, ctx: CheckContext, path: str) -> list[Problem]:
    at = f"{path}.connection_id"
    if fields.connection_id is None or fields.connection_id == "":
        return [
            Problem(
                at,
                "CONNECTION_MISSING",
                "No AI connection is chosen. Choose one, or connect a provider first.",
            )
        ]
    number = fields.connection_number
    connection = ctx.connections.get(number) if number is not None else None
    if connection is None:
        message = (
            "The AI connection of this step does not exist here. Choose another, or connect the provider."
        )
        return [Problem(at, "CONNECTION_NOT_FOUND", message)]
    if connection.uninstalled:
        message = f"The AI connection '{connection.name}' was uninstalled. Choose another, or connect the provider again."
        return [Problem(at, "CONNECTION_UNINSTALLED", message)]
    if fields.provider and fields.provider != connection.provider:
        message = (
            f"The step says provider '{fields.provider}', but its connection '{connection.name}' is one of "
            f"'{connection.provider}'. The connection counts; correct the provider or choose another connection."
        )
        return [Problem(f"{path}.provider", "PROVIDER_MISMATCH", message, "warning")]
    return []


USE_CUSTOM_LLM = Action(
    action_type_id="1-1000",
    name="use_custom_llm",
    title="Use a custom LLM",
    section=Section.AI,
    description="Ask a model of your own connection about the record, and use its answer in later steps.",
    effect=Effect.LLM,
    fields=UseCustomLlmFields,
    outputs=outputs,
    check=check,
    run=None,
)
