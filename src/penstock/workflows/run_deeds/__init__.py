"""What people do with runs that stand still: retry, skip a step, cancel; one by one or all of a kind.

`retry`, `skip` and `cancel_many` take a batch of ids and do it with a few statements; `operations` keeps what was
asked for all runs of a kind, and workers do it in such batches, however many there are.
"""
