"""Editing a workflow: its draft, what changed, publishing it, its revisions, who else has it open."""
