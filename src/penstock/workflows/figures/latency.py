"""Percentiles of durations from counts in buckets, so that a month of calls needs no row for each call.

A bucket is half an octave of milliseconds: bucket b holds durations of more than 2^((b-1)/2) up to 2^(b/2).
Within a bucket durations are taken to lie evenly on the logarithmic scale, which is off by a fifth at most.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

NO_CALL = -1
LAST_BUCKET = 44  # 2^22 ms, more than an hour, and everything beyond


def bucket_of(seconds: float) -> int:
    """The bucket of a duration; nothing is shorter than a millisecond or longer than the last bucket."""
    milliseconds = max(1.0, seconds * 1000)
    return min(LAST_BUCKET, math.ceil(2 * math.log2(milliseconds)))


def percentile(buckets: Mapping[int, int], share: float) -> float | None:
    """The milliseconds that `share` (0 to 1) of the durations do not exceed; None when there are none.

    `buckets` maps a bucket to how many durations it holds; NO_CALL is not among them.
    """
    total = sum(buckets.values())
    if total == 0:
        return None
    rank = share * total
    passed = 0
    for bucket in sorted(buckets):
        count = buckets[bucket]
        if count and passed + count >= rank:
            within = min(1.0, max(0.0, (rank - passed) / count))
            milliseconds: float = 2.0 ** ((bucket - 1 + within) / 2) if bucket > 0 else 1.0
            return milliseconds
        passed += count
    raise AssertionError("the ranks of a share lie within the total")
