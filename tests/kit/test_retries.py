from hypothesis import given
from hypothesis import strategies as st

from penstock.kit.retries import LONGEST_GAP_SECONDS, gap_after


def test_gaps_begin_quick_then_double_from_a_minute_to_eight_hours() -> None:
    whole = [gap_after(attempts, None, 1.0) for attempts in range(1, 14)]
    assert whole[:6] == [5, 30, 60, 120, 240, 480]
    assert whole[-1] == 8 * 3600
    assert sum(whole) > 86_400


@given(
    attempts=st.integers(1, 10_000),
    asked=st.none() | st.floats(0, 1e9),
    spread=st.floats(0, 1, exclude_max=True),
)
def test_a_gap_is_never_shorter_than_asked_nor_longer_than_eight_hours(
    attempts: int, asked: float | None, spread: float
) -> None:
    gap = gap_after(attempts, asked, spread)
    assert min(asked or 0.0, LONGEST_GAP_SECONDS) <= gap <= LONGEST_GAP_SECONDS
    assert gap >= 3.75
