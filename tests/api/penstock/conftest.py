"""Fixtures for tests of our own routes."""

from tests.api.penstock.ships import untouched_vessels, vessels

__all__ = ["untouched_vessels", "vessels"]
