"""Every code that a flow check can answer with: when it refuses a flow, and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Refuses(StrEnum):
    """From when on a problem stops a flow; before that it is shown as a warning."""

    SAVE = "save"
    TURN_ON = "turn on"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Code:
    """One row of the table of check codes."""

    refuses: Refuses
    meaning: str


# Saving a flow that is off allows what HubSpot's editor allows (placeholder actions, imported parts that
# Penstock does not run); what can only be a slip is refused at once.
CODES: dict[str, Code] = {
    "WRONG_TYPE": Code(Refuses.SAVE, "A value of the JSON is of another type than its field takes."),
    "UNKNOWN_VALUE": Code(Refuses.SAVE, "A value is not among those that its field takes."),
    "INVALID_TEXT": Code(Refuses.SAVE, "A text holds characters that cannot be stored."),
    "INVALID_NUMBER": Code(Refuses.SAVE, "A number does not fit into 64 bits."),
    "TOO_DEEP": Code(Refuses.SAVE, "The JSON is nested too deeply."),
    "WRONG_FLOW_TYPE": Code(
        Refuses.SAVE, "CONTACT_FLOW is for contacts (0-1), PLATFORM_FLOW for all other objects."
    ),
    "DUPLICATE_ACTION_ID": Code(Refuses.SAVE, "Two actions have the same actionId."),
    "DANGLING_EDGE": Code(Refuses.SAVE, "A connection leads to an action that the flow does not have."),
    "DANGLING_START": Code(Refuses.SAVE, "startActionId names an action that the flow does not have."),
    "BAD_TOKEN": Code(Refuses.SAVE, "A token is not well formed."),
    "TOO_LARGE": Code(Refuses.SAVE, "A text is longer than a text with tokens may be."),
    "UNKNOWN_TOKEN": Code(Refuses.SAVE, "A token names nothing: no such property, action or output."),
    "OUT_OF_RANGE": Code(Refuses.SAVE, "A number is outside of its range."),
    "DUPLICATE_OUTPUT": Code(Refuses.SAVE, "Two declared outputs have the same name."),
    "RESERVED_OUTPUT": Code(
        Refuses.SAVE, "A declared output has the name of an output that is always there."
    ),
    "MISSING_FIELD": Code(Refuses.TURN_ON, "A required field is not set."),
    "INVALID_FIELD": Code(Refuses.TURN_ON, "A field holds a value that cannot work."),
    "MISSING_START": Code(Refuses.TURN_ON, "The flow has actions and no startActionId."),
    "NO_ACTIONS": Code(Refuses.TURN_ON, "The flow has no actions."),
    "ENDLESS_LOOP": Code(Refuses.TURN_ON, "Actions lead to each other with no way out and no delay."),
    "UNKNOWN_OBJECT_TYPE": Code(Refuses.TURN_ON, "The workspace has no object type of that id."),
    "UNKNOWN_PROPERTY": Code(Refuses.TURN_ON, "The object type has no property of that name."),
    "READ_ONLY_PROPERTY": Code(Refuses.TURN_ON, "The property cannot be written."),
    "WRONG_PROPERTY_TYPE": Code(Refuses.TURN_ON, "The property's type does not allow the operation."),
    "INVALID_PROPERTY_VALUE": Code(Refuses.TURN_ON, "The value does not fit its property."),
    "UNKNOWN_OUTPUT": Code(Refuses.TURN_ON, "A value names an output that no action has."),
    "BAD_DOMAIN": Code(Refuses.TURN_ON, "A domain to which web search is kept is none."),
    "SEARCH_UNSUPPORTED": Code(Refuses.TURN_ON, "The model of a step cannot search the web."),
    "SEARCH_DOMAINS": Code(Refuses.TURN_ON, "The provider's search cannot be kept to these domains."),
    "SEARCH_SENSITIVE": Code(
        Refuses.NEVER, "A model that may be shown sensitive properties may search the web for them."
    ),
    "FENCE_OUTSIDE_PROMPT": Code(Refuses.TURN_ON, "A token is fenced in a text that is no prompt."),
    "SENSITIVE_PROPERTY": Code(
        Refuses.TURN_ON, "A prompt holds a sensitive property, and its step does not allow that."
    ),
    "UNKNOWN_CUT": Code(
        Refuses.TURN_ON, "The token to cut in a prompt that is too long does not stand in it."
    ),
    "UNKNOWN_FALLBACK": Code(Refuses.TURN_ON, "The fallback of a choice is none of its options."),
    "UNKNOWN_USER": Code(Refuses.TURN_ON, "The workspace has no active user of that id."),
    "UNKNOWN_SECRET": Code(Refuses.TURN_ON, "No secret is stored under that name."),
    "NO_RECIPIENT": Code(Refuses.TURN_ON, "An e-mail has no recipient."),
    "INVALID_ADDRESS": Code(Refuses.TURN_ON, "A recipient is not an e-mail address."),
    "INVALID_URL": Code(Refuses.TURN_ON, "A webhook's address is none, or a token could choose its host."),
    "CONNECTION_MISSING": Code(Refuses.TURN_ON, "An AI step has no connection."),
    "CONNECTION_NOT_FOUND": Code(Refuses.TURN_ON, "An AI step names a connection that does not exist here."),
    "CONNECTION_UNINSTALLED": Code(Refuses.TURN_ON, "An AI step names a connection that was uninstalled."),
    "MODEL_MISSING": Code(Refuses.TURN_ON, "An AI step has no model."),
    "EMPTY_PROMPT": Code(Refuses.TURN_ON, "An AI step has no prompt."),
    "KNOWLEDGE_MISSING": Code(
        Refuses.TURN_ON, "A prompt has a place for passages, and no knowledge set is chosen."
    ),
    "KNOWLEDGE_NOT_FOUND": Code(
        Refuses.TURN_ON, "An AI step names a knowledge set that does not exist here."
    ),
    "TOO_MANY_BRANCHES": Code(Refuses.TURN_ON, "A branch has more branches than HubSpot allows."),
    "TOO_MANY_FILTERS": Code(
        Refuses.TURN_ON, "The enrollment criteria hold more filters than HubSpot allows."
    ),
    "MISSING_FILTER": Code(Refuses.TURN_ON, "A branch has no filters."),
    "INVALID_FILTER": Code(Refuses.TURN_ON, "A filter is not of HubSpot's grammar."),
    "UNSUPPORTED_FILTER": Code(Refuses.TURN_ON, "A filter is of a kind that Penstock does not run."),
    "UNSUPPORTED_OPERATION": Code(
        Refuses.TURN_ON, "A filter's operation is of a kind that Penstock does not run."
    ),
    "UNSUPPORTED_OPERATOR": Code(Refuses.TURN_ON, "A filter's operator is one that Penstock does not run."),
    "UNSUPPORTED_ACTION": Code(Refuses.TURN_ON, "An action is of a type that Penstock does not run."),
    "UNSUPPORTED_TRIGGER": Code(
        Refuses.TURN_ON, "The enrollment criteria hold something that Penstock does not run."
    ),
    "UNSUPPORTED_SETTING": Code(Refuses.TURN_ON, "The flow has a setting that Penstock does not run."),
    "UNSUPPORTED_TOKEN": Code(Refuses.TURN_ON, "A token is of a family that Penstock does not read."),
    "UNSUPPORTED_VALUE": Code(Refuses.TURN_ON, "A value is of a type that Penstock does not read."),
    "UNSUPPORTED_FIELD": Code(Refuses.TURN_ON, "An action uses a field that Penstock does not run."),
    "UNREACHABLE_ACTION": Code(Refuses.NEVER, "No record can get to the action."),
    "LOOP_WITHOUT_DELAY": Code(Refuses.NEVER, "A loop has a way out and no delay, so it may turn fast."),
    "LOW_NEXT_ACTION_ID": Code(Refuses.NEVER, "nextAvailableActionId is taken already."),
    "OUTPUT_NOT_YET_THERE": Code(Refuses.NEVER, "A value is read from an action that does not come before."),
    "OUTPUT_MAY_NOT_FIT": Code(Refuses.NEVER, "An output can have values that the property does not take."),
    "DUPLICATE_BRANCH": Code(Refuses.NEVER, "A branch repeats the value of one before it."),
    "BRANCH_NEVER_TAKEN": Code(Refuses.NEVER, "A branch waits for a value that cannot come."),
    "MODEL_RETIRES": Code(Refuses.NEVER, "The provider has announced the end of the model, or has ended it."),
    "PROVIDER_MISMATCH": Code(Refuses.NEVER, "An AI step names another provider than its connection's."),
    "TOKEN_IN_SYSTEM_PROMPT": Code(Refuses.NEVER, "Record values stand in the instructions of an AI step."),
    "UNFENCED_TEXT": Code(Refuses.NEVER, "Text that others wrote enters a prompt without a fence around it."),
    "KNOWLEDGE_NOT_USED": Code(
        Refuses.NEVER, "Knowledge sets are chosen, and the prompt has no place for them."
    ),
    "INSECURE_URL": Code(Refuses.NEVER, "A webhook's address is not https."),
}
