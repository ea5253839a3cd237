"""Fixtures for the CRM: a workspace with HubSpot's types, its schemas, and sources to write with."""

from __future__ import annotations

import pytest

from penstock.crm.defaults import install
from penstock.crm.schema import ObjectSchema, load_schema
from penstock.crm.source import Source
from penstock.kit.database import Connection

API = Source("API", "7", "Token of a test")


@pytest.fixture
async def crm(db: Connection) -> Connection:
    """The fresh database with the default object types in workspace 1."""
    await install(db, 1)
    return db


@pytest.fixture
async def tickets(crm: Connection) -> ObjectSchema:
    """The schema of tickets."""
    return await load_schema(crm, 1, "0-5")


@pytest.fixture
async def contacts(crm: Connection) -> ObjectSchema:
    """The schema of contacts."""
    return await load_schema(crm, 1, "0-1")


@pytest.fixture
def source() -> Source:
    """An API token as the source of writes."""
    return API
