"""Watches a page for what no test may pass over: console errors, uncaught exceptions, CSP violations, broken answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.async_api import BrowserContext, ConsoleMessage, Error, Response

# Chromium writes each refused request to the console. Refusals are part of many journeys (a wrong key, a stale
# draft); what must not happen among them is caught by `_answered`.
REFUSED_REQUEST = re.compile(r"^Failed to load resource: the server responded with a status of 4\d\d")

# REPORT_VIOLATIONS itself is a script, and in the frame of a mail's preview no script may run. That scripts of the
# mail do not run either is tested by what they would have done.
OWN_SCRIPT_IN_A_PREVIEW = re.compile(
    r"^Blocked script execution in '(about:srcdoc|[^']*/outbox/\d+/preview)'"
)

REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP violation: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
"""


@dataclass
class Watch:
    """What went wrong in the pages of one test. `allowed` holds texts that a test expects in the console."""

    troubles: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    async def over(self, context: BrowserContext) -> None:
        """Watches every page of a context."""
        await context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._said)
        context.on("weberror", lambda error: self._failed(error.error))
        context.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        expected = REFUSED_REQUEST.match(message.text) or OWN_SCRIPT_IN_A_PREVIEW.match(message.text)
        if message.type in {"error", "warning"} and not expected:
            place = message.location
            self._note(
                f"console {message.type}: {message.text} ({place.get('url')}:{place.get('lineNumber')})"
            )

    def _failed(self, error: Error) -> None:
        self._note(f"uncaught: {error.stack or error.message}")

    def _answered(self, response: Response) -> None:
        lost_asset = response.status == 404 and "/assets/" in response.url
        if response.status >= 500 or lost_asset:
            self._note(f"{response.status} {response.request.method} {response.url}")

    def _note(self, trouble: str) -> None:
        if not any(text in trouble for text in self.allowed):
            self.troubles.append(trouble)
