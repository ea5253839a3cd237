"""A process may have as many connections as the hard limit allows."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROGRAM = """
import json, resource
from penstock.kit.open_files import allow_connections
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
print(json.dumps([allow_connections(900), resource.getrlimit(resource.RLIMIT_NOFILE)[0]]))
"""


@pytest.mark.parametrize(
    ("soft", "hard", "after"),
    [(256, 1000, 900), (256, 500, 500), (950, 1000, 950)],
    ids=["room", "little", "enough"],
)
def test_the_limit_of_open_files_is_raised_as_far_as_it_may_and_never_lowered(
    soft: int, hard: int, after: int
) -> None:
    program = PROGRAM.format(soft=soft, hard=hard)
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert json.loads(said) == [after, after]
