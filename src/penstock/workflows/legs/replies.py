"""Carries the reply to a webhook back to the enrollment that waits for it."""

from __future__ import annotations

from penstock.actions.send_webhook import finish
from penstock.kit.database import Connection
from penstock.webhooks.deliveries import Delivery
from penstock.workflows.legs.leg import Arrival, LegKey
from penstock.workflows.legs.runner import STANDING, Runner


async def webhook_replied(runner: Runner, db: Connection, delivery: Delivery) -> None:
    """Goes on with the enrollment in the transaction that marks its delivery as over.

    A delivery that was given up fails the step; nothing happens if the enrollment was canceled meanwhile.
    """
    outcome = finish(delivery.response_status, delivery.response_body, delivery.error)
    await runner.commit_in(
        db, [Arrival(LegKey(delivery.enrollment_id, delivery.seq), outcome)], STANDING["reply"]
    )
