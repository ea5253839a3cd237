"""Running enrollments in legs: load and lock, walk, call models, commit.

`leg` has the words, `walk` the rules (pure), `store` the SQL, `runner` the transaction around them;
`llm_lane` and `llm_call` make the calls between two legs, `committer` gathers their outcomes, `replies`
brings webhook replies back.
"""
