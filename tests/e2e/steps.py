"""Steps that several journeys take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page

# By the browser itself, so that the cookie and the headers against forgery are those of the screens.
_CALL = """async ([method, path, body]) => {
  const answer = await fetch(path, { method, body: body && JSON.stringify(body), headers: { "content-type": "application/json" } });
  return [answer.status, await answer.json().catch(() => null)];
}"""


@dataclass(frozen=True)
class Answer:
    """What the API answered: its status, and its JSON."""

    status: int
    json: Any

    def ok(self) -> Any:
        """The JSON of an answer that is no refusal."""
        assert self.status < 300, f"{self.status}: {self.json}"
        return self.json


async def call(page: Page, method: str, path: str, body: object = None) -> Answer:
    """Asks the API as the person who is signed in on the page, which must be one of the site's."""
    return Answer(*await page.evaluate(_CALL, [method, path, body]))
