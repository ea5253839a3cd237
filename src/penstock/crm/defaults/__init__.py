"""HubSpot's own object types and default properties, put into every workspace."""

from penstock.crm.defaults.install import install

__all__ = ["install"]
