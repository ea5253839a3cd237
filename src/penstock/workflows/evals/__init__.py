"""Evals: what an LLM step should answer for known inputs, how often it does, and publishing that waits for it."""
