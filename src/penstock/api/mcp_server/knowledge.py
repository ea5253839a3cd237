"""Tools for knowledge sets: which there are, and what they say about a question."""

from __future__ import annotations

from penstock.api.mcp_server.tool import Tool
from penstock.api.penstock import knowledge
from penstock.api.penstock.knowledge import FoundPassages, KnowledgeSearchWish, KnowledgeSetsShape
from penstock.api.security import Call
from penstock.api.shapes import Id, Wish


class ListKnowledgeSetsArguments(Wish):
    """Nothing to choose."""


class SearchKnowledgeArguments(KnowledgeSearchWish):
    """Which set, and the text for which passages are looked for."""

    knowledge_set_id: Id


async def list_knowledge_sets(call: Call, _wanted: ListKnowledgeSetsArguments) -> KnowledgeSetsShape:
    """All sets."""
    return await knowledge.list_sets(call)


async def search_knowledge(call: Call, wanted: SearchKnowledgeArguments) -> FoundPassages:
    """The passages that a step would find."""
    return await knowledge.search_set(wanted.knowledge_set_id, wanted, call)


LIST_KNOWLEDGE_SETS = Tool(
    name="list_knowledge_sets",
    title="List knowledge sets",
    description="Lists the sets of documents from which prompts of workflows take passages.",
    route="GET /penstock/v1/knowledge-sets",
    arguments=ListKnowledgeSetsArguments,
    result=KnowledgeSetsShape,
    run=list_knowledge_sets,
)
SEARCH_KNOWLEDGE = Tool(
    name="search_knowledge",
    title="Search a knowledge set",
    description="Finds the passages of a knowledge set for a text, as a workflow's step would, with document and place.",
    route="POST /penstock/v1/knowledge-sets/{knowledgeSetId}/searches",
    arguments=SearchKnowledgeArguments,
    result=FoundPassages,
    run=search_knowledge,
)
