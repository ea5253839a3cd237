"""Decompression of HTTP bodies (RFC 9110, 8.4.1) that never makes more bytes than the caller takes."""

from __future__ import annotations

import zlib

_AUTODETECT = zlib.MAX_WBITS | 32  # gzip or zlib by their headers
_RAW = -zlib.MAX_WBITS
_SLICE = 256 * 1024  # bytes made at a time, because zlib's own buffer grows to twice what it makes


class Oversize(Exception):
    """The decompressed body is larger than allowed."""


class Inflater:
    """Takes a body chunk by chunk: `identity`, `gzip` or `deflate`. Raises Oversize beyond `max_bytes`.

    Other encodings, broken data and a body that ends early raise ValueError.
    """

    __slots__ = ("_chunks", "_decoder", "_empty", "_left", "_plain")

    def __init__(self, encoding: str, max_bytes: int) -> None:
        name = encoding.strip().lower()
        if name not in {"identity", "gzip", "x-gzip", "deflate"}:
            raise ValueError(f"it is encoded as {name[:40]!r}, which was not asked for")
        self._plain = name == "identity"
        self._decoder = zlib.decompressobj(_AUTODETECT)
        self._left = max_bytes
        self._chunks: list[bytes] = []
        self._empty = True

    def feed(self, data: bytes) -> None:
        """Decompresses one chunk."""
        if self._plain:
            self._keep(data)
            return
        if self._empty and data and data[0] & 0x0F != zlib.DEFLATED and data[:1] != b"\x1f":
            self._decoder = zlib.decompressobj(_RAW)  # Some servers send deflate without zlib's header.
        made = b""
        while data or len(made) == _SLICE:  # a full slice may have more behind it without any input left
            if self._decoder.eof:
                if not data:
                    return
                self._decoder = zlib.decompressobj(_AUTODETECT)  # the next member of a row (RFC 1952, 2.2)
            self._empty = False
            try:
                made = self._decoder.decompress(data, _SLICE)
            except zlib.error as error:
                raise ValueError(f"it cannot be decompressed ({error})") from None
            self._keep(made)
            data = self._decoder.unused_data or self._decoder.unconsumed_tail

    def finish(self) -> bytes:
        """The whole body."""
        if not self._plain and not self._empty and not self._decoder.eof:
            raise ValueError("it ends in the middle of compressed data")
        return b"".join(self._chunks)

    def _keep(self, data: bytes) -> None:
        self._left -= len(data)
        if self._left < 0:
            raise Oversize
        self._chunks.append(data)
