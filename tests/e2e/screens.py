"""Every screen of the router, and dialogs that stand for the others, in one table: the tests of accessibility and the screenshots walk through it."""

from __future__ import annotations

from dataclasses import dataclass

from penstock.accounts.actors import Role


@dataclass(frozen=True)
class Screen:
    """A screen. `path` may hold ids of the world (`/runs/{run}`); `heading` is there when the screen is."""

    name: str
    path: str
    heading: str | None  # accessible name of a level-1 heading, or a part of it; None: any heading
    role: Role | None = "owner"  # None: nobody is signed in
    press: str | None = None  # name of the button that opens the dialog to look at


SCREENS: tuple[Screen, ...] = (
    Screen("sign-in", "/sign-in", None, role=None),
    Screen("link-expired", "/link#gone", None, role=None),
    Screen("records", "/records/tickets?view=1", None),  # the view that the demo saves
    Screen("contacts", "/records/contacts", None),
    Screen("record", "/records/tickets/{ticket}", None),
    Screen("import", "/records/tickets/import", None),
    Screen("workflows", "/workflows", "Workflows"),
    Screen("create-workflow", "/workflows?create=template", "Workflows"),
    Screen("editor", "/workflows/{flow}", None),
    Screen("editor-trigger", "/workflows/{flow}?step=trigger", None),
    Screen("editor-step", "/workflows/{flow}?step=1", None),
    Screen("editor-branch", "/workflows/{flow}?step=5", None),
    Screen("revisions", "/workflows/{flow}/revisions", None),
    Screen("workflow-settings", "/workflows/{flow}/settings", None),
    Screen("workflow-runs", "/workflows/{flow}/runs", None),
    Screen("action-log", "/workflows/{flow}/runs?view=log", None),
    Screen("workflow-batches", "/workflows/{flow}/runs?view=batches", None),
    Screen("batch", "/batches/1", "Batch 1"),
    Screen("evals", "/workflows/{flow}/evals", None),
    Screen("sample", "/workflows/{flow}/evals?sample=1", None),
    Screen("eval-set", "/workflows/{flow}/evals?set=1", None),
    Screen("run", "/runs/{run}", None),
    Screen("run-step", "/runs/{run}?step=1", None),
    Screen("failed-run", "/runs/{failed_run}", None),
    Screen("attention", "/attention", "Needs attention"),
    Screen("reviews", "/reviews", "Reviews"),
    Screen("review", "/reviews?review=1", "Reviews"),
    Screen("spend", "/spend", None),
    Screen("connected-apps", "/settings/connected-apps", "Connected apps"),
    Screen("prices", "/settings/prices", "Model prices"),
    Screen("users", "/settings/users", None),
    Screen("api-tokens", "/settings/api-tokens", None),
    Screen("email", "/settings/email", None),
    Screen("webhooks", "/settings/webhooks", None),
    Screen("properties", "/settings/properties", None),
    Screen("knowledge", "/settings/knowledge", "Knowledge"),
    Screen("knowledge-set", "/settings/knowledge/1", None),
    Screen("knowledge-document", "/settings/knowledge/1/documents/1", None),
    Screen("audit-log", "/settings/audit-log", None),
    Screen("health", "/settings/health", None),
    Screen("account", "/settings/account", None),
    Screen("not-found", "/no-such-page", None),
    Screen("dialog-filter", "/records/tickets", None, press="Filter"),
    Screen("dialog-create-record", "/records/contacts", None, press="Create contact"),
    Screen("dialog-limits", "/settings/connected-apps?limits=1", None),
    Screen("dialog-cap", "/spend?cap=new", None),
    Screen("dialog-price", "/settings/prices?set=new", None),
    Screen("dialog-connect", "/settings/connected-apps", None, press="Connect an app"),
    Screen("dialog-invite", "/settings/users", None, press="Invite a person"),
    Screen("dialog-token", "/settings/api-tokens", None, press="Create a token"),
    Screen("dialog-property", "/settings/properties", None, press="Create property"),
    Screen("dialog-mail", "/settings/email", None, press="Urgent: Closing an account"),
    Screen("dialog-undo-run", "/runs/{run}", None, press="Undo"),
    Screen("dialog-undo-workflow", "/workflows/{flow}/runs", None, press="Undo…"),
    Screen("dialog-sample", "/workflows/{flow}/evals", None, press="Take a sample"),
    Screen("dialog-eval-case", "/workflows/{flow}/evals?set=1", None, press="Add a case"),
    Screen("dialog-eval-run", "/workflows/{flow}/evals?set=1", None, press="Run on…"),
    Screen("dialog-eval-set", "/workflows/{flow}/evals?set=1", None, press="Name and judge"),
    Screen("dialog-logs", "/workflows/{flow}/runs", None, press="Logs…"),
    Screen("dialog-knowledge", "/settings/knowledge", None, press="Create a set"),
    Screen("dialog-secret", "/settings/webhooks", None, press="Add a secret"),
)
