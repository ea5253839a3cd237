"""Penstock as an MCP server: routes of the API as tools for agents.

The other direction does not exist: a step of a workflow gets no tools of others (decision record 0015, security R42).
"""
