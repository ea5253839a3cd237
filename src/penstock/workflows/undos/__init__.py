"""Taking back what workflows wrote: a value, a step, a run, a revision, a span of time, or an undo itself.

`selection` says which versions are meant, `standing` what stands there now and what may be done about it, `preview`
shows it, `undos` keeps what people asked for, and `work` does it in batches that survive a restart.
"""
