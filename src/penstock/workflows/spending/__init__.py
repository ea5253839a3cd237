"""Caps on what model calls may cost: reserved before a call, settled after it, in the same commits as the runs."""
