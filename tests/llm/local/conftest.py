"""The real SmolLM2 for tests: fetched beforehand, because tests themselves reach loopback only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from penstock.kit.http import HttpClient
from penstock.llm.client import LlmClient
from penstock.llm.local.known_weights import SMOLLM2
from penstock.llm.local.server import Shape
from penstock.llm.local.servers import LocalServers
from penstock.llm.local.weights import path_of
from penstock.settings import Settings


@pytest.fixture
def models() -> Path:
    """The folder with SmolLM2's weights."""
    folder = Settings.from_environment().models
    if path_of(SMOLLM2, folder) is None:
        pytest.fail(f"SmolLM2 is not in {folder}. Run: python -m penstock.llm.local.weights {SMOLLM2.name}")
    return folder


@pytest.fixture
async def servers(models: Path, tmp_path: Path) -> AsyncIterator[LocalServers]:
    """Local models with two slots each; their servers end with the test."""
    servers = LocalServers(models, tmp_path / "logs", Shape(slots=2, threads=1))
    yield servers
    await servers.close()


@pytest.fixture
async def llm(servers: LocalServers, tmp_path: Path) -> AsyncIterator[LlmClient]:
    """A client whose own HTTP client may reach nothing on this machine."""
    async with HttpClient() as http:
        yield LlmClient(http, Settings(home=tmp_path), local=servers)
