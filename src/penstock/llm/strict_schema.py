"""Whether a JSON schema keeps the rules of «strict» structured output.

Strict means that every object lists all its properties as required and allows no others; OpenAI refuses
`strict: true` for any other schema. https://platform.openai.com/docs/guides/structured-outputs
"""

from __future__ import annotations

from penstock.kit.json import Json


def is_strict(schema: Json) -> bool:
    """True when every object in the schema is closed and has all its properties required."""
    if isinstance(schema, list):
        return all(is_strict(part) for part in schema if isinstance(part, dict | list))
    if not isinstance(schema, dict):
        return True
    properties = schema.get("properties")
    if isinstance(properties, dict):
        required = schema.get("required")
        if schema.get("additionalProperties") is not False or not isinstance(required, list):
            return False
        if any(name not in required for name in properties) or not all(
            is_strict(part) for part in properties.values()
        ):
            return False
    return all(is_strict(schema[name]) for name in ("items", "anyOf", "$defs") if name in schema)
