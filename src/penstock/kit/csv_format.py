"""Finding out how a CSV file is written: its encoding and its delimiter, from its first 64 KB."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from typing import BinaryIO

SAMPLE = 65_536
DELIMITERS = ",;\t|"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Format:
    """A Python codec name and a delimiter character."""

    encoding: str = "utf-8-sig"
    delimiter: str = ","


def sniff(file: BinaryIO) -> tuple[Format, BinaryIO]:
    """The format of a file, and the file to read on from: what was looked at is given again."""
    sample = b""
    while len(sample) < SAMPLE and (more := file.read(SAMPLE - len(sample))):
        sample += more
    encoding = _encoding(sample, whole=len(sample) < SAMPLE)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(sample)
    return Format(encoding, _delimiter(text)), _Rejoined(sample, file)


def rejoin(file: BinaryIO) -> io.BufferedReader:
    """The file as the buffered reader that text decoding wants, without closing it at the end."""
    return io.BufferedReader(_Rejoined(b"", file), SAMPLE)


def _encoding(sample: bytes, *, whole: bool) -> str:
    """By byte-order mark; else UTF-8 if it is that; else UTF-16 by its zero bytes; else what Windows writes."""
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    for name, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(sample) >= 4 and zeros.count(0) > len(zeros) * 0.4:
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, whole)
    except UnicodeDecodeError as error:
        # One stray byte in a file of proper multi-byte characters is a broken row, not another encoding.
        proper = len(sample[: error.start].decode()) < error.start
        return "utf-8" if proper else "cp1252"
    return "utf-8-sig"


def _delimiter(text: str) -> str:
    """The candidate that cuts most rows into as many cells as the first one, and into more than one."""

    def fit(delimiter: str) -> tuple[int, int]:
        try:
            counts = [
                len(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row
            ]
        except csv.Error:
            return (0, 0)
        whole = counts[:50] if len(counts) < 2 else counts[:-1][:50]  # The last row of a sample may be cut.
        width = whole[0] if whole else 0
        return (whole.count(width), width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=fit)


class _Rejoined(io.RawIOBase, BinaryIO):
    """First the bytes that were read already, then the rest of the file."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        piece = self._head[: len(buffer)] if self._head else self._rest.read(len(buffer))
        self._head = self._head[len(piece) :]
        buffer[: len(piece)] = piece
        return len(piece)
