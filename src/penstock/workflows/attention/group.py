"""One group of "needs attention": a cause with what stands behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from penstock.workflows.attention.causes import RemedyKind
from penstock.workflows.run_history.counts import Count

Kind = Literal[
    "failed_runs",
    "paused_runs",
    "connection",
    "retired_model",
    "failed_mails",
    "failed_import",
    "stopped_loop",
    "cap_reached",
]


@dataclass(frozen=True, slots=True)
class Sample:
    """One of the things behind a group: a run (with its record), an e-mail or an import."""

    id: int
    at: datetime
    record_id: int | None = None
    record_name: str | None = None


@dataclass(frozen=True, slots=True)
class GroupFlow:
    """A workflow that a group is about, by its name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Remedy:
    """A deed that helps, with what it is done to; None where it does not matter for the deed."""

    kind: RemedyKind
    flow_id: int | None = None
    action_id: str | None = None
    error_code: str | None = None
    connection_id: int | None = None
    object_type: str | None = None
    loop: str | None = None
    cap_id: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A cause across runs. `key` is stable while the cause lasts; `message` is what one of them said.

    `title` and `meaning` are plain English; screens in other languages have their own for each kind and code.
    """

    key: str
    kind: Kind
    code: str
    title: str
    meaning: str
    message: str
    remedy: str
    count: Count
    newest_at: datetime | None
    oldest_at: datetime | None
    samples: tuple[Sample, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    flow_id: int | None = None
    flow_name: str | None = None
    action_id: str | None = None
    action_title: str | None = None
    connection_id: int | None = None
    connection_name: str | None = None
    model: str | None = None
    flows: tuple[GroupFlow, ...] = ()
