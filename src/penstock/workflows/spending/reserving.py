"""Reserves what calls may cost before they are made, and settles it in the commit of what they came to.

Both happen under the lock of the caps concerned, taken in the order of their ids, so workers wait for each other
for a moment and never in a circle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_UP, Decimal

from penstock.actions.outcome import Failure
from penstock.kit.database import Connection, Row

SMALLEST_USD = Decimal("0.00000001")

# Served by the unique key; the lock is what makes a hundred workers reserve one after another.
LOCK_CAPS = """
SELECT id, scope, subject_id, limit_usd, reserved_usd, usd_each, period_start(period, workspace_id) AS period_start,
       CASE WHEN period_start = period_start(period, workspace_id) THEN spent_usd ELSE 0 END AS spent_usd
FROM spend_caps
WHERE workspace_id = $1 AND (scope = 'workspace' OR (scope = 'connection' AND subject_id = $2)
                             OR (scope IN ('flow', 'run') AND subject_id = ANY ($3::bigint[])))
ORDER BY id FOR NO KEY UPDATE
"""
# A retried run has paid for its earlier calls as well.
SPENT_BY_RUNS = """
SELECT enrollment_id, sum(coalesce(cost_usd, reserved_usd, 0)) AS usd FROM llm_calls
WHERE enrollment_id = ANY ($1::bigint[]) GROUP BY enrollment_id
"""
RESERVE = """
UPDATE spend_caps c SET reserved_usd = r.reserved_usd, spent_usd = r.spent_usd, period_start = r.period_start, usd_each = r.usd_each
FROM unnest($1::bigint[], $2::numeric[], $3::numeric[], $4::date[], $5::numeric[])
    AS r (id, reserved_usd, spent_usd, period_start, usd_each)
WHERE c.id = r.id
"""
# unnest flattens arrays of arrays, so that the ids of each call travel as text.
NOTE = """
UPDATE llm_calls c SET reserved_usd = r.usd, cap_ids = string_to_array(r.caps, ',')::bigint[]
FROM unnest($1::text[], $2::numeric[], $3::text[]) AS r (key, usd, caps) WHERE c.key = r.key
"""
CAPS_OF_CALLS = """
SELECT DISTINCT cap FROM llm_calls CROSS JOIN LATERAL unnest(cap_ids) AS cap
WHERE key = ANY ($1::text[]) AND cap_ids IS NOT NULL
"""
LOCK = "SELECT id FROM spend_caps WHERE id = ANY ($1::bigint[]) ORDER BY id FOR NO KEY UPDATE"
SETTLE = """
WITH calls AS (
    UPDATE llm_calls c SET reserved_usd = NULL, cap_ids = NULL
    FROM (SELECT key, reserved_usd, cap_ids FROM llm_calls WHERE key = ANY ($1::text[]) AND cap_ids IS NOT NULL) AS before
    WHERE c.key = before.key
    RETURNING before.cap_ids, before.reserved_usd, coalesce(c.cost_usd, 0) AS cost_usd
), sums AS (
    SELECT cap, sum(reserved_usd) AS reserved_usd, sum(cost_usd) AS cost_usd
    FROM calls CROSS JOIN LATERAL unnest(cap_ids) AS cap GROUP BY cap
)
UPDATE spend_caps c
SET reserved_usd = greatest(0, c.reserved_usd - s.reserved_usd),
    spent_usd = s.cost_usd + CASE WHEN c.period_start = period_start(c.period, c.workspace_id) THEN c.spent_usd ELSE 0 END,
    period_start = period_start(c.period, c.workspace_id)
FROM sums s WHERE c.id = s.cap
"""
# Calls that nobody will settle (a canceled run, a worker that never came back) hold nothing.
RECOUNT = """
UPDATE spend_caps c SET reserved_usd = coalesce((
    SELECT sum(call.reserved_usd) FROM llm_calls call JOIN enrollments e ON e.id = call.enrollment_id
    WHERE call.status = 'started' AND c.id = ANY (call.cap_ids) AND e.status IN ('ACTIVE', 'WAITING')
      AND call.key = e.id || '.' || e.seq || '.' || e.next_action_id), 0)
