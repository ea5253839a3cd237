"""Percentiles from buckets are near the true ones, whatever the durations."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from penstock.workflows.figures.latency import bucket_of, percentile

DURATIONS = st.lists(st.floats(0.001, 3000), min_size=1, max_size=200)


@given(DURATIONS, st.sampled_from([0.5, 0.95, 1.0]))
def test_a_percentile_lies_in_the_bucket_of_the_true_one(seconds: list[float], share: float) -> None:
    ordered = sorted(seconds)
    rank = max(1, -(-len(ordered) * share // 1))
    found = percentile(Counter(bucket_of(one) for one in seconds), share)
    assert found is not None
    assert abs(bucket_of(found / 1000 * 0.999999) - bucket_of(ordered[int(rank) - 1])) <= 1


def test_nothing_has_no_percentile_and_nothing_is_faster_than_a_millisecond() -> None:
    assert percentile({}, 0.5) is None
    assert percentile({bucket_of(0.0): 3}, 0.95) == 1.0
    assert bucket_of(1e9) == bucket_of(1e6), "whatever takes longer than an hour is in the last bucket"
