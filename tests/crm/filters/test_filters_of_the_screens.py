"""The filter builder of the screens and this parser speak one grammar; web/ checks that it writes the same file."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.crm.filters import parse
from penstock.kit.json import JsonObject, loads

WRITTEN = loads((Path(__file__).parent / "filters_of_the_screens.json").read_bytes())
assert isinstance(WRITTEN, dict)


@pytest.mark.parametrize("operator", sorted(WRITTEN))
def test_what_the_filter_builder_writes_is_evaluated(operator: str) -> None:
    condition: JsonObject = {"filterType": "PROPERTY", "property": "city", "operation": WRITTEN[operator]}
    branch: JsonObject = {"filterBranchType": "AND", "filters": [condition], "filterBranches": []}
    assert len(list(parse(branch).all_filters())) == 1
