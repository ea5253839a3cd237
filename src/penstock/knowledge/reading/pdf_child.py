"""The program that reads one PDF: the file on standard input, its pages as JSON on standard output.

A process of its own, because a PDF can be made to take any amount of time and memory, which a thread could not be
stopped from. Started by `pdf`.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import sys
from collections.abc import Sequence

MOST_MEMORY = 1 << 30  # bytes of address space
MOST_PAGES = 2_000


def main() -> None:
    """Writes `{"pages": [text, ...]}`, or `{"refused": why}`."""
    if sys.platform != "win32":
        import resource

        # Some systems let nobody set it; the limit of time holds there too.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    json.dump(_read(sys.stdin.buffer.read()), sys.stdout)


def _read(data: bytes) -> dict[str, str | Sequence[str]]:
    from pypdf import PasswordType, PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            return {"refused": "password"}
        if len(reader.pages) > MOST_PAGES:
            return {"refused": "pages"}
        return {"pages": [page.extract_text() for page in reader.pages]}
    except MemoryError:
        return {"refused": "memory"}
    except Exception as error:  # noqa: BLE001 - a broken file breaks in many ways
        return {"refused": f"broken: {type(error).__name__}"}


if __name__ == "__main__":
    main()
