"""Knowledge sets in workflows: which steps use them, and what a step finds in them for a record."""
