"""What runs came to, by day: counted while they are committed, folded by a worker, read by screens.

`tally` counts the runs and steps of a commit, `fold` adds the tallies to the days, `latency` gives percentiles
from buckets, `spend` and `performance` read, `forecast` looks ahead.
"""
