"""What needs people's attention, across workflows: causes with the runs behind them, and what to do about each.

`causes` says in plain words what an error code means, `failed` and `paused` find the runs, `others` the rest,
and `attention` puts them together.
"""
