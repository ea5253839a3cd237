"""How long an outside effect waits between attempts."""

from __future__ import annotations

# Most trouble is over in a moment, so the first two gaps are short; then as HubSpot retries webhooks: from one
# minute, at most eight hours, for up to three days (developers.hubspot.com, workflows, webhook information).
QUICK_GAPS_SECONDS = (5.0, 30.0)
FIRST_GAP_SECONDS = 60.0
LONGEST_GAP_SECONDS = 8 * 3600.0


def gap_after(attempts: int, asked: float | None, spread: float) -> float:
    """Seconds to wait after attempt number `attempts` (1, 2, …) came to nothing.

    `spread` in [0, 1) scatters the gap over its last quarter, so that a thousand effects refused in one second
    do not come back in one second. A wait that the receiver asked for is never cut short, except at eight hours.
    """
    if attempts <= len(QUICK_GAPS_SECONDS):
        gap = QUICK_GAPS_SECONDS[attempts - 1]
    else:
        doublings = min(attempts - len(QUICK_GAPS_SECONDS) - 1, 20)
        gap = min(FIRST_GAP_SECONDS * 2.0**doublings, LONGEST_GAP_SECONDS)
    gap *= 0.75 + 0.25 * spread
    return gap if asked is None else max(gap, min(asked * (1 + 0.1 * spread), LONGEST_GAP_SECONDS))
