"""What can be seen of the embedded server from outside: its version, its socket, its stale lock files."""

from __future__ import annotations

import hashlib
import os
import pwd
import socket
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

from penstock.errors import DatabaseProblem

SOCKET = ".s.PGSQL.5432"
# sockaddr_un.sun_path holds 108 bytes on Linux and 104 on macOS, the closing NUL included.
LONGEST_SOCKET_PATH = (104 if sys.platform == "darwin" else 108) - 1
NOBODY = 2_147_483_647  # No kernel gives a process this id (Linux stops at 4,194,304, macOS at 99,999).


def data_folder_version(data: Path) -> int | None:
    """The major version of PostgreSQL that made `data`, or None when there is no such folder or it is empty.

    Raises DatabaseProblem when the folder holds something else.
    """
    if not data.exists():
        return None
    version = data / "PG_VERSION"
    if version.exists():
        text = version.read_text().strip()
        if text.isdigit():
            return int(text)
    elif not any(data.iterdir()):
        data.rmdir()
        return None
    raise DatabaseProblem(
        f"The folder {data} holds files, but no PostgreSQL database.",
        remedy="Move it away, or set PENSTOCK_HOME to another folder.",
    )


def socket_folder(data: Path, user: pwd.struct_passwd | None) -> Path:
    """The folder of the server's socket: the data folder, or a private one in /tmp when that path is too long.

    Raises DatabaseProblem when neither will do.
    """
    if _fits(data):
        return data
    short = Path(tempfile.gettempdir()) / f"penstock-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"
    if not _fits(short):
        raise DatabaseProblem(
            f"The path of the database socket would be longer than {LONGEST_SOCKET_PATH} bytes: {data / SOCKET}",
            remedy="Set PENSTOCK_HOME or TMPDIR to a folder with a shorter path.",
        )
    owner = user.pw_uid if user else os.geteuid()
    if not short.is_symlink() and not short.exists():
        short.mkdir(mode=0o700)
        if user is not None:
            os.chown(short, user.pw_uid, user.pw_gid)
    found = short.lstat()
    # Anybody may create names in /tmp: a folder that is not ours alone could hold somebody else's socket.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise DatabaseProblem(
            f"{short} exists and is not a private folder of the database's user.",
            remedy="Remove it, or set PENSTOCK_HOME to a folder with a shorter path.",
        )
    return short


def is_listening(sockets: Path) -> bool:
    """Whether a server takes connections on the socket in `sockets`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(5)
        try:
            client.connect(str(sockets / SOCKET))
        except OSError:
            return False
    return True


def disown_stale_locks(data: Path, sockets: Path) -> None:
    """Frees lock files whose process id now belongs to an unrelated process.

    After a `kill -9` (or a new container on the same volume) the id in postmaster.pid may be somebody
    else's, and PostgreSQL then refuses to start. Writing an impossible id, instead of removing the file,
    keeps PostgreSQL's second check alive: whether old backends still hold the shared memory named in it.
    """
    for lock in (data / "postmaster.pid", sockets / f"{SOCKET}.lock"):
        try:
            lines = lock.read_text().splitlines(keepends=True)
        except FileNotFoundError:
            continue
        if lines and lines[0].strip().isdigit() and not _is_postgres(int(lines[0])):
            lock.write_text("".join([f"{NOBODY}\n", *lines[1:]]))


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / SOCKET)) <= LONGEST_SOCKET_PATH


def _is_postgres(pid: int) -> bool:
    """Whether the process `pid` lives and is a postgres."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
        shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)  # noqa: S603, S607
        command = shown.stdout
    return b"postgres" in command
