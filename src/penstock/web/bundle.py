"""The built screens, read into memory: every file with its type and its precompressed forms.

A request only ever looks up a path in this table, so that no path leads out of the folder.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from starlette.datastructures import Headers

INDEX = "index.html"
# Their names hold a hash of their contents (Vite, "build.assetsDir").
HASHED = "/assets/"
# The smallest first. Names of encodings as in RFC 9110, 8.4.1, and RFC 7932.
ENCODINGS = {"br": ".br", "gzip": ".gz"}
# The types that matter do not depend on what this machine has in its own table.
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".map": "application/json",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file. `bodies` are its forms by encoding; "identity" is always among them."""

    type: str
    bodies: Mapping[str, bytes] = field(repr=False)

    def chosen(self, headers: Headers) -> tuple[str, bytes]:
        """The encoding that the browser takes and the bytes in it: Brotli, then gzip, then as it is."""
        accepted = accepted_encodings(headers.get("accept-encoding", ""))
        for encoding in ENCODINGS:
            if encoding in self.bodies and encoding in accepted:
                return encoding, self.bodies[encoding]
        return "identity", self.bodies["identity"]


@dataclass(frozen=True, slots=True)
class Bundle:
    """All files by their path in an address, such as `/assets/index-1a2b.js`, and the page itself."""

    index: str = field(repr=False)
    assets: Mapping[str, Asset] = field(repr=False)
    stamp: int  # of the page in nanoseconds: tells whether another build lies there by now


def read_bundle(folder: Path) -> Bundle | None:
    """Reads a folder that `vite build` wrote; None when there is no page in it."""
    stamp = stamp_of(folder)
    if stamp is None:
        return None
    assets = {}
    for path in sorted(folder.rglob("*")):
        name = "/" + path.relative_to(folder).as_posix()
        if "/." in name or not path.is_file() or path.suffix in ENCODINGS.values() or name == f"/{INDEX}":
            continue
        bodies = {"identity": path.read_bytes()}
        for encoding, suffix in ENCODINGS.items():
            packed = path.with_name(path.name + suffix)
            if packed.is_file():
                bodies[encoding] = packed.read_bytes()
        assets[name] = Asset(_type_of(path), bodies)
    return Bundle((folder / INDEX).read_text(encoding="utf-8"), assets, stamp)


def stamp_of(folder: Path) -> int | None:
    """When the page was built, in nanoseconds; None when it was not."""
    try:
        return (folder / INDEX).stat().st_mtime_ns
    except OSError:
        return None


def accepted_encodings(header: str) -> set[str]:
    """The encodings named by Accept-Encoding, without those refused by a weight of 0 (RFC 9110, 12.5.3)."""
    found = set()
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        value = weight.strip().removeprefix("q=").strip()
        try:
            refused = value != "" and float(value) == 0
        except ValueError:
            refused = False
        if name.strip() and not refused:
            found.add(name.strip())
    return found


def _type_of(path: Path) -> str:
    return TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
