"""Workflows that start each other in a loop: noticed (`guard`), kept with what led there, and gone on with by people (`stops`)."""
