import uuid
from itertools import pairwise

import pytest

from penstock.kit import ids


def test_an_id_is_a_uuid_of_version_7_that_holds_its_millisecond(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time_ns", lambda: 0x017F22E279B0 * 1_000_000)  # the example of RFC 9562, A.6
    made = ids.new_uuid()
    assert str(made).startswith("017f22e2-79b0-7")
    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_ids_sort_by_the_time_they_were_made_and_never_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter(range(10**18, 10**18 + 10**9, 10**6))
    monkeypatch.setattr("time.time_ns", lambda: next(times))
    made = [ids.new_uuid() for _ in range(1000)]
    assert all(before < after for before, after in pairwise(made))
    monkeypatch.undo()
    assert len({ids.new_uuid() for _ in range(10_000)}) == 10_000
