"""Fixtures for tests of our own routes."""

from tests.api.penstock.ships import vessels

__all__ = ["vessels"]
