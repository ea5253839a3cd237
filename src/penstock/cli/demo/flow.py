"""The demo's flow *Triage complaints*, made from the example document for a connection and a model."""

from __future__ import annotations

from pathlib import Path

from penstock.kit.json import Json, JsonObject, loads

USE_CUSTOM_LLM = "1-1000"


def triage_document(path: Path, connection_id: int, model: str) -> JsonObject:
    """The example flow, turned on, with every *Use a custom LLM* step pointing at the connection and model.

    Raises ValueError when the file holds no JSON object.
    """
    document = loads(path.read_bytes())
    if not isinstance(document, dict):
        raise ValueError(f"{path} holds no JSON object")
    actions = document.get("actions")
    for action in actions if isinstance(actions, list) else []:
        if isinstance(action, dict) and action.get("actionTypeId") == USE_CUSTOM_LLM:
            fields: Json = action.get("fields")
            action["fields"] = {
                **(fields if isinstance(fields, dict) else {}),
                "connection_id": str(connection_id),
                "model": model,
            }
    document["isEnabled"] = True
    return document
