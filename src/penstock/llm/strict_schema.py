"""Whether a JSON schema keeps the rules of «strict» structured output.

Strict means that every object lists all its properties as required and allows no others; OpenAI refuses
`strict: true` for any other schema. https://platform.openai.com/docs/guides/structured-outputs
"""

from __future__ import annotations

from penstock.kit.json import Json

# Keywords below which there may be objects. Most properties have none of them, and this runs for every call.
NESTING = frozenset({"properties", "items", "anyOf", "$defs"})


def is_strict(schema: Json) -> bool:
    """True when every object in the schema is closed and has all its properties required."""
    if isinstance(schema, list):
        return all(is_strict(part) for part in schema)
    if not isinstance(schema, dict):
        return True
    properties = schema.get("properties")
    if isinstance(properties, dict):
        required = schema.get("required")
        if schema.get("additionalProperties") is not False or not isinstance(required, list):
            return False
        for name, part in properties.items():
            if name not in required:
                return False
            if isinstance(part, dict) and not NESTING.isdisjoint(part) and not is_strict(part):
                return False
    if "items" in schema and not is_strict(schema["items"]):
        return False
    if "anyOf" in schema and not is_strict(schema["anyOf"]):
        return False
    definitions = schema.get("$defs")
    return not isinstance(definitions, dict) or all(is_strict(part) for part in definitions.values())
