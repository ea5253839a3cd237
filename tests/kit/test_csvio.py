import io
from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from penstock.kit import csvio
from penstock.kit.csv_format import sniff
from penstock.kit.csvio import Format, Limits, Row, RowError, harmless


def rows_of(data: bytes, limits: Limits | None = None) -> list[tuple[int, list[str] | str]]:
    found = csvio.read(io.BytesIO(data), limits=limits or Limits())
    return [(row.line, row.cells if isinstance(row, Row) else row.code) for row in found]


def test_rows_carry_the_line_they_begin_on_through_quoted_line_breaks_and_blank_lines() -> None:
    assert rows_of(b'a,b\r\n\r\n"x\ny","1 ""2"""\r\nlast,\r\n') == [
        (1, ["a", "b"]),
        (3, ["x\ny", '1 "2"']),
        (5, ["last", ""]),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_out(encoding: str, delimiter: str) -> None:
    text = f"name{delimiter}note\r\nJosé{delimiter}naïve café - “x”\r\n"
    assert rows_of(text.encode(encoding)) == [(1, ["name", "note"]), (2, ["José", "naïve café - “x”"])]


def test_a_comma_in_quoted_text_does_not_win_over_the_delimiter() -> None:
    assert rows_of(b'a;b\n"1,2,3";x\n"4,5";y\n')[1] == (2, ["1,2,3", "x"])


def test_a_quote_that_never_closes_costs_one_row_and_reading_goes_on() -> None:
    data = b'a,b\n1,"open\n' + b"".join(b"%d,fine\n" % n for n in range(2, 30_000))
    found = rows_of(data)
    assert found[1] == (2, "CELL_TOO_LONG")
    assert found[2:] == [(n + 1, [str(n), "fine"]) for n in range(2, 30_000)]


def test_a_quote_left_open_near_the_end_costs_one_row_too() -> None:
    assert rows_of(b'a,b\n1,"open\n2,fine\n3,fine') == [
        (1, ["a", "b"]), (2, "UNCLOSED_QUOTE"), (3, ["2", "fine"]), (4, ["3", "fine"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (b"x\0y,1", "NUL_CHARACTER"),
        (b"caf\xe9,1", "WRONG_ENCODING"),
        (b'"two\nlines\0",1', "NUL_CHARACTER"),
        (b",".join([b"1"] * 2_001), "TOO_MANY_COLUMNS"),
        (b"x" * (csvio.LONGEST_CELL + 1), "CELL_TOO_LONG"),
    ],
)
def test_a_broken_row_is_an_error_in_its_place(broken: bytes, code: str) -> None:
    data = (
        "ä,ö\n".encode() * 20_000 + broken + b"\nafter,1\n"
    )  # beyond the sample, so that the format is settled
    found = rows_of(data)
    assert found[20_000] == (20_001, code)
    assert [cells for _, cells in found[20_001:]] == [["after", "1"]]


def test_a_line_without_end_is_dropped_in_constant_memory() -> None:
    class Endless(io.RawIOBase):
        left = 40 * csvio.LONGEST_LINE

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            size = min(len(buffer), self.left)
            buffer[:size] = b"," * size
            self.left -= size
            return size

    found = list(csvio.read(Endless(), Format(delimiter=";")))  # type: ignore[arg-type]
    assert [(row.line, row.code) for row in found if isinstance(row, RowError)] == [(1, "LINE_TOO_LONG")]


def test_a_row_of_endless_quoted_cells_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csvio, "LONGEST_ROW", 10_000)
    data = b"a,b\n" + b'"\n",' * 3_000 + b"end\nafter,1\n"
    found = rows_of(data)
    assert found[1] == (2, "ROW_TOO_LONG")
    assert found[-1][1] == ["after", "1"]


def test_no_more_rows_are_read_than_allowed() -> None:
    assert rows_of(b"a,b\n1,2\n3,4\n5,6\n", Limits(rows=2)) == [
        (1, ["a", "b"]), (2, ["1", "2"]), (3, "TOO_MANY_ROWS"),
    ]  # fmt: skip


def test_the_callers_file_stays_open_and_need_not_be_seekable() -> None:
    file = io.BufferedReader(io.BytesIO(b"a,b\n"))  # type: ignore[arg-type]
    assert len(list(csvio.read(file))) == 1
    assert not file.closed


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1"]
)
def test_a_formula_becomes_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-5", "+49 30 123456", "-1,234.50", "a=b", "", "'=1"])
def test_numbers_and_ordinary_text_stay(cell: str) -> None:
    assert harmless(cell) == cell


CELLS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
    min_size=2,
    max_size=5,
)


@given(st.lists(CELLS, min_size=1, max_size=20))
def test_what_is_written_is_read_back_but_for_the_mark_on_formulas(rows: Sequence[Sequence[str]]) -> None:
    data = b"".join(csvio.write(rows))
    read = list(csvio.read(io.BytesIO(data), Format("utf-8", ",")))
    assert [row.cells for row in read if isinstance(row, Row)] == [
        [harmless(cell) for cell in row] for row in rows
    ]


@example(data=b"\x00\x00\x00\x00\x00")
@given(st.binary(max_size=300))
def test_any_bytes_at_all_become_rows_and_errors(data: bytes) -> None:
    for row in csvio.read(io.BytesIO(data)):
        assert row.line >= 1
    assert sniff(io.BytesIO(data))[0].delimiter in ",;\t|"
