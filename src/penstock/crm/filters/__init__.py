"""Filters: HubSpot's `filterBranch` grammar, shared by enrollment, branches, goals, suppression and segments.

`parse` reads a document into a tree, `check` compares it with a schema, `matches` asks one record, `predicate`
asks the database; the last two agree.
"""

from penstock.crm.filters.document import check, parse
from penstock.crm.filters.match import matches
from penstock.crm.filters.sql import Predicate, predicate
from penstock.crm.filters.tree import FilterBranch, PropertyFilter

__all__ = ["FilterBranch", "Predicate", "PropertyFilter", "check", "matches", "parse", "predicate"]
