"""The step's side of web search: what its checks say, what later steps get, and that nobody searches unasked."""

from __future__ import annotations

from dataclasses import replace

from tests.actions.action_contexts import CheckMaker, StepMaker
from tests.actions.test_use_custom_llm import RESULT, TRIAGE, llm, prepared

from penstock.actions.action import ConnectionFact
from penstock.actions.outcome import Done, Fail
from penstock.actions.use_custom_llm import check, finish, outputs, repair
from penstock.kit.json import Json
from penstock.llm.request import WebSearch
from penstock.llm.result import Source, Usage

PROVIDERS = ("openai", "google", "cohere", "xai")
CONNECTIONS = {number: ConnectionFact(number, name, name) for number, name in enumerate(PROVIDERS, 3)}


def said(make: CheckMaker, **keys: Json) -> list[tuple[str, str]]:
    """Code and path of each problem of a step with web search, below `fields.`."""
    context = replace(make(), connections=CONNECTIONS)
    fields = llm(**{"model": "gpt-5.4", "web_search": True, **keys})
    return [(one.code, one.path.removeprefix("fields.")) for one in check(fields, context, "fields")]


def test_a_search_that_cannot_be_had_is_refused_with_the_field_at_fault(checking: CheckMaker) -> None:
    assert said(checking, search_domains=["Example.com ", "docs.example.co.uk"], max_searches="2") == []
    assert said(checking, connection_id="5", model="command-a") == [("SEARCH_UNSUPPORTED", "web_search")]
    assert said(checking, model="gpt-4.1-nano") == [("SEARCH_UNSUPPORTED", "web_search")]
    assert said(checking, connection_id="4", model="gemini-3.5-flash", search_domains=["a.com"]) == [
        ("SEARCH_DOMAINS", "search_domains")
    ]
    other: Json = [{"connection_id": "6", "model": "grok-4.5"}, {"connection_id": "5", "model": "command-a"}]
    assert said(checking, fallbacks=other) == [("SEARCH_UNSUPPORTED", "fallbacks[1].model")]
    assert said(checking, max_searches=11) == [("OUT_OF_RANGE", "max_searches")]
    assert said(checking, allow_sensitive=True) == [("SEARCH_SENSITIVE", "web_search")]
    bad = ["https://a.com", "a.com/x", "a.com:80", "localhost", "10.0.0.1", "bücher.de", "a..com", "*.a.com"]
    assert said(checking, search_domains=bad) == [
        ("BAD_DOMAIN", f"search_domains[{n}]") for n in range(len(bad))
    ]
    assert said(checking, web_search=False, search_domains=bad, max_searches=99) == []


def test_the_model_searches_only_where_the_step_says_so_and_never_in_a_repair(step: StepMaker) -> None:
    assert prepared(llm(search_domains=["a.com"]), step, content="x").request.search is None
    fields = llm(web_search=True, search_domains=[" A.com", ""], output=TRIAGE)
    ready = prepared(fields, step, content="x")
    assert ready.request.search == WebSearch(3, ("a.com",))
    assert ready.inputs()["web_search"] == {"most": 3, "domains": ["a.com"]}
    assert fields.prompt_hash != llm(output=TRIAGE).prompt_hash
    wrong = finish(fields, ready, RESULT)
    assert isinstance(wrong, Fail)
    again = repair(fields, ready, RESULT, wrong)
    assert again is not None
    assert again.search is None


def test_later_steps_get_the_pages_of_the_answer(step: StepMaker) -> None:
    fields = llm(web_search=True)
    found = replace(
        RESULT,
        sources=(Source("https://a.com/1", "One"), Source("https://a.com/2")),
        usage=Usage(1, 1, searches=2),
    )
    done = finish(fields, prepared(fields, step, content="x"), found)
    assert isinstance(done, Done)
    assert done.outputs["hs_sources"] == "One: https://a.com/1\nhttps://a.com/2"
    assert done.outputs["hs_source_urls"] == ["https://a.com/1", "https://a.com/2"]
    names = {spec.name for spec in outputs(fields, None)}
    assert (
        names
        >= {"hs_sources", "hs_source_urls", "hs_searches"}
        == names - {spec.name for spec in outputs(llm(), None)}
    )
    plain = finish(llm(), prepared(llm(), step, content="x"), found)
    assert isinstance(plain, Done)
    assert "hs_sources" not in plain.outputs
