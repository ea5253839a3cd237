"""Declared outputs of a step: to a JSON schema for the model, and from its answer to values (pure).

The model chooses nothing but the values of these fields, and of a choice only among its options (security R42).
"""

from penstock.llm.outputs.answer import Answer, parse
from penstock.llm.outputs.field import Option, OutputField, OutputType, OutputValue, confidence_name
from penstock.llm.outputs.schema import instruction, schema

__all__ = [
    "Answer",
    "Option",
    "OutputField",
    "OutputType",
    "OutputValue",
    "confidence_name",
    "instruction",
    "parse",
    "schema",
]
