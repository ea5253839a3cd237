"""Knowledge in an LLM step: passages stand where the author put them, numbered, and an answer names its sources."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.actions.action_contexts import CheckMaker, StepMaker

from penstock.actions.action import StepContext
from penstock.actions.outcome import Done, Fail, Failure
from penstock.actions.use_custom_llm import (
    Prepared,
    Terms,
    UseCustomLlmFields,
    check,
    finish,
    outputs,
    prepare,
)
from penstock.actions.use_custom_llm_knowledge import query_of, within_budget
from penstock.kit.json import Json
from penstock.knowledge.search import Passage, Retrieved
from penstock.llm.result import LlmResult, Usage

PROMPT = "Rules:\n{{ knowledge | fenced }}\nQuestion: {{ enrolled_object.content }}"


def llm(**keys: Json) -> UseCustomLlmFields:
    return UseCustomLlmFields.model_validate(
        {"connection_id": "1", "model": "m", "prompt": PROMPT, "knowledge": ["3"], **keys}
    )


def passage(number: int, content: str, *headings: str) -> Passage:
    return Passage(
        number, 3, "Rules", 40 + number, f"doc{number}.md", 1, headings, None, content, 9.0 - number
    )


FOUND = Retrieved(
    (passage(1, "Send it back.", "Returns"), passage(2, "Mail bob@example.com.", "Returns", "Late")), "3:7"
)


def knowing(ctx: StepContext, found: Retrieved | Failure = FOUND) -> StepContext:
    return replace(ctx, retrieved=found)


def ready(fields: UseCustomLlmFields, ctx: StepContext, terms: Terms = Terms("n0")) -> Prepared:  # noqa: B008
    made = prepare(fields, ctx, terms)
    assert isinstance(made, Prepared), made
    return made


def answered(fields: UseCustomLlmFields, made: Prepared, text: str) -> Done:
    done = finish(fields, made, LlmResult(text, "complete", Usage(1, 1), "m"))
    assert isinstance(done, Done), done
    return done


def test_the_passages_stand_in_the_authors_fence_under_their_numbers_and_nothing_is_added(
    step: StepMaker,
) -> None:
    made = ready(llm(), knowing(step(content="May I?")))
    assert made.request.prompt == (
        "Rules:\n<data-n0>[1] doc1.md > Returns\nSend it back.\n\n"
        "[2] doc2.md > Returns > Late\nMail bob@example.com.</data-n0>\nQuestion: May I?"
    )
    assert [source.words for source in made.sources] == [
        "[1] doc1.md > Returns (passage 1)",
        "[2] doc2.md > Returns > Late (passage 2)",
    ]
    empty = ready(llm(), knowing(step(content="May I?"), Retrieved((), "3:7")))
    assert (empty.sources, empty.request.prompt) == ((), "Rules:\n\nQuestion: May I?")
    assert "{{ knowledge }} had no value" in empty.warnings[0]
    gone = prepare(llm(), knowing(step(content="May I?"), Failure("KNOWLEDGE_NOT_FOUND", "Gone.", "")))
    assert isinstance(gone, Fail)


def test_an_answer_names_its_sources_and_those_that_it_cites(step: StepMaker) -> None:
    fields = llm()
    done = answered(fields, ready(fields, knowing(step(content="?"))), "Yes [2], see also [7].")
    assert done.outputs["hs_knowledge_sources"] == (
        "[1] doc1.md > Returns (passage 1)\n[2] doc2.md > Returns > Late (passage 2)"
    )
    assert done.outputs["hs_cited_sources"] == "[2] doc2.md > Returns > Late (passage 2)"
    assert done.detail is not None
    logged = done.detail["knowledge"]
    assert isinstance(logged, list)
    assert logged[0] == {
        "number": 1, "passage_id": "1", "set_id": "3", "document_id": "41", "document": "doc1.md", "version": 1,
        "place": "doc1.md > Returns",
    }  # fmt: skip
    typed = llm(output={"type": "fields", "fields": [{"name": "reply"}, {"name": "days", "type": "number"}]})
    answer = json.dumps({"reply": "Thirty [1, 2]", "days": 30})
    cited = answered(typed, ready(typed, knowing(step(content="?"))), answer).outputs["hs_cited_sources"]
    assert str(cited).count("passage") == 2
    names = [spec.name for spec in outputs(fields, None)]
    assert {"hs_knowledge_sources", "hs_cited_sources"} <= set(names)


def test_what_is_masked_in_a_record_is_masked_in_passages_too(step: StepMaker) -> None:
    made = ready(llm(mask=["email"]), knowing(step(content="From bob@example.com")))
    assert "bob@" not in made.request.prompt
    assert made.request.prompt.count("[EMAIL_1]") == 2


def test_the_budget_keeps_the_best_passages_and_a_cut_prompt_names_only_what_is_in_it(
    step: StepMaker,
) -> None:
    long = Retrieved((*(passage(number, "word " * 200) for number in range(1, 4)), passage(4, "short")), "s")
    kept = within_budget(long, 400)
    assert [one.id for one in kept.passages] == [1, 4], "one that does not fit makes way for the next"
    fields = llm(when_too_long="cut_token", cut_token="knowledge", max_prompt_tokens=450)
    made = ready(fields, knowing(step(content="May I?"), long))
    assert [source.passage_id for source in made.sources] == [1, 2]
    assert made.request.prompt.endswith("Question: May I?")
    assert "{{ knowledge }} ends after" in made.warnings[0]


def test_a_passage_is_looked_for_by_the_values_in_the_prompt_or_in_the_authors_words(step: StepMaker) -> None:
    fields = llm(prompt="{{ knowledge }} {{ enrolled_object.subject }} {{ enrolled_object.content }}")
    assert query_of(fields, step(subject="Fees", content="Too high")) == "Fees\nToo high"
    asked = llm(knowledge_query="refund {{ enrolled_object.subject }}")
    assert query_of(asked, step(subject="Fees", content="Too high")) == "refund Fees"


def test_the_fingerprint_changes_with_the_documents(step: StepMaker) -> None:
    before = ready(llm(), knowing(step(content="?")))
    same = ready(llm(), knowing(step(content="another record"), Retrieved((), "3:7")))
    after = ready(llm(), knowing(step(content="?"), Retrieved(FOUND.passages, "3:8")))
    assert before.prompt_hash == same.prompt_hash != after.prompt_hash


def test_what_cannot_work_is_said_before_the_workflow_is_on(checking: CheckMaker) -> None:
    ctx = replace(checking(), knowledge={3: "Rules"})

    def codes(**keys: Json) -> list[tuple[str, str]]:
        return [
            (one.path, one.code)
            for one in check(llm(**keys), ctx, "f")
            if "knowledge" in one.path or "KNOWLEDGE" in one.code or one.code == "UNKNOWN_TOKEN"
        ]

    assert codes() == []
    assert codes(knowledge=["4"]) == [("f.knowledge[0]", "KNOWLEDGE_NOT_FOUND")]
    assert codes(knowledge=[]) == [("f.knowledge", "KNOWLEDGE_MISSING")]
    assert codes(prompt="Hello") == [("f.knowledge", "KNOWLEDGE_NOT_USED")]
    assert codes(knowledge_passages=21) == [("f.knowledge_passages", "OUT_OF_RANGE")]
    assert codes(knowledge_tokens=0) == [("f.knowledge_tokens", "OUT_OF_RANGE")]
    assert codes(knowledge_query="{{ knowledge }}") == [("f.knowledge_query", "UNKNOWN_TOKEN")]
    bare = check(llm(prompt="{{ knowledge }}"), ctx, "f")
    assert "UNFENCED_TEXT" in [one.code for one in bare]
