"""Penstock walks CRM records through workflows whose heart is a language-model step."""

__version__ = "0.1.0"
