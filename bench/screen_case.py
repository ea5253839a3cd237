"""What a request of a screen is in these benches, and what it is about."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

V1 = "/penstock/v1"


@dataclass
class Scene:
    """What the requests are about: records, cursors of deep pages, the workflow of 200 steps and one of its runs."""

    busy_record: int
    first_record: int
    last_record: int
    flow: int
    run: int
    document: Any
    draft_version: int = 0
    deep: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """A request to be measured."""

    method: str
    path: str
    json: Any = None


@dataclass(frozen=True)
class Case:
    """A request of a screen; `make` gives one for a random source, so that no two need ask for the same.

    `learn` takes from an answer what the next request needs.
    """

    screen: str
    name: str
    make: Callable[[random.Random, Scene], Request]
    learn: Callable[[Scene, Any], None] = lambda _scene, _answer: None


class Get:
    """A GET under /penstock/v1; `{flow}`, `{run}` and the like in its path are the scene's."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __call__(self, _chance: random.Random, scene: Scene) -> Request:
        return Request("GET", f"{V1}{self._path.format_map(vars(scene))}")


def someone(chance: random.Random, scene: Scene) -> int:
    """Any record's id."""
    return chance.randrange(scene.first_record, scene.last_record + 1)
