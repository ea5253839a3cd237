"""LLM steps of backfills at the batch price: runs wait as rows while the provider answers, up to a day.

`waiting` has a leg wait as a question, `store` puts questions into a batch, `work` carries each batch through its
states, `reading` says what an answer comes to and `answers` commits it, `batches` is what people see of it.
"""
