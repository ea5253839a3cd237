"""Serves the built screens. Knows nothing of the API: the server puts the two side by side."""
