"""LLM steps of backfills at the batch price: runs wait as rows while the provider answers, up to a day.

`waiting` has a leg wait as a question, `forming` puts questions into a batch, `work` carries each batch through its
states, `answers` commits what came of the questions, `batches` is what people see of it.
"""
