import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.errors import InvalidInput
from penstock.kit.paging import after, keys_of


def test_the_cursor_of_a_record_is_its_id_as_in_hubspot() -> None:
    assert after(512) == "512"
    assert keys_of("512", int) == (512,)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(-(2**63), 2**63 - 1))
def test_sort_keys_survive_in_a_cursor_that_fits_a_url(name: str, number: int) -> None:
    cursor = after(name, number)
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert keys_of(cursor, str, int) == (name, number)


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "%", "WyJhIl0", after(1, 2), after("a", "b"), "bnVsbA", "é", "9" * 5_000, after("a", True)],
)
def test_a_cursor_of_another_list_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput, match=r"paging\.next\.after"):
        keys_of(cursor, str, int)


@pytest.mark.parametrize("cursor", ["-1", "1.5", "٣", "", "9" * 20, "1 OR 1=1"])
def test_a_record_cursor_is_a_number(cursor: str) -> None:
    with pytest.raises(InvalidInput):
        keys_of(cursor, int)
