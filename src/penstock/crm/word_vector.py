"""The words of a record as SQL: what `record_words` holds, written the same way by every statement that fills it."""

from __future__ import annotations

# The distinct words of a record's searchable values, each behind workspace and type: folded, cut at everything that is
# no letter, digit or character beyond ASCII. A telephone number is found by its digits in one piece too. Long texts
# count with their beginning. Not a function in the database: that would start an executor for each record.
EXPRESSION = r"""
array_to_tsvector(ARRAY(
    SELECT $1::bigint || ':' || $2::text || ':' || left(word, 60)
    FROM unnest(regexp_split_to_array(
        fold(array_to_string(ARRAY(SELECT left(r.properties ->> name, 4000) FROM unnest(NAMES::text[]) AS name), ' ')
             || ' ' || array_to_string(ARRAY(
                 SELECT regexp_replace(r.properties ->> name, '[^0-9]', '', 'g') FROM unnest(NAMES::text[]) AS name
                 WHERE r.properties ->> name ~ '^[+0-9 ()./-]{5,40}$'), ' ')),
        '[^a-z0-9\u0080-\U0010ffff]+')) AS word
    WHERE word <> '' LIMIT 500))
"""


def word_vector(names: str) -> str:
    """The expression over `records r` of workspace `$1` and type `$2`; `names` is the parameter of property names."""
    return EXPRESSION.replace("NAMES", names)
