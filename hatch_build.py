"""Hatch's hook: the built screens go into every wheel, sdist and editable install. See web/bundle.py."""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ScreensHook(BuildHookInterface):
    """Builds `src/penstock/_web` when it is missing or older than its sources."""

    def dependencies(self) -> list[str]:
        """Node, where something has to be built."""
        bundle = self._bundle()
        return [bundle.NODE_WHEEL] if bundle.needs_node_wheel() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Hatch calls it before it collects the files."""
        self._bundle().build()

    def _bundle(self) -> ModuleType:
        place = Path(self.root) / "web" / "bundle.py"
        loader = SourceFileLoader("penstock_web_bundle", str(place))
        module = ModuleType(loader.name)
        module.__file__ = str(place)
        loader.exec_module(module)
        return module
