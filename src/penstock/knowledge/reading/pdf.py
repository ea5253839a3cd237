"""PDF: the text of each page, read in a process that can be stopped."""

from __future__ import annotations

import asyncio
import sys
from weakref import WeakKeyDictionary

from penstock.errors import InvalidInput
from penstock.kit.json import JsonObject, loads
from penstock.knowledge.reading.block import Block
from penstock.knowledge.reading.plain import read_plain

LONGEST_SECONDS = 60.0
AT_ONCE = 2  # processes; each may take a gigabyte
CHILD = "penstock.knowledge.reading.pdf_child"

REFUSALS = {
    "password": ("is protected by a password", "Save it without the password, then add it again."),
    "pages": ("has more than 2,000 pages", "Split it into several documents."),
    "memory": ("takes more than 1 GB of memory to read", "Split it, or save it as text."),
    "time": (f"takes longer than {LONGEST_SECONDS:.0f} seconds to read", "Split it, or save it as text."),
    "no text": (
        "holds no text; it may be a scan",
        "Have its text recognized (OCR) and save it with the text, then add it again.",
    ),
    "broken": ("cannot be read as PDF", "Open it in a PDF reader and save it anew, or save it as text."),
}


async def read_pdf(name: str, data: bytes) -> list[Block]:
    """The paragraphs of each page. Raises InvalidInput that says why the file cannot be read, and what to do."""
    told = await _ask_child(data)
    pages = told.get("pages")
    if not isinstance(pages, list):
        raise refusal(name, str(told.get("refused", "broken")))
    blocks = [
        Block(block.text, page=number)
        for number, text in enumerate(pages, 1)
        for block in read_plain(str(text))
    ]
    if not blocks:
        raise refusal(name, "no text")
    return blocks


def refusal(name: str, why: str) -> InvalidInput:
    """The error for a PDF that cannot be read; `why` is a key of `REFUSALS`."""
    says, remedy = REFUSALS.get(why, REFUSALS["broken"])
    return InvalidInput(f"'{name}' {says}.", remedy=remedy)


# One for each event loop, because a semaphore belongs to the loop that first waits for it.
_places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def _ask_child(data: bytes) -> JsonObject:
    """What the child tells, once there is a place for it."""
    places = _places.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))
    async with places:
        return await _asked(data)


async def _asked(data: bytes) -> JsonObject:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        CHILD,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        output, _ = await asyncio.wait_for(child.communicate(data), LONGEST_SECONDS)
    except TimeoutError:
        return {"refused": "time"}
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    told = loads(output) if child.returncode == 0 and output else None
    return told if isinstance(told, dict) else {"refused": "memory" if child.returncode else "broken"}
