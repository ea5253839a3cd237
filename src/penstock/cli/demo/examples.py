"""Finds the example files: in a checkout under `examples/`, in an installation beside the program's shared data."""

from __future__ import annotations

import sysconfig
from pathlib import Path

from penstock.errors import NotFound

COMPLAINTS = "complaints.csv"
PROPERTIES = "ticket-properties.json"
TRIAGE = "triage-complaints.json"


def example(name: str) -> Path:
    """The path of an example file. Raises NotFound when the installation came without it."""
    checkout = Path(__file__).resolve().parents[4] / "examples"
    installed = Path(sysconfig.get_path("data")) / "share" / "penstock" / "examples"
    for folder in (checkout, installed):
        if (folder / name).is_file():
            return folder / name
    raise NotFound(
        f"The example file {name} is neither in {checkout} nor in {installed}.",
        remedy="Run the demo from a checkout, or install Penstock again.",
    )
