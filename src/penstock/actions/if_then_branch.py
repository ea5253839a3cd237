"""If/then branch (LIST_BRANCH): the first branch whose filters the record meets, in HubSpot's filter grammar.

A PROPERTY filter may also look at an earlier output: its property is then the token's path,
`action_outputs.action_output_<actionId>.<output>`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from pydantic import Field

from penstock.actions.action import Action, CheckContext, Effect, Section, StepContext, no_outputs
from penstock.actions.branches import BranchModel, Edge, exit_names
from penstock.actions.outcome import Done, Fail, Failure, Outcome
from penstock.actions.tokens import (
    ACTION_OUTPUTS,
    OUTPUT_PREFIX,
    check_output,
    check_property,
    output_reference,
    text_of,
)
from penstock.crm import filters
from penstock.errors import InvalidInput, Problem
from penstock.kit.json import Json, JsonObject

# If/then takes up to 20 branches (HubSpot knowledge base, use if/then branches in workflows).
MAX_LIST_BRANCHES = 20


class ListBranch(BranchModel):
    """One branch: its filters and where it leads; without a connection the record's way ends there."""

    branch_name: str | None = None
    filter_branch: dict[str, Json] | None = None
    connection: Edge | None = None

    @cached_property
    def condition(self) -> filters.FilterBranch | None:
        """The typed filters; None when the branch has none. Raises InvalidInput for filters that cannot be run."""
        return filters.parse(self.filter_branch, "filterBranch") if self.filter_branch else None


class ListBranchFields(BranchModel):
    """Inputs of *If/then branch*."""

    list_branches: tuple[ListBranch, ...] = Field(title="Branches", json_schema_extra={"control": "filters"})
    default_branch: Edge | None = Field(default=None, title="None met")
    default_branch_name: str | None = Field(default=None, title="Name of the last branch")

    def exits(self) -> dict[str | None, str | None]:
        """Branch name to next actionId; None is the default exit."""
        names = exit_names(branch.branch_name for branch in self.list_branches)
        targets = [
            branch.connection.next_action_id if branch.connection else None for branch in self.list_branches
        ]
        default = self.default_branch.next_action_id if self.default_branch else None
        return {None: default, **dict(zip(names, targets, strict=True))}


def check(fields: ListBranchFields, ctx: CheckContext, path: str) -> list[Problem]:
    """Too many branches, branches without filters, filters that cannot be run, unknown properties."""
    problems: list[Problem] = []
    if len(fields.list_branches) > MAX_LIST_BRANCHES:
        message = f"{len(fields.list_branches)} branches are more than {MAX_LIST_BRANCHES}. Split them over two actions."
        problems.append(Problem(f"{path}.listBranches", "TOO_MANY_BRANCHES", message))
    for index, branch in enumerate(fields.list_branches):
        at = f"{path}.listBranches[{index}].filterBranch"
        if not branch.filter_branch:
            message = "The branch has no filters, so it is never taken. Add a filter or remove the branch."
            problems.append(Problem(at, "MISSING_FILTER", message))
            continue
        problems += check_filters(branch.filter_branch, ctx, at)
    return problems


def check_filters(branch: Mapping[str, Json], ctx: CheckContext, path: str) -> list[Problem]:
    """Problems of a filter tree: of its grammar, and of the properties and outputs that it names."""
    problems: list[Problem] = []
    try:
        filters.parse(dict(branch), path)
    except InvalidInput as error:
        problems += error.problems or (Problem(path, "INVALID_FILTER", error.message),)
    for at, name in filter_properties(branch, path):
        reference = output_reference(tuple(name.split(".")))
        problems += check_output(*reference, ctx, at) if reference else check_property(name, ctx, at)
    return problems


def filter_properties(branch: Mapping[str, Json], path: str) -> Iterator[tuple[str, str]]:
    """The JSON path and name of every property that a filter tree names."""
    inner = branch.get("filters")
    for index, item in enumerate(inner if isinstance(inner, list) else []):
        if isinstance(item, dict) and isinstance(name := item.get("property"), str):
            yield f"{path}.filters[{index}].property", name
    branches = branch.get("filterBranches")
    for index, item in enumerate(branches if isinstance(branches, list) else []):
        if isinstance(item, dict):
            yield from filter_properties(item, f"{path}.filterBranches[{index}]")


def run(fields: ListBranchFields, ctx: StepContext) -> Outcome:
    """Takes the first branch that matches, else the default."""
    values = with_outputs(ctx.values, ctx.outputs)
    names = exit_names(branch.branch_name for branch in fields.list_branches)
    for name, branch in zip(names, fields.list_branches, strict=True):
        try:
            condition = branch.condition
        except InvalidInput as error:
            return Fail(
                Failure(
                    "UNSUPPORTED_FILTER",
                    f"Branch '{name}' has a filter that cannot be run: {error.message}",
                    "Change the branch's filter, then retry.",
                )
            )
        if condition is not None and filters.matches(condition, values, ctx.schema, ctx.now):
            return Done(branch=name)
    return Done()


def with_outputs(values: Mapping[str, str], outputs: Mapping[str, JsonObject]) -> dict[str, str]:
    """The record's values with all earlier outputs beside them, under the names that filters use for them."""
    merged = dict(values)
    for action_id, named in outputs.items():
        for key, value in named.items():
            if (text := text_of(value)) is not None:
                merged[f"{ACTION_OUTPUTS}.{OUTPUT_PREFIX}{action_id}.{key}"] = text
    return merged


IF_THEN_BRANCH = Action(
    node_type="LIST_BRANCH",
    name="if_then_branch",
    title="If/then branch",
    section=Section.BRANCH,
    description="Send the record down the first branch whose filters it meets.",
    effect=Effect.BRANCH,
    fields=ListBranchFields,
    outputs=no_outputs,
    check=check,
    run=run,
)
