"""Calls outside of runs (tests of a step, samples, evals, judges) keep to the same caps as those of runs."""

from __future__ import annotations

from decimal import Decimal

from penstock.connections.connections import ProviderConnection
from penstock.kit.database import Pool, transaction
from penstock.llm.catalog import price
from penstock.llm.client import Completes
from penstock.llm.errors import LlmError
from penstock.llm.request import LlmRequest
from penstock.llm.result import LlmResult
from penstock.workflows.spending.estimates import Estimates
from penstock.workflows.spending.reserving import LOCK, Wish, reserve

# Nothing about these calls is kept in the ledger, so that what a killed process had reserved is found by the recount.
SETTLE = """
UPDATE spend_caps c
SET reserved_usd = greatest(0, c.reserved_usd - $2),
    spent_usd = $3 + CASE WHEN c.period_start = period_start(c.period, c.workspace_id) THEN c.spent_usd ELSE 0 END,
    period_start = period_start(c.period, c.workspace_id)
WHERE c.id = ANY ($1::bigint[])
"""


class Capped:
    """Makes calls through one connection for a step of a workflow (0: none), each within the caps that hold for them.

    What they cost teaches `estimates`, which whoever makes many of them keeps.
    """

    def __init__(
        self,
        pool: Pool,
        client: Completes,
        connection: ProviderConnection,
        estimates: Estimates,
        flow_id: int,
        action_id: str,
    ) -> None:
        self._pool = pool
        self._client = client
        self._connection = connection
        self._estimates = estimates
        self._flow_id = flow_id
        self._action_id = action_id

    async def complete(self, provider: str, key: str, base_url: str | None, request: LlmRequest) -> LlmResult:
        """Asks the model once. Raises LlmError, of kind out_of_money when a cap has no room or no price is known."""
        step = (self._flow_id, self._action_id, provider)
        usd = self._estimates.of(*step, request, self._connection.workspace_id)
        caps = await self._reserve(request, usd)
        spent = Decimal(0)
        try:
            result = await self._client.complete(provider, key, base_url, request)
            cost = price(provider, result.model, result.usage, self._connection.workspace_id)
            spent = (usd or Decimal(0)) if cost is None else cost
            tokens = result.usage.output
            self._estimates.learn(
                *step, request, tokens, cost, self._connection.workspace_id, result.usage.searches
            )
            return result
        finally:
            if caps:
                async with transaction(self._pool) as db:
                    await db.execute(LOCK, caps)
                    await db.execute(SETTLE, caps, usd, spent)

    async def _reserve(self, request: LlmRequest, usd: Decimal | None) -> list[int]:
        wish = Wish("", 0, self._flow_id, lambda: usd)
        async with transaction(self._pool) as db:
            reservation = await reserve(db, self._connection.workspace_id, self._connection.id, [wish])
        cap = reservation.refused.get(wish.key)
        if cap is not None:
            failure = cap.failure(request.model)
            raise LlmError("out_of_money", failure.message, retriable=False, remedy=failure.remedy)
        return list(reservation.caps.get(wish.key, ()))
