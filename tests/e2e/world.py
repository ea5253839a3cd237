"""What the screens are looked at with: the demo's tickets and workflow, runs of every outcome, people, a half-made draft."""

from __future__ import annotations

from dataclasses import dataclass

from tests.e2e.plausible import answer_plausibly
from tests.e2e.site import TESTS, Site
from tests.engine.scene import BY_HAND, connected
from tests.llm_stand_in import GOOD_KEY, Seen, Trouble

from penstock.accounts import invitations, tokens
from penstock.cli.demo import steps
from penstock.cli.demo.watch import Stopwatch
from penstock.crm import records
from penstock.crm.schema import load_schema
from penstock.kit.database import transaction

CONTACTS = [
    ("Maria", "Johnson", "maria.johnson@example.com", "Operations"),
    ("Anders", "Holm", "anders.holm@example.com", "IT"),
    ("Priya", "Natarajan", "priya.natarajan@example.com", "Customer service"),
    ("Søren", "Kjær", "soeren.kjaer@example.com", "Finance"),
    ("Emma", "Okafor", "emma.okafor@example.com", "Marketing"),
]


@dataclass(frozen=True)
class World:
    """Ids that fill the paths of the table of screens."""

    flow: int
    run: int
    ticket: int
    failed_run: int | None = None

    def fill(self, path: str) -> str:
        """`/runs/{run}` with the number in it."""
        return path.format(flow=self.flow, run=self.run, ticket=self.ticket, failed_run=self.failed_run)


async def furnish(site: Site, *, complaints: int = 24, enroll: int = 9, failing: bool = True) -> World:
    """Runs the demo on the stand-in, adds people, contacts, invitations, tokens and two more connected apps.

    `failing`: the provider refuses some complaints for good, so that there is something to attend to.
    """
    answer_plausibly(site.stand_in)
    if failing:
        site.stand_in.trouble = _no_mortgages
    await _people(site)
    wishes = steps.Wishes(complaints, enroll, None)
    environ = {"PENSTOCK_OPENAI_API_KEY": GOOD_KEY}
    report = await steps.run(site.app, site.engine, Stopwatch(), wishes, environ)
    await connected(site.app, "anthropic", "Anthropic")
    await connected(site.app, "google", "Google Gemini")
    shown = next(one for one in report.answers if one.status == "COMPLETED" and one.urgency == "high")
    failed = next((one.run_id for one in report.answers if one.status == "FAILED"), None)
    return World(report.flow_id, shown.run_id, shown.record_id, failed)


def _no_mortgages(seen: Seen) -> Trouble | None:
    """The provider refuses what is about mortgages."""
    if "mortgage" not in seen.prompt.lower():
        return None
    error = {"message": "Invalid prompt: your prompt was flagged.", "type": "invalid_request_error", "param": None, "code": "invalid_prompt"}  # fmt: skip
    return Trouble(400, {"error": error})


async def _people(site: Site) -> None:
    for role in ("admin", "builder", "operator", "viewer"):
        await site.user(role)  # type: ignore[arg-type] # a tuple of texts is not one of roles
    async with transaction(site.app.pool) as db:
        schema = await load_schema(db, 1, "0-1")
        people = [
            {"firstname": first, "lastname": last, "email": email, "jobtitle": job}
            for first, last, email, job in CONTACTS
        ]
        await records.create_many(db, 1, schema, people, BY_HAND)
        await invitations.invite(
            db, 1, TESTS, email="nora@example.com", role="builder", at=site.app.clock.now()
        )
        await tokens.create(db, 1, TESTS, name="Nightly import", role="operator")
