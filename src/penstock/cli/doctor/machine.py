"""Checks of the machine: Python, open files, the home folder, the key file, the socket path, the port, model weights."""

from __future__ import annotations

import os
import platform
import shutil
import socket
import stat
import sys
import tempfile

from penstock.cli.doctor.check import Check, fail, failed_with, ok, warn
from penstock.errors import PenstockError
from penstock.kit.open_files import ENOUGH, allow_connections
from penstock.kit.postgres_programs import server_user
from penstock.kit.postgres_state import SOCKET, socket_folder
from penstock.kit.sealing import Keyring
from penstock.settings import Settings

OLDEST_PYTHON = (3, 11)
LITTLE_SPACE = 2_000_000_000  # bytes; the default local model alone takes about half of it
TOO_LITTLE_SPACE = 200_000_000


def python() -> Check:
    """The version of Python."""
    found = f"{platform.python_implementation()} {platform.python_version()} on {platform.system()} {platform.machine()}"
    if sys.version_info < OLDEST_PYTHON:
        return fail("Python", found, "Install Python 3.11 or newer.")
    return ok("Python", found)


def open_files() -> Check:
    """How many connections a process may have at a time, each of which is an open file."""
    name, most = "Open files", allow_connections()
    found = f"{most:,} a process"
    if most < ENOUGH:
        remedy = f"Raise the hard limit to {ENOUGH:,} (ulimit -Hn, LimitNOFILE= of systemd) for 10,000 calls at a time."
        return warn(name, found, remedy)
    return ok(name, found)


def home_folder(settings: Settings) -> Check:
    """Whether the home folder can be written, and how much room there is."""
    name = "Home folder"
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.home):
            pass
    except OSError as error:
        return fail(
            name,
            f"{settings.home} cannot be written ({error.strerror or error}).",
            "Set PENSTOCK_HOME to a folder that this user may write.",
        )
    free = shutil.disk_usage(settings.home).free
    found = f"{settings.home}, {free / 1e9:,.1f} GB free"
    if free < TOO_LITTLE_SPACE:
        return fail(name, found, "Free space on this disk; the database stops when it is full.")
    if free < LITTLE_SPACE:
        return warn(name, found, "Free space soon; below 2 GB there is no room for models and growth.")
    return ok(name, found)


def key_file(settings: Settings) -> Check:
    """Whether secrets can be sealed and opened, and whether others could read the key."""
    name = "Secret key"
    if settings.secret_key is None:
        place = settings.home / "secret.key"
        if not place.exists():
            return ok(name, f"{place} is made when it is first needed.")
        mode = stat.S_IMODE(place.stat().st_mode)
        if mode & 0o077:
            return fail(
                name,
                f"{place} has mode {mode:04o}: others can read it.",
                f"Run: chmod 600 {place}, then replace the API keys.",
            )
        found = f"{place}, mode {mode:04o}. Back it up apart from the database."
    else:
        found = "from PENSTOCK_SECRET_KEY"
    try:
        Keyring.load(settings)
    except PenstockError as problem:
        return failed_with(name, problem)
    return ok(name, found)


def socket_path(settings: Settings) -> Check:
    """Whether the embedded database can have its socket."""
    name = "Database socket"
    if settings.database_url is not None:
        return ok(name, "not needed: PENSTOCK_DATABASE_URL names the database")
    data = settings.home.expanduser().absolute() / "postgres"
    if not data.exists():
        length = len(os.fsencode(data / SOCKET))
        return ok(name, f"{data / SOCKET}, {length} bytes; made at the first start")
    try:
        return ok(name, str(socket_folder(data, server_user(data)) / SOCKET))
    except PenstockError as problem:
        return failed_with(name, problem)


def port(settings: Settings) -> Check:
    """Whether `penstock serve` could listen."""
    name = "Port"
    place = f"{settings.host}:{settings.port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except socket.gaierror as error:
        return fail(
            name,
            f"PENSTOCK_HOST: {settings.host} is no address of this machine ({error}).",
            "Set PENSTOCK_HOST to 127.0.0.1 or 0.0.0.0.",
        )
    except PermissionError:
        return fail(
            name, f"{place}: this user may not listen there.", "Set PENSTOCK_PORT to a number above 1023."
        )
    except OSError as error:
        return warn(
            name,
            f"{place} is in use ({error.strerror}).",
            "Fine if `penstock serve` runs now; otherwise set PENSTOCK_PORT to another number.",
        )
    return ok(name, f"{place} is free")
