"""Fixtures for tests of the MCP server."""

from tests.api.penstock.ships import untouched_vessels, vessels

__all__ = ["untouched_vessels", "vessels"]