WHERE c.id = $1
"""
HELD = "SELECT id FROM spend_caps WHERE reserved_usd > 0 ORDER BY id"


SCOPES = {
    "workspace": "the workspace",
    "flow": "this workflow",
    "connection": "the connection",
    "run": "each run",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """A call that was claimed and wants to be paid for.

    `about` says in USD what it may cost, None where no price of its model is known; it is asked only under a cap.
    """

    key: str
    enrollment_id: int
    flow_id: int
    about: Callable[[], Decimal | None]


@dataclass(frozen=True, slots=True)
class Reached:
    """A cap that has no room for a call; `priced` is False where nobody knows what the call would cost."""

    cap_id: int
    scope: str
    limit_usd: Decimal
    spent_usd: Decimal
    priced: bool = True

    def failure(self, model: str) -> Failure:
        """Why a call of this model was not made, in words."""
        of = SCOPES[self.scope]
        if not self.priced:
            return Failure(
                "PRICE_UNKNOWN",
                f"A cap holds for {of}, and no price of {model} is known, so the call was not made.",
                "Set a price for the model, choose a model with a price, or remove the cap; then retry.",
            )
        return Failure(
            "CAP_REACHED",
            f"The cap of {in_words(self.limit_usd)} for {of} has no room for another call: "
            f"{in_words(self.spent_usd)} are spent or under way.",
            "Raise or remove the cap; runs that wait for it then go on by themselves.",
        )


@dataclass(frozen=True, slots=True)
class Reservation:
    """By key the caps under which something is reserved for a call, and the caps that others met."""

    caps: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    refused: Mapping[str, Reached] = field(default_factory=dict)


@dataclass(slots=True)
class _Cap:
    id: int
    scope: str
    subject_id: int
    limit: Decimal
    reserved: Decimal
    spent: Decimal
    each: Decimal
    row: Row
    by_run: dict[int, Decimal] = field(default_factory=dict)

    def holds_for(self, wish: Wish) -> bool:
        return self.scope in ("workspace", "connection") or self.subject_id == wish.flow_id

    def used(self, wish: Wish) -> Decimal:
        if self.scope == "run":
            return self.by_run.get(wish.enrollment_id, Decimal(0))
        return self.spent + self.reserved


async def reserve(
    db: Connection, workspace_id: int, connection_id: int, wishes: Sequence[Wish]
) -> Reservation:
    """Reserves what fits under the caps that hold, in the order of the wishes.

    The caller's transaction must hold the claims of the calls. Without caps it is one query that finds nothing.
    """
    if not wishes:
        return Reservation()
    caps = await _lock(db, workspace_id, connection_id, wishes)
    if not caps:
        return Reservation()
    refused: dict[str, Reached] = {}
    reserved: list[tuple[Wish, Decimal, list[_Cap]]] = []
    for wish in wishes:
        holding = [cap for cap in caps if cap.holds_for(wish)]
        usd = wish.about()
        if usd is None:
            if holding:
                cap = holding[0]
                refused[wish.key] = Reached(cap.id, cap.scope, cap.limit, cap.used(wish), priced=False)
            continue
        # As the tables keep it: what is settled later is then exactly what was reserved.
        usd = usd.quantize(SMALLEST_USD, ROUND_UP)
        full = next((cap for cap in holding if cap.used(wish) + usd > cap.limit), None)
        if full is not None:
            refused[wish.key] = Reached(full.id, full.scope, full.limit, full.used(wish))
            # Whoever lets runs on looks for so much room, so that none is let on in vain again and again.
            full.each = max(full.each, usd)
            continue
        for cap in holding:
            cap.reserved += usd
            cap.each = usd if not cap.each else cap.each + (usd - cap.each) / 10
        if holding:
            reserved.append((wish, usd, holding))
    await db.execute(
        RESERVE,
        [cap.id for cap in caps],
        [cap.reserved for cap in caps],
        [cap.spent for cap in caps],
        [cap.row["period_start"] for cap in caps],
        [cap.each for cap in caps],
    )
    await db.execute(
        NOTE,
        [wish.key for wish, _, _ in reserved],
        [usd for _, usd, _ in reserved],
        [",".join(str(cap.id) for cap in holding) for _, _, holding in reserved],
    )
    held = {wish.key: tuple(cap.id for cap in holding) for wish, _, holding in reserved}
    return Reservation(held, refused)


async def settle(db: Connection, keys: Sequence[str]) -> None:
    """Puts what these calls cost in the place of what was reserved for them; calls not made cost nothing."""
    rows = await db.fetch(CAPS_OF_CALLS, list(keys))
    if rows:
        await db.execute(LOCK, [row["cap"] for row in rows])
        await db.execute(SETTLE, list(keys))


async def recount(db: Connection) -> None:
    """Counts anew what is reserved under each cap; run now and then, each cap in a statement of its own."""
    for row in await db.fetch(HELD):
        async with db.transaction():
            await db.execute(LOCK, [row["id"]])
            await db.execute(RECOUNT, row["id"])


async def _lock(db: Connection, workspace_id: int, connection_id: int, wishes: Sequence[Wish]) -> list[_Cap]:
    flows = sorted({wish.flow_id for wish in wishes})
    rows = await db.fetch(LOCK_CAPS, workspace_id, connection_id, flows)
    caps = [
        _Cap(
            row["id"], row["scope"], row["subject_id"], row["limit_usd"], row["reserved_usd"], row["spent_usd"],
            row["usd_each"], row,
        )
        for row in rows
    ]  # fmt: skip
    if any(cap.scope == "run" for cap in caps):
        runs = sorted({wish.enrollment_id for wish in wishes})
        spent = {row["enrollment_id"]: row["usd"] for row in await db.fetch(SPENT_BY_RUNS, runs)}
        for cap in caps:
            if cap.scope == "run":
                cap.by_run = spent
    return caps


def in_words(amount: Decimal) -> str:
    """An amount for people: two decimals, more where those would hide it."""
    if amount == 0 or amount >= Decimal("0.1"):
        return f"{amount:.2f} USD"
    return f"{amount:.{max(4, 1 - amount.adjusted())}f} USD"
