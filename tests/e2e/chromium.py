"""Finds the Chromium of the browser tests: CHROMIUM, PATH, or, as root on Debian and its kin, apt.

`python -m tests.e2e.chromium` runs before the tests and installs it where that is possible. It never fails:
without a browser the browser tests are skipped with the reason, and everything else runs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# No GPU and no sandbox in containers; no talk with Google; no name but our own is looked up.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)

MISSING = (
    "There is no Chromium, so the browser tests are skipped. Install it (Debian: apt install chromium) "
    "or name one: CHROMIUM=/path/to/chromium"
)


def find() -> str | None:
    """The path of a Chromium that starts, or None. One named by CHROMIUM is taken at its word."""
    if named := os.environ.get("CHROMIUM"):
        return named
    return next((path for name in NAMES if (path := shutil.which(name)) and _starts(path)), None)


def install() -> None:
    """Installs Debian's Chromium when we are root and there is none; otherwise says what to do."""
    if find() is not None:
        return
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        sys.stderr.write("Installing Chromium for the browser tests (apt-get install chromium)\n")
        quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update", "-qq"], ["install", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *arguments], env=quietly, stdout=subprocess.DEVNULL, check=False)  # noqa: S607
    if find() is None:
        sys.stderr.write(f"{MISSING}\n")


def _starts(path: str) -> bool:
    """Ubuntu's `chromium-browser` is a script that only says to install a snap."""
    try:
        return (
            subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


if __name__ == "__main__":
    install()
