"""Every action that the code notes has words on the screen of the audit log, in each language."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def noted() -> dict[str, str]:
    """Each action that stands as a text in a call of `audit.record`, with the kind of thing it is done to."""
    found = {}
    for path in (ROOT / "src" / "penstock").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"audit.record", "record"}:
                texts = [
                    one.value
                    for one in node.args
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                ]
                if texts and ("." in texts[0] or texts[0] == "denied"):
                    found[texts[0]] = texts[1] if len(texts) > 1 else ""
    return found


@pytest.mark.parametrize("language", ["en", "da"])
def test_every_action_and_every_kind_of_thing_has_words(language: str) -> None:
    words = json.loads((ROOT / "web" / "src" / "i18n" / language / "audit.json").read_text())
    assert len(noted()) > 20
    missing = []
    for action, thing in noted().items():
        found = words["did"]
        for part in action.split("."):
            found = found.get(part, {}) if isinstance(found, dict) else {}
        if not isinstance(found, str):
            missing.append(action)
        if thing and thing not in words["thing"]:
            missing.append(thing)
    assert missing == []
