"""Knowledge sets: documents of a workspace, cut into passages that are found by their words (decision 0016)."""
