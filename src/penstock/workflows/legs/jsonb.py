"""JSON of any origin as text that PostgreSQL takes."""

from __future__ import annotations

from penstock.kit.json import Json, dumps


def encode(value: Json) -> str | None:
    """JSON text that PostgreSQL takes: jsonb has no NUL, and a lone surrogate is no character (F13)."""
    if value is None:
        return None
    try:
        text = dumps(value).decode()
    except (TypeError, UnicodeEncodeError):
        text = dumps(_clean(value)).decode()
    if "\\u0000" in text:
        text = dumps(_clean(value)).decode()
    return text


def _clean(value: Json) -> Json:
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {str(_clean(key)): _clean(item) for key, item in value.items()}
    return value
