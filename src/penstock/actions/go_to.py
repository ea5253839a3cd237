"""Go to action: an entry of the palette that draws an edge and adds no node.

In the flow JSON it is a connection with `edgeType` GOTO, which leads to its `nextActionId` as any other
edge does; loops are found by the flow's checks and ended by the runner's step limit.
"""

from __future__ import annotations

from penstock.actions.action import Effect, Section
from penstock.kit.json import JsonObject

GO_TO: JsonObject = {
    "actionTypeId": None,
    "nodeType": None,
    "name": "go_to",
    "title": "Go to action",
    "section": Section.BRANCH.value,
    "description": "Continue at another action of this workflow.",
    "effect": Effect.BRANCH.value,
    "fields": None,
}
