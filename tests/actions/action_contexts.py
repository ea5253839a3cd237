"""The types of the fixtures that make contexts of actions; see conftest.py."""

from __future__ import annotations

from collections.abc import Callable

from penstock.actions.action import CheckContext, StepContext

StepMaker = Callable[..., StepContext]
CheckMaker = Callable[..., CheckContext]
