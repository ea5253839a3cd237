"""Records: create, read, update and archive."""

from __future__ import annotations

from penstock.crm.record_writes import PropertyWrite, write_values

__all__ = ["PropertyWrite", "write_values"]
