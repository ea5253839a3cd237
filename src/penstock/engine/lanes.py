"""The lanes: DBOS queues that carry batches of legs, and the one way to put legs into them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from penstock.kit.database import Connection
from penstock.kit.json import dumps
from penstock.workflows.legs.leg import LegJob, LegKey

# DBOS scopes queues and jobs by application; the SQL function wants the same name that workers launch with.
APPLICATION = "penstock"
# Jobs carry nothing but fenced keys, so every release can run those of every other: one version for all.
APPLICATION_VERSION = "legs-1"
RUN_LEGS = "run_legs"

# A job per leg was measured ten times slower than a batch of fifty; larger batches gain little and make the
# unit of recovery coarser.
LEGS_PER_JOB = 50

# DBOS's own enqueue function, inside our transaction: the results, the cursor and the next job are one commit.
ENQUEUE = """
SELECT dbos.enqueue_workflow(
    workflow_name => $1, queue_name => job.lane, positional_args => ARRAY[to_json(job.lane), job.legs::json],
    application_name => $2)
FROM unnest($3::text[], $4::text[]) AS job (lane, legs)
"""


async def enqueue(db: Connection, jobs: Sequence[LegJob]) -> None:
    """Puts legs into their lanes, fifty to a job, inside the caller's transaction."""
    by_lane: dict[str, list[list[int]]] = defaultdict(list)
    for job in jobs:
        by_lane[job.lane].append([job.key.enrollment_id, job.key.seq])
    lanes: list[str] = []
    batches: list[str] = []
    for lane, legs in by_lane.items():
        for start in range(0, len(legs), LEGS_PER_JOB):
            lanes.append(lane)
            batches.append(dumps(legs[start : start + LEGS_PER_JOB]).decode())
    await db.execute(ENQUEUE, RUN_LEGS, APPLICATION, lanes, batches)


def keys_of(legs: Sequence[Sequence[int]]) -> list[LegKey]:
    """The keys that a job's JSON carries."""
    return [LegKey(int(leg[0]), int(leg[1])) for leg in legs]
