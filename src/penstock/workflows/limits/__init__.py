"""Keeps LLM calls to the limits of provider and owner, shared by all workers, without holding anything while waiting."""
