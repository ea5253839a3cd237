"""Whether a call may be made now: its turn at the provider, its claim in the ledger, its room under the caps.

All of it is one transaction, held for no longer than these statements. Who has no turn or no room waits as a row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from penstock.actions.outcome import Fail
from penstock.connections.connections import ProviderConnection
from penstock.kit.database import Connection
from penstock.workflows.legs.booking import as_json
from penstock.workflows.legs.leg import Arrival, cap_for, limit_for
from penstock.workflows.legs.llm_call import Call
from penstock.workflows.legs.parking import Parked, park
from penstock.workflows.legs.store import FORGET_UNMADE
from penstock.workflows.limits.parking import take_permits
from penstock.workflows.spending.estimates import Estimates
from penstock.workflows.spending.reserving import Reached, Wish, reserve

# One statement a batch. A row that another live worker holds is not returned: that worker answers for it.
CLAIM_CALLS = """
INSERT INTO llm_calls (key, workspace_id, enrollment_id, flow_id, action_id, connection_id, provider, model, status, worker_id)
SELECT key, workspace_id, enrollment_id, flow_id, action_id, $7, $8, model, 'started', $9
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::text[])
    AS call (key, workspace_id, enrollment_id, flow_id, action_id, model)
ON CONFLICT (key) DO UPDATE
SET attempts = llm_calls.attempts + 1, worker_id = excluded.worker_id, started_at = now()
WHERE llm_calls.status = 'started'
  AND (llm_calls.worker_id = excluded.worker_id
       OR NOT EXISTS (SELECT FROM workers w WHERE w.id = llm_calls.worker_id
                      AND w.heartbeat_at > now() - make_interval(secs => $10)))
