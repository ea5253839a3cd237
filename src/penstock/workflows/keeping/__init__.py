"""How long a workflow's logs keep what its LLM steps sent and got: `keeping` says it, `withheld` leaves out what is not
kept at all, and `blanking` takes out later what was kept long enough."""
