"""Small workflow documents for tests of the API."""

from __future__ import annotations

from typing import Any

MATCHES_HIGH: dict[str, Any] = {
    "type": "LIST_BASED",
    "shouldReEnroll": False,
    "unEnrollObjectsNotMeetingCriteria": False,
    "reEnrollmentTriggersFilterBranches": [],
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
                        "property": "subject",
                        "operation": {
                            "operationType": "MULTISTRING",
                            "operator": "IS_EQUAL_TO",
                            "values": ["enroll me"],
                            "includeObjectsWithNoValueSet": False,
                        },
                    }
                ],
            }
        ],
    },
}


def ticket_flow(**changes: Any) -> dict[str, Any]:
    """A flow of tickets that sets the priority, without triggers."""
    return {
        "type": "PLATFORM_FLOW",
        "flowType": "WORKFLOW",
        "name": "Raise priority",
        "objectTypeId": "0-5",
        "isEnabled": False,
        "startActionId": "1",
        "actions": [
            {
                "type": "SINGLE_CONNECTION",
                "actionId": "1",
                "actionTypeId": "0-5",
                "actionTypeVersion": 0,
                "fields": {
                    "property_name": "hs_ticket_priority",
                    "value": {"type": "STATIC_VALUE", "staticValue": "HIGH"},
                },
            }
        ],
        **changes,
    }
