"""The request of *Use a custom LLM* for one record: the author's texts with the record's values in them (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from penstock.actions.action import StepContext
from penstock.actions.knowledge_token import KNOWLEDGE, passages_within
from penstock.actions.outcome import Fail, Failure
from penstock.actions.tokens import missing_warnings, render_text
from penstock.actions.use_custom_llm_fields import UseCustomLlmFields
from penstock.actions.use_custom_llm_fit import MOST_ROUNDS, cuts_for, values_in
from penstock.actions.use_custom_llm_knowledge import Source, hash_with, sources_of
from penstock.actions.use_custom_llm_outputs import Declared
from penstock.actions.use_custom_llm_privacy import masked, refusal
from penstock.errors import TooLarge
from penstock.kit.json import Json, JsonObject
from penstock.kit.template import Escape, Rendered
from penstock.knowledge.search import Retrieved
from penstock.llm.fence import fence
from penstock.llm.outputs import OutputField
from penstock.llm.prompt import estimate_tokens, request_tokens
from penstock.llm.request import LlmRequest

# What is kept free for an answer of unset length when a prompt is cut to the model's window (tokens).
KEPT_FOR_ANSWER = 1024


@dataclass(frozen=True, slots=True)
class Terms:
    """What a request depends on besides its step and record: the nonce of its fences, and how many tokens the model
    takes, question and answer together (None: not known)."""

    nonce: str = ""
    window: int | None = None


ANY_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A call ready to be made. `prompt_hash` names the author's texts and settings and the state of the knowledge sets,
    not the record's values.

    `cuts` says after how many characters the values of tokens end, where the prompt was too long. `originals` are what
    the masks in the request stand for; they are never sent and never logged. `sources` are the passages in the prompt.
    """

    connection_id: int
    request: LlmRequest
    output_fields: tuple[OutputField, ...]
    prompt_hash: str
    warnings: tuple[str, ...] = ()
    nonce: str = ""
    cuts: Mapping[str, int] = field(default_factory=dict)
    originals: Mapping[str, str] = field(default_factory=dict, repr=False)
    sources: tuple[Source, ...] = ()

    def inputs(self) -> JsonObject:
        """What the step's row shows of the request."""
        request, search = self.request, self.request.search
        shown: dict[str, Json] = {
            "connection_id": str(self.connection_id),
            "model": request.model,
            "system_prompt": request.system,
            "prompt": request.prompt,
            "temperature": request.temperature,
            "reasoning_effort": request.effort,
            "max_output_tokens": request.max_output_tokens,
            "web_search": None if search is None else {"most": search.most, "domains": list(search.domains)},
        }
        return {name: value for name, value in shown.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Texts:
    """The two texts of the step with the record's values in them."""

    system: Rendered
    prompt: Rendered


def prepare(fields: UseCustomLlmFields, ctx: StepContext, terms: Terms = ANY_TERMS) -> Prepared | Fail:
    """The request for this record, or why there is none to make."""
    if (connection_id := fields.connection_number) is None:
        return _fail(
            "CONNECTION_MISSING",
            "The step names no AI connection.",
            "Choose a connection in the step, then retry.",
        )
    if not fields.model.strip():
        return _fail("MODEL_MISSING", "The step names no model.", "Choose a model in the step, then retry.")
    declared = fields.declared_for(ctx.schema)
    if isinstance(declared, Failure):
        return Fail(declared)
    if (refused := refusal(fields, ctx.schema)) is not None:
        return Fail(refused)
    if isinstance(ctx.retrieved, Failure):
        return Fail(ctx.retrieved)
    found = ctx.retrieved
    ctx, originals = masked(fields, ctx)
    cuts: dict[str, int] = {}
    try:
        texts = render_texts(fields, ctx, terms.nonce, cuts)
        if not texts.prompt.text.strip():
            why = ", because its tokens have no value." if texts.prompt.missing else "."
            remedy = "Fill in the record's properties, or give the tokens a default, then retry."
            return _fail("EMPTY_PROMPT", f"The prompt is empty for this record{why}", remedy)
        request = _request(fields, texts, declared)
        room = _room(fields, terms)
        for _ in range(MOST_ROUNDS):
            tokens = _tokens(request, room)
            if room is None or tokens <= room:
                break
            shorter = None
            if fields.when_too_long != "fail":
                only = fields.cut_token if fields.when_too_long == "cut_token" else None
                shorter = cuts_for(values_in((texts.system, texts.prompt)), tokens - room, only, cuts)
            if shorter is None:
                return Fail(_too_long(fields, tokens, room))
            cuts = shorter
            texts = render_texts(fields, ctx, terms.nonce, cuts)
            request = _request(fields, texts, declared)
        else:
            return Fail(_too_long(fields, _tokens(request, room), room or 0))
    except TooLarge as error:
        return _fail(error.code, error.message, error.remedy)
    warnings = [str(warning) for warning in missing_warnings(texts.system.missing + texts.prompt.missing)]
    warnings += [
        f"The prompt was too long, so the value of {{{{ {name} }}}} ends after {longest:,} characters."
        for name, longest in cuts.items()
    ]
    return Prepared(
        connection_id,
        request,
        declared.fields,
        hash_with(fields.prompt_hash, found),
        tuple(warnings),
        terms.nonce,
        cuts,
        originals,
        _sources(texts, ctx, found),
    )


def render_texts(fields: UseCustomLlmFields, ctx: StepContext, nonce: str, cuts: Mapping[str, int]) -> Texts:
    """Both texts for this record; raises TooLarge."""

    def fenced(value: str) -> str:
        return fence(value, nonce)

    system = render_text(fields.system_prompt, ctx, Escape.TEXT, fence=fenced if nonce else None, cuts=cuts)
    prompt = render_text(fields.prompt, ctx, Escape.TEXT, fence=fenced if nonce else None, cuts=cuts)
    return Texts(system, prompt)


def _sources(texts: Texts, masked_ctx: StepContext, found: Retrieved | None) -> tuple[Source, ...]:
    """The passages that begin in what is sent; where the prompt was cut, the last ones may not."""
    if found is None or not isinstance(masked_ctx.retrieved, Retrieved):
        return ()
    pieces = (*texts.system.pieces, *texts.prompt.pieces)
    sent = [len(piece.value or "") for piece in pieces if piece.token and piece.token.path == KNOWLEDGE]
    number = passages_within(masked_ctx.retrieved.passages, max(sent, default=0))
    return sources_of(found.passages[:number])


def _request(fields: UseCustomLlmFields, texts: Texts, declared: Declared) -> LlmRequest:
    system = texts.system.text
    return LlmRequest(
        model=fields.model.strip(),
        prompt=texts.prompt.text,
        system=system if system.strip() else None,
        temperature=fields.temperature,
        effort=fields.reasoning_effort,
        max_output_tokens=fields.max_output_tokens,
        timeout_seconds=fields.timeout_seconds,
        schema=declared.json_schema,
        json_prompt=fields.json_prompt,
        cache_instructions=fields.cache_instructions,
        search=fields.search,
    )


def _room(fields: UseCustomLlmFields, terms: Terms) -> int | None:
    """How many tokens the question may have: the author's limit, and in a step that cuts also the model's window.

    A step that fails leaves the window to the client, which refuses what cannot fit before it is sent.
    """
    limits = [fields.max_prompt_tokens] if fields.max_prompt_tokens else []
    if fields.when_too_long != "fail" and terms.window is not None:
        kept = fields.max_output_tokens or min(KEPT_FOR_ANSWER, terms.window // 4)
        limits.append(max(1, terms.window - kept))
    return min(limits, default=None)


def _tokens(request: LlmRequest, room: int | None) -> int:
    """About how many tokens the question has; 0 where it is so short that nobody has to count."""
    if room is None or (
        request.schema is None and (len(request.prompt) + len(request.system or "")) * 2 < room
    ):
        return 0
    return request_tokens(request)


def _too_long(fields: UseCustomLlmFields, tokens: int, room: int) -> Failure:
    message = (
        f"The prompt has about {tokens:,} tokens for this record; {room:,} are allowed. It was not sent."
    )
    match fields.when_too_long:
        case "fail":
            remedy = "Shorten the prompt, cut long values with truncate(1000), or let the step cut them; then retry."
        case "cut_token":
            message += f" Cutting {{{{ {fields.cut_token} }}}} alone does not make it fit."
            remedy = "Let the step cut the longest value, or shorten the prompt; then retry."
        case _:
            message += " The author's own words alone are too long."
            remedy = "Shorten the prompt or allow more tokens; then retry."
    return Failure("PROMPT_TOO_LONG", message, remedy)


def _fail(code: str, message: str, remedy: str) -> Fail:
    return Fail(Failure(code, message, remedy))


def fixed_tokens(texts: Texts) -> int:
    """About how many tokens stand before the first value of a record: what a provider's prompt cache can keep."""
    total = 0
    for text in (texts.system, texts.prompt):
        for piece in text.pieces:
            if piece.token is not None:
                return total
            total += estimate_tokens(piece.text)
    return total
