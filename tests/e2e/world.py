"""What the screens are looked at with: the demo's tickets and workflow, runs of every outcome, people, a half-made draft."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.e2e.plausible import answer_plausibly
from tests.e2e.site import TESTS, Site
from tests.engine.scene import BY_HAND, ask, change, connected, enroll, settled, tickets, turned_on
from tests.llm_stand_in import GOOD_KEY, Seen, Trouble

from penstock.accounts import invitations, tokens
from penstock.cli.demo import steps
from penstock.cli.demo.watch import Stopwatch
from penstock.crm import records
from penstock.crm.schema import load_schema
from penstock.kit.database import transaction
from penstock.knowledge import documents
from penstock.knowledge import sets as knowledge_sets
from penstock.knowledge.reading import read_file
from penstock.workflows.dry_run import Trying
from penstock.workflows.evals import sets
from penstock.workflows.evals.csv_cases import import_cases
from penstock.workflows.evals.gate_settings import set_gate
from penstock.workflows.evals.run import begin as begin_run
from penstock.workflows.evals.run import run_evals
from penstock.workflows.samples.begin import SampleWish
from penstock.workflows.samples.begin import begin as begin_sample
from penstock.workflows.samples.run import run_sample

CASES = Path(__file__).parents[2] / "examples" / "complaint-cases.csv"
URGENCIES = [{"value": "low", "label": "Low"}, {"value": "high", "label": "High"}]
CHANCE = Random(1)  # noqa: S311 - chooses records

CONTACTS = [
    ("Maria", "Johnson", "maria.johnson@example.com", "Operations"),
    ("Anders", "Holm", "anders.holm@example.com", "IT"),
    ("Priya", "Natarajan", "priya.natarajan@example.com", "Customer service"),
    ("Søren", "Kjær", "soeren.kjaer@example.com", "Finance"),
    ("Emma", "Okafor", "emma.okafor@example.com", "Marketing"),
]

RULES = {
    "returns.md": "# Refunds\n\nA refund reaches the customer within ten days.\n\n## Late ones\n\n"
    "A refund that takes longer is paid with interest, and the branch calls the customer.",
    "mortgages.md": "# Escrow\n\nA shortage is spread over twelve payments, unless the customer wants to pay it at once.",
}

# One batch that is over, and one at its provider which is not looked at again.
BATCHES = """
WITH batch AS (
    INSERT INTO llm_batches (workspace_id, connection_id, provider, model, name, state, remote_id, questions, answered,
                             cost_usd, saved_usd, message, submitted_at, ended_at, next_at)
    SELECT 1, c.id, 'openai', 'gpt-4.1-mini', 'penstock-world', state, 'batch_' || state, 4812, answered, usd, usd, message,
           now() - interval '2 hours', ended, 'infinity'
    FROM (SELECT min(id) AS id FROM connections WHERE provider = 'openai') c,
         (VALUES ('done', 4812, 3.4176, '', now()),
                 ('running', 1290, 0.9161, $2, NULL)) AS b (state, answered, usd, message, ended)
    RETURNING id, questions, answered, cost_usd, saved_usd
)
INSERT INTO llm_batch_flows (batch_id, flow_id, questions, answered, cost_usd, saved_usd)
SELECT id, $1::bigint, questions, answered, cost_usd, saved_usd FROM batch
"""


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
    await _evals(site, report.flow_id)
    await _reviews(site)
    await _knowledge(site)
    async with site.app.pool.acquire() as db:
        await db.execute(BATCHES, report.flow_id, "The provider did not answer in time.")
    shown = next(one for one in report.answers if one.status == "COMPLETED" and one.urgency == "high")
    failed = next((one.run_id for one in report.answers if one.status == "FAILED"), None)
    return World(report.flow_id, shown.run_id, shown.record_id, failed)


async def _reviews(site: Site) -> None:
    """Two tickets whose answers wait for a review; one of them changed since."""
    app = site.app
    doubt = {
        "name": "urgency",
        "type": "choice",
        "label": "Urgency",
        "options": URGENCIES,
        "review_below": 0.8,
    }
    note = {"name": "note", "type": "text", "label": "What to do"}
    connection = await connected(app, "xai", "Grok")
    ids = await tickets(app, "It smells of smoke in the branch", "Please call me back about my card")
    answer = site.stand_in.answer
    site.stand_in.answer = lambda _prompt: json.dumps(
        {"urgency": "High", "urgency_confidence": 0.45, "note": "Call the customer today."}
    )
    flow = await turned_on(
        app,
        ask("1", connection, "grok-4.3", output={"type": "fields", "fields": [doubt, note]}),
        name="Decide what is urgent",
    )
    for one in await enroll(app, flow, *ids):
        await settled(app, one.enrollment_id, "WAITING")
    site.stand_in.answer = answer
    await change(app, ids[0], subject="It smells of smoke in the branch, false alarm")


async def _evals(site: Site, flow_id: int) -> None:
    """A sample of the workflow, and an eval set of the example cases that was run and gates."""
    app = site.app
    trying = Trying(app.pool, app.llm, app.vault, app.clock, 1)
    async with transaction(app.pool) as db:
        wish = SampleWish(number=6)
        sample = await begin_sample(db, TESTS, flow_id, wish, app.clock.now(), CHANCE)
        made = await sets.create(db, TESTS, flow_id, action_id="1", name="Products")
        with CASES.open("rb") as file:
            await import_cases(db, TESTS, made.id, file)
        run = await begin_run(db, TESTS, made.id, revision="live")
    await run_sample(trying, sample.id)
    await run_evals(trying, run.id)
    async with transaction(app.pool) as db:
        await set_gate(db, TESTS, made.id, gates=True)


async def _knowledge(site: Site) -> None:
    """A knowledge set with two documents."""
    async with transaction(site.app.pool) as db:
        made = await knowledge_sets.create(
            db,
            TESTS,
            name="Terms and prices",
            language="english",
            description="What we promise our customers",
        )
        for name, text in RULES.items():
            await documents.put(db, TESTS, made.id, await read_file(name, text.encode()))


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