RETURNING key, cap_ids IS NOT NULL AS capped
"""
# After the claim, so that it sees what whoever held the call before has done.
STANDING = """
SELECT e.id, e.seq FROM unnest($1::bigint[], $2::int[]) AS leg (id, seq)
JOIN enrollments e ON e.id = leg.id AND e.seq = leg.seq AND e.status = 'ACTIVE'
"""

# A worker that has not been heard of for so long is taken for dead (seconds).
DEAD_AFTER_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Admitted:
    """A call that may go out in so many `seconds`.

    `booked` says whether a pace counts it, `capped` whether something is reserved for it under a cap.
    """

    call: Call
    seconds: float
    booked: bool
    capped: bool


@dataclass(frozen=True, slots=True)
class _Permitted:
    call: Call
    seconds: float
    booked: bool


async def admit(
    db: Connection,
    connection: ProviderConnection,
    calls: Sequence[Call],
    worker_id: str,
    estimates: Estimates,
) -> tuple[list[Admitted], list[Arrival]]:
    """The calls that may be made, and what the others come to that do not wait. Claims those that it admits.

    A call that another live worker has claimed is in neither: that worker answers for it.
    """
    # The claim comes first: whoever holds it decides alone whether the leg calls, fails or waits.
    claimed = await _claim(db, connection, calls, worker_id)
    claimed = await _standing(db, claimed, calls)
    ours = [call for call in calls if call.leg.step_key in claimed]
    permitted = await _permitted(db, connection, ours)
    # A claim taken over from a dead worker brings what that one reserved.
    fresh = [one.call for one in permitted if not claimed[one.call.leg.step_key]]
    reached = await reserve(
        db, connection.workspace_id, connection.id, [_wish(call, connection, estimates) for call in fresh]
    )
    admitted = []
    for one in permitted:
        key = one.call.leg.step_key
        if key not in reached.refused:
            capped = claimed[key] or key in reached.caps
            admitted.append(Admitted(one.call, one.seconds, one.booked, capped))
    refused = [
        (call, reached.refused[call.leg.step_key]) for call in fresh if call.leg.step_key in reached.refused
    ]
    return admitted, await refuse(db, refused)


async def _permitted(
    db: Connection, connection: ProviderConnection, calls: Sequence[Call]
) -> list[_Permitted]:
    permitted: list[_Permitted] = []
    fresh: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        if call.leg.permit_in is None:
            fresh[call.prepared.request.model].append(call)
        else:
            permitted.append(_Permitted(call, max(0.0, call.leg.permit_in), booked=True))
    parked: list[tuple[Call, Parked]] = []
    for model, of_model in sorted(fresh.items()):
        given = await take_permits(db, connection, model, len(of_model))
        for call, at in zip(of_model, given.times, strict=False):
            permitted.append(_Permitted(call, max(0.0, at - given.now), booked=given.booked))
        waits = limit_for(connection.id, model)
        parked += [
            (call, Parked(call.leg.key, waits, call.fields.deadline)) for call in of_model[len(given.times) :]
        ]
    await _wait(db, parked)
    return permitted


async def _standing(db: Connection, claimed: Mapping[str, bool], calls: Sequence[Call]) -> dict[str, bool]:
    """The claims whose legs still stand where they stood; the others are given up.

    A claim waits for whoever held the call before, and that one may have moved the leg on meanwhile.
    """
    legs = [call.leg for call in calls if call.leg.step_key in claimed]
    if not legs:
        return {}
    rows = await db.fetch(STANDING, [leg.key.enrollment_id for leg in legs], [leg.key.seq for leg in legs])
    there = {(row["id"], row["seq"]) for row in rows}
    moved = [leg.step_key for leg in legs if (leg.key.enrollment_id, leg.key.seq) not in there]
    if moved:
        await db.execute(FORGET_UNMADE, moved)
    return {key: capped for key, capped in claimed.items() if key not in set(moved)}


async def _wait(db: Connection, parked: Sequence[tuple[Call, Parked]]) -> None:
    """Has claimed calls wait as rows, and gives their claims up."""
    if parked:
        await db.execute(FORGET_UNMADE, [call.leg.step_key for call, _ in parked])
        await park(db, [one for _, one in parked])


async def _claim(
    db: Connection, connection: ProviderConnection, calls: Sequence[Call], worker_id: str
) -> dict[str, bool]:
    """The keys of the calls that are ours now, and whether something is reserved for them already."""
    if not calls:
        return {}
    rows = await db.fetch(
        CLAIM_CALLS,
        [call.leg.step_key for call in calls],
        [call.leg.workspace_id for call in calls],
        [call.leg.key.enrollment_id for call in calls],
        [call.leg.flow_id for call in calls],
        [call.leg.next_action_id for call in calls],
        [call.prepared.request.model for call in calls],
        connection.id,
        connection.provider,
        worker_id,
        DEAD_AFTER_SECONDS,
    )
    return {row["key"]: row["capped"] for row in rows}


def _wish(call: Call, connection: ProviderConnection, estimates: Estimates) -> Wish:
    leg = call.leg
    about = partial(
        estimates.of,
        leg.flow_id,
        leg.next_action_id or "",
        connection.provider,
        call.prepared.request,
        connection.workspace_id,
    )
    return Wish(leg.step_key, leg.key.enrollment_id, leg.flow_id, about)


async def refuse(db: Connection, refused: Sequence[tuple[Call, Reached]]) -> list[Arrival]:
    """Has the calls without room wait; those whose author wants that fail instead, as do those without a price."""
    arrivals: list[Arrival] = []
    parked: list[Parked] = []
    for call, cap in refused:
        failure = cap.failure(call.prepared.request.model)
        others = call.fields.falls_back(failure.code, call.leg.turn)
        if call.fields.when_cap_reached == "fail" or others or not cap.priced:
            arrivals.append(Arrival(call.leg.key, Fail(failure, inputs=call.prepared.inputs())))
        else:
            error = {**as_json(failure), "action_id": call.leg.next_action_id, "cap_id": str(cap.cap_id)}
            parked.append(Parked(call.leg.key, cap_for(cap.cap_id), None, error))
    if refused:
        await db.execute(FORGET_UNMADE, [call.leg.step_key for call, _ in refused])
    await park(db, parked)
    return arrivals
