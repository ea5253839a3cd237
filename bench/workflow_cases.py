"""The requests behind the screens of workflows, runs, what needs attention, spend, and settings."""

from __future__ import annotations

import copy
import random
from typing import Any

from bench.screen_case import V1, Case, Get, Request, Scene, someone


def _note_version(scene: Scene, answer: Any) -> None:
    scene.draft_version = int(answer["version"])


WORKFLOW_CASES: tuple[Case, ...] = (
    Case("workflows", "the list", Get("/flows-overview")),
    Case("workflows", "search by name", Get("/flows-overview?search=Bench+1")),
    Case("workflows", "templates", Get("/flow-templates")),
    Case("editor", "200 steps: open", Get("/flows/{flow}/editor")),
    Case("editor", "200 steps: save and check", lambda chance, scene: _save(chance, scene), _note_version),
    Case("editor", "200 steps: review", Get("/flows/{flow}/publication-preview")),
    Case("editor", "200 steps: who matches", lambda _, scene: _who(scene)),
    Case("editor", "revisions", Get("/flows/{flow}/revisions")),
    Case("runs", "newest", Get("/enrollments?flowId={flow}")),
    Case("runs", "one failed cause", Get("/enrollments?flowId={flow}&status=FAILED&errorCode=TIMEOUT")),
    Case("runs", "counts", Get("/flows/{flow}/run-counts")),
    Case("runs", "action log", Get("/flows/{flow}/action-log")),
    Case("runs", "performance of 30 days", Get("/flows/{flow}/performance")),
    Case("runs", "of all workflows", Get("/enrollments")),
    Case("run", "one run", Get("/enrollments/{run}")),
    Case("record", "the workflows of any record", lambda chance, scene: _of_record(someone(chance, scene))),
    Case("attention", "groups", Get("/attention")),
    Case("attention", "count in the rail", Get("/attention/count")),
    Case("spend", "by day", Get("/spend?groupBy=day")),
    Case("spend", "by workflow", Get("/spend?groupBy=flow")),
    Case("spend", "by model", Get("/spend?groupBy=model")),
    Case("spend", "by day of one workflow", Get("/spend?groupBy=day&flowId={flow}")),
    Case("settings", "connected apps", Get("/connections")),
    Case("settings", "users", Get("/users")),
    Case("settings", "audit log", Get("/audit-log")),
    Case("settings", "health", Get("/health")),
    Case("shell", "session", Get("/session")),
)


def _of_record(record: int) -> Request:
    return Request("GET", f"{V1}/enrollments?recordId={record}")


def _who(scene: Scene) -> Request:
    return Request("POST", f"{V1}/flow-matches", {"document": scene.document})


def _save(chance: random.Random, scene: Scene) -> Request:
    """As the editor does it a moment after each change: the whole document, with another prompt in it."""
    document = copy.deepcopy(scene.document)
    document["actions"][0]["fields"]["prompt"] += f" Attempt {chance.randrange(1_000_000)}."
    return Request(
        "PUT", f"{V1}/flows/{scene.flow}/draft", {"version": scene.draft_version, "document": document}
    )
