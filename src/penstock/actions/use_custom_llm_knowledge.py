"""Knowledge in *Use a custom LLM*: what is looked for, which passages are sent, what an answer cites (pure).

The passages are found before the call and stand where the author put `{{ knowledge }}`; the model asks for nothing
itself (security R42).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from penstock.actions.action import CheckContext, OutputSpec, OutputType, StepContext
from penstock.actions.knowledge_token import KNOWLEDGE, knowledge_text
from penstock.actions.tokens import check_text, lookup_token, render_text, token_paths
from penstock.actions.use_custom_llm_failure import number_of
from penstock.actions.use_custom_llm_fields import UseCustomLlmFields
from penstock.actions.use_custom_llm_outputs import KNOWLEDGE_NAMES
from penstock.errors import Problem, TooLarge
from penstock.kit.json import Json, JsonObject
from penstock.kit.template import Escape
from penstock.knowledge.search import Passage, Retrieved
from penstock.llm.prompt import estimate_tokens

MOST_PASSAGES = 20
# A citation as prompts ask for it: [2], or several as [1][3], [1, 3].
_CITED = re.compile(r"\[(\d{1,2}(?:\s*,\s*\d{1,2})*)\]")

SOURCES, CITED = KNOWLEDGE_NAMES
KNOWLEDGE_OUTPUTS = (
    OutputSpec(SOURCES, "Knowledge sources", OutputType.STRING),
    OutputSpec(CITED, "Cited sources", OutputType.STRING),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that was sent, by the number that it has in the prompt."""

    number: int
    passage_id: int
    set_id: int
    document_id: int
    document: str
    version: int
    place: str

    @property
    def words(self) -> str:
        """A line for people: `[1] returns.md > Refunds (passage 12)`."""
        return f"[{self.number}] {self.place} (passage {self.passage_id})"

    def as_json(self) -> JsonObject:
        """As the step's row keeps it; ids as text."""
        return {
            "number": self.number,
            "passage_id": str(self.passage_id),
            "set_id": str(self.set_id),
            "document_id": str(self.document_id),
            "document": self.document,
            "version": self.version,
            "place": self.place,
        }


def set_ids(fields: UseCustomLlmFields) -> list[int]:
    """The knowledge sets that the step answers from, each once."""
    numbers = (number_of(one) for one in fields.knowledge)
    return list(dict.fromkeys(number for number in numbers if number is not None))


def is_asked_for(fields: UseCustomLlmFields) -> bool:
    """Whether one of the step's texts has a place for passages."""
    return any(KNOWLEDGE in token_paths(text) for text in (fields.system_prompt, fields.prompt))


def query_of(fields: UseCustomLlmFields, ctx: StepContext) -> str:
    """What is looked for: the step's own words, else the values of the tokens in its prompt, each once."""
    if fields.knowledge_query.strip():
        try:
            return render_text(fields.knowledge_query, ctx, Escape.TEXT).text
        except TooLarge as error:
            return error.message
    paths = dict.fromkeys(path for path in token_paths(fields.prompt) if path != KNOWLEDGE)
    values = (lookup_token(ctx, path) for path in paths)
    return "\n".join(dict.fromkeys(value for value in values if value))


def within_budget(retrieved: Retrieved, most_tokens: int | None) -> Retrieved:
    """The best passages that fit into the step's budget together; one that is too long makes way for the next."""
    if most_tokens is None:
        return retrieved
    kept: list[Passage] = []
    for passage in retrieved.passages:
        if estimate_tokens(knowledge_text([*kept, passage])) <= most_tokens:
            kept.append(passage)
    return Retrieved(tuple(kept), retrieved.state)


def sources_of(passages: Sequence[Passage]) -> tuple[Source, ...]:
    """The passages as sources, numbered as in the prompt."""
    return tuple(
        Source(
            number,
            passage.id,
            passage.set_id,
            passage.document_id,
            passage.document,
            passage.version,
            passage.place,
        )
        for number, passage in enumerate(passages, 1)
    )


def logged_sources(value: Json) -> tuple[JsonObject, ...]:
    """The passages that stood in a prompt, as a step's row keeps them (`Source.as_json`); none from anything else."""
    return tuple(one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def hash_with(prompt_hash: str, retrieved: Retrieved | None) -> str:
    """The fingerprint of the author's texts, which with knowledge also changes whenever the sets do."""
    if retrieved is None or not retrieved.state:
        return prompt_hash
    return hashlib.sha256(f"{prompt_hash}\0{retrieved.state}".encode()).hexdigest()[:12]


def outputs_of(sources: Sequence[Source], texts: Iterable[str]) -> JsonObject:
    """The step's outputs about its sources: all that were sent, and those that the answer's `texts` cite."""
    cited = cited_numbers(texts)
    return {
        SOURCES: "\n".join(source.words for source in sources),
        CITED: "\n".join(source.words for source in sources if source.number in cited),
    }


def cited_numbers(texts: Iterable[str]) -> set[int]:
    """The numbers in square brackets in these texts."""
    return {int(one) for text in texts for found in _CITED.findall(text) for one in found.split(",")}


def check_knowledge(fields: UseCustomLlmFields, ctx: CheckContext, path: str) -> list[Problem]:
    """Sets that do not exist, a token without sets and the other way round, numbers out of range, the query's tokens."""
    problems: list[Problem] = []
    for index, one in enumerate(fields.knowledge):
        if number_of(one) not in ctx.knowledge:
            message = "This knowledge set does not exist here. Choose another, or make it first."
            problems.append(Problem(f"{path}.knowledge[{index}]", "KNOWLEDGE_NOT_FOUND", message))
    asked = is_asked_for(fields)
    if asked and not fields.knowledge:
        message = "The prompt holds {{ knowledge }}, but no knowledge set is chosen. Choose one, or remove the token."
        problems.append(Problem(f"{path}.knowledge", "KNOWLEDGE_MISSING", message))
    if fields.knowledge and not asked:
        message = "Knowledge sets are chosen, but their passages have no place. Write {{ knowledge | fenced }} into the prompt."
        problems.append(Problem(f"{path}.knowledge", "KNOWLEDGE_NOT_USED", message, "warning"))
    if not 1 <= fields.passages <= MOST_PASSAGES:
        message = f"'knowledge_passages' goes from 1 to {MOST_PASSAGES}."
        problems.append(Problem(f"{path}.knowledge_passages", "OUT_OF_RANGE", message))
    if fields.knowledge_tokens is not None and fields.knowledge_tokens < 1:
        problems.append(
            Problem(f"{path}.knowledge_tokens", "OUT_OF_RANGE", "'knowledge_tokens' must be 1 or more.")
        )
    return problems + check_text(fields.knowledge_query, ctx, f"{path}.knowledge_query")
