"""The command line as tests use it: in this process on a fresh database, and as a process of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.cli.threaded_stand_in import environment, threaded_stand_in
from tests.conftest import folder_for_a_server
from tests.llm_stand_in import StandIn

from penstock.cli.main import main
from penstock.crm import records
from penstock.crm.defaults import install as install_defaults
from penstock.crm.schema import load_schema
from penstock.crm.source import Source
from penstock.kit.database import Connection
from penstock.settings import Settings


@dataclass(frozen=True)
class Ended:
    """How a command line ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, object]:
        """Standard output as the one JSON document that it must be."""
        document = json.loads(self.out)
        assert isinstance(document, dict)
        return document


Cli = Callable[..., Ended]


@pytest.fixture(scope="module")
def provider() -> Iterator[StandIn]:
    """A provider in OpenAI's place."""
    with threaded_stand_in() as server:
        yield server


@pytest.fixture
def cli(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ended]:
    """Runs a command line in this process on the fresh database: `cli("flows", "list", stdin="…", env={…})`."""
    for name in [name for name in os.environ if name.startswith("PENSTOCK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PENSTOCK_HOME", str(settings.home))
    monkeypatch.setenv("PENSTOCK_DATABASE_URL", settings.database_url or "")
    monkeypatch.setenv("PENSTOCK_SECRET_KEY", settings.secret_key or "")

    def run(*arguments: object, stdin: str = "", env: Mapping[str, str] | None = None) -> Ended:
        for name, value in (env or {}).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ended(status, captured.out, captured.err)

    return run


@dataclass
class Installation:
    """A home folder with its embedded database, used by processes of their own."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: object, stdin: str = "", env: Mapping[str, str] | None = None) -> Ended:
        """Runs a command line to its end, at most two minutes."""
        done = subprocess.run(
            self._command(arguments),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            env=self._variables(env),
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: object, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Starts a command line that runs on."""
        return subprocess.Popen(
            self._command(arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self._variables(env),
        )

    def _command(self, arguments: Sequence[object]) -> list[str]:
        return [sys.executable, "-W", "error", "-m", "penstock", *(str(argument) for argument in arguments)]

    def _variables(self, more: Mapping[str, str] | None) -> dict[str, str]:
        outer = {name: value for name, value in os.environ.items() if not name.startswith("PENSTOCK_")}
        return {
            **outer,
            "PENSTOCK_HOME": str(self.home),
            "PENSTOCK_PORT": "0",
            **self.environment,
            **(more or {}),
        }


@pytest.fixture(scope="module")
def installation(provider: StandIn) -> Iterator[Installation]:
    """One home folder for the tests of a module, with the stand-in in OpenAI's place."""
    with folder_for_a_server() as folder:
        yield Installation(folder / "penstock", environment(provider))


@pytest.fixture
async def ticket(db: Connection) -> int:
    """The id of a ticket in the fresh database."""
    await install_defaults(db, 1)
    schema = await load_schema(db, 1, "0-5")
    source = Source("API", "test", "test")
    async with db.transaction():
        return (await records.create(db, 1, schema, {"subject": "Card charged twice"}, source)).id
