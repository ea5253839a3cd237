"""Class names of the screens: one that its stylesheet does not have is `undefined`, and the layout falls apart unsaid."""

from __future__ import annotations

import re
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "web" / "src"
IMPORT = re.compile(r'import (\w+) from "([^"]+\.module\.css)"')


def test_every_class_name_that_a_component_uses_is_in_its_stylesheet() -> None:
    missing = []
    looked_at = 0
    for component in sorted(SOURCES.rglob("*.tsx")):
        source = component.read_text()
        for name, place in IMPORT.findall(source):
            sheet = SOURCES / place[2:] if place.startswith("@/") else component.parent / place
            known = set(re.findall(r"\.([A-Za-z][\w-]*)", sheet.read_text()))
            used = set(re.findall(rf"(?<![\w./]){name}\.(\w+)", source)) - {"module"}
            missing += [f"{component.relative_to(SOURCES)}: {one}" for one in sorted(used - known)]
            looked_at += len(used)
    assert looked_at
    assert missing == []
