"""A workflow of 200 steps on contacts: a trunk of LLM steps, edits and e-mails, then a branch with three paths."""

from __future__ import annotations

from penstock.kit.json import JsonObject

STEPS = 200
PATHS = ("billing", "shipping")  # and the default one
PATH_STEPS = 33


def long_flow(name: str, connection_id: int) -> JsonObject:
    """The document of a flow with `STEPS` actions, each of which passes the checks."""
    trunk_steps = STEPS - 1 - PATH_STEPS * (len(PATHS) + 1)
    branch = trunk_steps + 1
    actions = [_step(number, connection_id, number + 1) for number in range(1, trunk_steps + 1)]
    starts = [branch + 1 + PATH_STEPS * place for place in range(len(PATHS) + 1)]
    asked = max(number for number in range(1, trunk_steps + 1) if number % 4 == 1)
    actions.append(
        {
            "type": "STATIC_BRANCH",
            "actionId": str(branch),
            "inputValue": {"type": "FIELD_DATA", "actionId": str(asked), "dataKey": "category"},
            "staticBranches": [
                {"branchValue": value, "connection": _edge(start)}
                for value, start in zip(PATHS, starts, strict=False)
            ],
            "defaultBranchName": "Anything else",
            "defaultBranch": _edge(starts[-1]),
        }
    )
    for start in starts:
        end = start + PATH_STEPS - 1
        actions += [
            _step(number, connection_id, number + 1 if number < end else None, first=start)
            for number in range(start, end + 1)
        ]
    return {
        "type": "CONTACT_FLOW",
        "objectTypeId": "0-1",
        "flowType": "WORKFLOW",
        "name": name,
        "isEnabled": False,
        "startActionId": "1",
        "nextAvailableActionId": str(len(actions) + 1),
        "enrollmentCriteria": {"type": "MANUAL", "shouldReEnroll": False},
        "actions": actions,
        "timeWindows": [],
        "blockedDates": [],
        "customProperties": {},
    }


def _edge(action: int) -> JsonObject:
    return {"edgeType": "STANDARD", "nextActionId": str(action)}


def _step(number: int, connection_id: int, after: int | None, first: int = 1) -> JsonObject:
    """In turns: ask the model, keep its answer twice, tell somebody."""
    asked = number - (number - first) % 4
    kind, version, fields = (
        ("1-1000", 1, _question(number, connection_id)),
        ("0-5", 0, _edit("city", asked, "category")),
        ("0-5", 0, _edit("jobtitle", asked, "summary")),
        ("0-8", 0, _mail(asked)),
    )[(number - first) % 4]
    step: JsonObject = {
        "type": "SINGLE_CONNECTION",
        "actionId": str(number),
        "actionTypeId": kind,
        "actionTypeVersion": version,
        "fields": fields,
    }
    if after is not None:
        step["connection"] = _edge(after)
    return step


def _edit(name: str, asked: int, key: str) -> JsonObject:
    return {
        "property_name": name,
        "value": {"type": "FIELD_DATA", "actionId": str(asked), "dataKey": key},
    }


def _mail(asked: int) -> JsonObject:
    answer = f"action_outputs.action_output_{asked}"
    return {
        "user_ids": [],
        "emails": ["team@penstock.test"],
        "subject": f"About {{{{ {answer}.category }}}}",
        "body": f"<p>{{{{ {answer}.summary }}}}</p>",
    }


def _question(number: int, connection_id: int) -> JsonObject:
    return {
        "connection_id": str(connection_id),
        "model": "gpt-4.1-mini",
        "system_prompt": "You sort messages of customers.",
        "prompt": f"Question {number}. What does {{{{ enrolled_object.firstname }}}} write about? {{{{ enrolled_object.message }}}}",
        "temperature": "0",
        "max_output_tokens": "200",
        "output": {
            "type": "fields",
            "fields": [
                {
                    "name": "category", "type": "choice", "label": "Category", "description": "What it is about",
                    "required": True,
                    "options": [{"value": one, "label": one.title()} for one in (*PATHS, "other")],
                },
                {
                    "name": "summary", "type": "text", "label": "Summary", "description": "One line",
                    "required": True,
                },
            ],
        },
    }  # fmt: skip
