"""All tools, in the order in which agents see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from penstock.api.mcp_server import attention, knowledge, records, reviews, runs, undo, workflows
from penstock.api.mcp_server.tool import Tool

TOOLS: Mapping[str, Tool[Any]] = {
    tool.name: tool
    for tool in (
        records.LIST_PROPERTIES,
        records.SEARCH_RECORDS,
        records.GET_RECORD,
        knowledge.LIST_KNOWLEDGE_SETS,
        knowledge.SEARCH_KNOWLEDGE,
        workflows.LIST_WORKFLOWS,
        workflows.GET_WORKFLOW,
        workflows.ESTIMATE_ENROLLMENT,
        workflows.ENROLL_RECORDS,
        runs.LIST_RUNS,
        runs.GET_RUN,
        attention.LIST_ATTENTION,
        attention.RETRY_RUNS,
        reviews.LIST_REVIEWS,
        reviews.GET_REVIEW,
        reviews.APPROVE_REVIEW,
        reviews.REJECT_REVIEW,
        undo.PREVIEW_UNDO,
        undo.UNDO,
        undo.GET_UNDO,
        runs.GET_SPEND,
    )
}
