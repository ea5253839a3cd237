"""What a check of `penstock doctor` comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from penstock.errors import PenstockError

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Check:
    """One row: what was looked at, how it stands, what was found, and what to do about it (empty when ok)."""

    name: str
    state: State
    found: str
    remedy: str = ""


def ok(name: str, found: str) -> Check:
    """A check that found everything in order."""
    return Check(name, "ok", found)


def warn(name: str, found: str, remedy: str) -> Check:
    """A check that found something worth knowing; Penstock runs nevertheless."""
    return Check(name, "warn", found, remedy)


def fail(name: str, found: str, remedy: str) -> Check:
    """A check that found why Penstock does not run, or not as it should."""
    return Check(name, "fail", found, remedy)


def failed_with(name: str, problem: PenstockError) -> Check:
    """A check that ended in one of our own errors."""
    return Check(name, "fail", problem.message, problem.remedy)
