"""What people read of runs: lists with filters, counts, the action log of a workflow, and the page of one run.

Every list is read by an index up to its page, and every count ends at `counts.MOST_COUNTED`, so that none of
them gets slower as runs add up.
"""
