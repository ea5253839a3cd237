"""The steps of the demo, one after the other. Each can be repeated: a second run finds what the first one made."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from penstock.accounts.actors import Actor, command_line
from penstock.bootstrap import Penstock
from penstock.cli.demo import results, tickets
from penstock.cli.demo.choice import ProviderChoice, choose_model, choose_provider
from penstock.cli.demo.examples import TRIAGE, example
from penstock.cli.demo.flow import triage_document
from penstock.cli.demo.results import Report
from penstock.cli.demo.watch import Stopwatch, describe, wait_for_runs
from penstock.cli.output import output
from penstock.connections import connecting, connections
from penstock.connections.connections import ProviderConnection
from penstock.engine.lanes import enqueue
from penstock.errors import NotFound
from penstock.kit.database import Connection, transaction
from penstock.kit.json import JsonObject
from penstock.llm.local.known_weights import DEFAULT_MODEL
from penstock.llm.local.weights import fetch
from penstock.workflows import flows
from penstock.workflows.enrollment import enroll_by_hand
from penstock.workflows.flows import Flow

if TYPE_CHECKING:
    from penstock.engine.engine import Engine


@dataclass(frozen=True, slots=True)
class Wishes:
    """How many complaints to import and how many tickets to enroll; `model` None: choose one."""

    records: int
    enroll: int
    model: str | None


async def run(
    penstock: Penstock, engine: Engine, watch: Stopwatch, wishes: Wishes, environ: Mapping[str, str]
) -> Report:
    """Imports, connects, creates the flow, enrolls and waits; returns what came of it."""
    actor = command_line(penstock.workspace_id, "demo")
    choice = choose_provider(environ)
    with watch.phase("Import complaints as tickets") as detail:
        detail.append(await tickets.bring_in(penstock, wishes.records))
        await tickets.show_results(penstock, actor)
    with watch.phase("Connect a language model") as detail:
        connection = await connect(penstock, actor, choice)
        model = await find_model(penstock, connection, choice, wishes.model)
        detail.append(f"{model} of {connection.name}")
    with watch.phase("Workflow Triage complaints") as detail:
        flow = await put_flow(penstock, actor, connection.id, model)
        detail.append(f"workflow {flow.id}, revision {flow.revision_id}")
    with watch.phase(f"Triage {wishes.enroll} tickets") as detail:
        run_ids = await enroll(penstock, engine, flow.id, wishes.enroll)
        detail.append(describe(await wait_for_runs(penstock.pool, penstock.workspace_id, run_ids)))
    async with transaction(penstock.pool) as db:
        labels = await tickets.product_labels(db, penstock.workspace_id)
        return Report(
            flow_id=flow.id,
            provider=connection.provider,
            model=model,
            answers=tuple(await results.answers(db, penstock.workspace_id, run_ids, labels)),
            mails=await results.mails(db, penstock.workspace_id, run_ids),
            phases=tuple(watch.phases),
            finished_at=penstock.clock.now(),
        )


async def connect(penstock: Penstock, actor: Actor, choice: ProviderChoice) -> ProviderConnection:
    """The demo's connection, made at the first run; later runs bring the key up to date."""
    async with penstock.pool.acquire() as db:
        found = await connections.by_name(db, penstock.workspace_id, choice.connection_name)
        verify = penstock.llm.verify_key
        if found is None:
            return await connecting.connect(
                db,
                penstock.vault,
                penstock.workspace_id,
                actor,
                provider=choice.provider,
                name=choice.connection_name,
                key=choice.key,
                base_url=None,
                verify=verify,
            )
        if not choice.key:
            return found
        return await connecting.replace_key(
            db, penstock.vault, penstock.workspace_id, actor, found.id, key=choice.key, verify=verify
        )


async def find_model(
    penstock: Penstock, connection: ProviderConnection, choice: ProviderChoice, wanted: str | None
) -> str:
    """A model of the connection; the local one's weights are fetched when they are not here yet."""
    if connection.provider == "local":
        model = wanted or DEFAULT_MODEL
        with output.progress("Fetch the model", "bytes") as progress:
            await asyncio.to_thread(fetch, model, penstock.settings.models, progress)
        return model
    listed = await penstock.llm.list_models(connection.provider, choice.key, connection.base_url)
    return choose_model(connection.provider, listed, wanted)


async def put_flow(penstock: Penstock, actor: Actor, connection_id: int, model: str) -> Flow:
    """*Triage complaints*, turned on: created, or brought up to date when an earlier run made it."""
    document = triage_document(example(TRIAGE), connection_id, model)
    async with transaction(penstock.pool) as db:
        there = await _flow_named(db, penstock.workspace_id, str(document.get("name", "")))
        if there is None:
            return await flows.create(db, penstock.workspace_id, actor.label, document)
        revised: JsonObject = {**document, "revisionId": str(there.revision_id)}
        return await flows.replace(db, penstock.workspace_id, there.id, actor.label, revised)


async def _flow_named(db: Connection, workspace_id: int, name: str) -> Flow | None:
    after: int | None = 0
    while after is not None:
        page = await flows.list_flows(db, workspace_id, after)
        for flow in page.flows:
            if flow.name == name:
                return flow
        after = page.after
    return None


async def enroll(penstock: Penstock, engine: Engine, flow_id: int, how_many: int) -> Sequence[int]:
    """Enrolls demo tickets by hand and begins at once; returns the runs that they are on now.

    Tickets that an interrupted demo left in the flow are not enrolled again but waited for. Raises NotFound
    when there are no tickets.
    """
    async with transaction(penstock.pool) as db:
        chosen = await tickets.choose(db, penstock.workspace_id, how_many)
        if not chosen:
            raise NotFound(
                "No complaint came in as a ticket.", remedy="See what the import said, and try again."
            )
        plans = penstock.runner.plans
        enrolled = await enroll_by_hand(db, enqueue, plans, penstock.workspace_id, flow_id, chosen)
        run_ids = await results.under_way(db, penstock.workspace_id, flow_id, chosen)
    engine.begin([one.job for one in enrolled])
    output.note(f"{len(enrolled)} tickets enrolled.")
    return run_ids
