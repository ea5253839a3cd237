"""Reads a `filterBranch` document into a tree and collects everything that is wrong with it."""

from __future__ import annotations

from typing import cast

from penstock.crm.filters.operations import parse_operation
from penstock.crm.filters.tree import BranchType, FilterBranch, PropertyFilter
from penstock.crm.schema import ObjectSchema
from penstock.errors import InvalidInput, Problem, ProblemList
from penstock.kit.json import Json, JsonObject

MOST_FILTERS = 250  # HubSpot: filters in one set of enrollment triggers
DEEPEST = 20
BRANCH_TYPES = ("OR", "AND", "NOT_ALL", "NOT_ANY")


def parse(raw: Json, path: str = "filterBranch") -> FilterBranch:
    """The tree of a `filterBranch` document found at the JSON path `path`.

    Raises InvalidInput with all Problems at once. What Penstock does not evaluate is one of them
    (UNSUPPORTED_FILTER, UNSUPPORTED_OPERATION, UNSUPPORTED_OPERATOR), so it is never taken for true.
    """
    problems = ProblemList()
    branch = _branch(raw, path, 0, problems)
    if branch is not None and (count := sum(1 for _ in branch.all_filters())) > MOST_FILTERS:
        problems.add(
            path, "TOO_MANY_FILTERS", f"There are {count} filters; {MOST_FILTERS} is the most. Split them up."
        )
    if branch is None or problems.items:
        raise InvalidInput("The filter has problems.", problems=problems.items)
    return branch


def check(branch: FilterBranch, schema: ObjectSchema) -> list[Problem]:
    """A Problem for every filter whose property the schema does not have; paths are those that were parsed."""
    return [
        Problem(
            f"{found.path}.property",
            "UNKNOWN_PROPERTY",
            f"{schema.object_type.plural_label} have no property '{found.property[:100]}'. Choose one that exists.",
        )
        for found in branch.all_filters()
        if found.property not in schema.properties
    ]


def _branch(raw: Json, path: str, depth: int, problems: ProblemList) -> FilterBranch | None:
    if not isinstance(raw, dict):
        problems.add(
            path, "INVALID_FILTER", "A filter branch is an object with filterBranchType and filters."
        )
        return None
    if depth > DEEPEST:
        problems.add(path, "TOO_DEEP", f"Filter branches are nested deeper than {DEEPEST}. Flatten them.")
        return None
    kind = raw.get("filterBranchType")
    if kind not in BRANCH_TYPES:
        known = isinstance(kind, str)
        problems.add(
            f"{path}.filterBranchType",
            "UNSUPPORTED_FILTER" if known else "INVALID_FILTER",
            f"The branch type '{str(kind)[:60]}' is not evaluated. Use one of {', '.join(BRANCH_TYPES)}.",
        )
        return None
    branches = [
        _branch(item, f"{path}.filterBranches[{index}]", depth + 1, problems)
        for index, item in enumerate(_list(raw, "filterBranches", path, problems))
    ]
    filters = [
        _filter(item, f"{path}.filters[{index}]", problems)
        for index, item in enumerate(_list(raw, "filters", path, problems))
    ]
    return FilterBranch(
        cast("BranchType", kind),
        tuple(branch for branch in branches if branch is not None),
        tuple(found for found in filters if found is not None),
    )


def _filter(raw: Json, path: str, problems: ProblemList) -> PropertyFilter | None:
    if not isinstance(raw, dict):
        problems.add(path, "INVALID_FILTER", "A filter is an object with filterType, property and operation.")
        return None
    if raw.get("filterType") != "PROPERTY":
        problems.add(
            f"{path}.filterType",
            "UNSUPPORTED_FILTER",
            f"The filter type '{str(raw.get('filterType'))[:60]}' is not evaluated. Use PROPERTY filters.",
        )
        return None
    name = raw.get("property")
    if not isinstance(name, str) or not name:
        problems.add(
            f"{path}.property", "INVALID_FILTER", "The filter names no property. Give its internal name."
        )
        name = ""
    operation = raw.get("operation")
    test = parse_operation(operation, f"{path}.operation", problems)
    if test is None or not name:
        return None
    include = operation.get("includeObjectsWithNoValueSet") if isinstance(operation, dict) else None
    return PropertyFilter(name, test, include is True or include == "true", path)


def _list(raw: JsonObject, name: str, path: str, problems: ProblemList) -> list[Json]:
    value = raw.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        problems.add(f"{path}.{name}", "INVALID_FILTER", f"{name} is not a list.")
        return []
    return value
