"""The flow that the benches run: LLM step, branch, edit record, e-mail."""

from __future__ import annotations

from penstock.crm.properties import Property
from penstock.kit.json import JsonObject

ANSWER_PROPERTIES = (
    Property("bench_category", "Bench category", "string", "text", "ticketinformation"),
    Property("bench_summary", "Bench summary", "string", "text", "ticketinformation"),
)


def _edit(action_id: str, name: str, key: str, after: str) -> JsonObject:
    return {
        "type": "SINGLE_CONNECTION",
        "actionId": action_id,
        "actionTypeId": "0-5",
        "actionTypeVersion": 0,
        "fields": {"property_name": name, "value": {"type": "FIELD_DATA", "actionId": "1", "dataKey": key}},
        "connection": {"edgeType": "STANDARD", "nextActionId": after},
    }


def triage_flow(name: str, connection_id: int, *, triggered: bool) -> JsonObject:
    """LLM with two declared fields -> value-equals branch -> two edits -> e-mail."""
    criteria: JsonObject = {"type": "MANUAL", "shouldReEnroll": False}
    if triggered:
        criteria = {
            "type": "LIST_BASED",
            "shouldReEnroll": False,
            "listFilterBranch": {
                "filterBranchType": "OR",
                "filterBranchOperator": "OR",
                "filters": [],
                "filterBranches": [
                    {
                        "filterBranchType": "AND",
                        "filterBranchOperator": "AND",
                        "filterBranches": [],
                        "filters": [
                            {
                                "filterType": "PROPERTY",
                                "property": "hs_ticket_priority",
                                "operation": {
                                    "operationType": "ENUMERATION",
                                    "operator": "IS_ANY_OF",
                                    "values": ["HIGH"],
                                },
                            }
                        ],
                    }
                ],
            },
        }
    return {
        "type": "PLATFORM_FLOW",
        "objectTypeId": "0-5",
        "flowType": "WORKFLOW",
        "name": name,
        "isEnabled": False,
        "startActionId": "1",
        "nextAvailableActionId": "6",
        "enrollmentCriteria": criteria,
        "actions": [
            {
                "type": "SINGLE_CONNECTION",
                "actionId": "1",
                "actionTypeId": "1-1000",
                "actionTypeVersion": 1,
                "fields": {
                    "connection_id": str(connection_id),
                    "model": "gpt-4.1-mini",
                    "system_prompt": "You sort complaints.",
                    "prompt": "Classify this complaint: {{ enrolled_object.content | fenced }}",
                    "temperature": "0",
                    "max_output_tokens": "200",
                    "output": {
                        "type": "fields",
                        "fields": [
                            {
                                "name": "category",
                                "type": "choice",
                                "label": "Category",
                                "description": "What the complaint is about",
                                "required": True,
                                "options": [
                                    {"value": "billing", "label": "Billing"},
                                    {"value": "other", "label": "Other"},
                                ],
                            },
                            {
                                "name": "summary",
                                "type": "text",
                                "label": "Summary",
                                "description": "One line",
                                "required": True,
                            },
                        ],
                    },
                },
                "connection": {"edgeType": "STANDARD", "nextActionId": "2"},
            },
            {
                "type": "STATIC_BRANCH",
                "actionId": "2",
                "inputValue": {"type": "FIELD_DATA", "actionId": "1", "dataKey": "category"},
                "staticBranches": [
                    {"branchValue": "billing", "connection": {"edgeType": "STANDARD", "nextActionId": "3"}}
                ],
                "defaultBranchName": "Other",
            },
            _edit("3", "bench_category", "category", "4"),
            _edit("4", "bench_summary", "summary", "5"),
            {
                "type": "SINGLE_CONNECTION",
                "actionId": "5",
                "actionTypeId": "0-8",
                "actionTypeVersion": 0,
                "fields": {
                    "user_ids": [],
                    "emails": ["team@penstock.test"],
                    "subject": "New complaint: {{ action_outputs.action_output_1.category }}",
                    "body": "<p>{{ action_outputs.action_output_1.summary }}</p>",
                },
            },
        ],
        "timeWindows": [],
        "blockedDates": [],
        "customProperties": {},
    }
