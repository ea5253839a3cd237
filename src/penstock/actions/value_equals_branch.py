"""Value equals branch (STATIC_BRANCH): the exit whose literal equals one property or one earlier output."""

from __future__ import annotations

from pydantic import Field

from penstock.actions.action import Action, CheckContext, Effect, OutputType, Section, StepContext, no_outputs
from penstock.actions.branches import BranchModel, Edge, exit_names
from penstock.actions.outcome import Done, Fail, Failure, Outcome
from penstock.actions.values import FieldData, ObjectProperty, ValueSpec, check_value, resolve, value_options
from penstock.errors import Problem

# "Value equals" takes up to 250 branches (HubSpot knowledge base, use if/then branches in workflows).
MAX_STATIC_BRANCHES = 250


class StaticBranch(BranchModel):
    """One literal and where it leads; without a connection the record's way ends there."""

    branch_value: str
    connection: Edge | None = None


class StaticBranchFields(BranchModel):
    """Inputs of *Value equals branch*."""

    input_value: ValueSpec = Field(
        title="Value",
        json_schema_extra={
            "control": "value",
            "modes": ["OBJECT_PROPERTY", "FIELD_DATA"],
            "start": {"type": "OBJECT_PROPERTY", "propertyName": ""},
        },
    )
    static_branches: tuple[StaticBranch, ...] = Field(title="Branches")
    default_branch: Edge | None = Field(default=None, title="None of these")
    default_branch_name: str | None = Field(default=None, title="Name of the last branch")

    def exits(self) -> dict[str | None, str | None]:
        """Branch name to next actionId; None is the default exit."""
        names = exit_names(branch.branch_value for branch in self.static_branches)
        targets = [
            branch.connection.next_action_id if branch.connection else None for branch in self.static_branches
        ]
        default = self.default_branch.next_action_id if self.default_branch else None
        return {None: default, **dict(zip(names, targets, strict=True))}


def check(fields: StaticBranchFields, ctx: CheckContext, path: str) -> list[Problem]:
    """Too many or doubled branches, unknown values, literals that the value can never take."""
    problems = check_value(fields.input_value, ctx, f"{path}.inputValue")
    if not isinstance(fields.input_value, ObjectProperty | FieldData):
        message = "A value equals branch looks at a record property (OBJECT_PROPERTY) or an earlier output (FIELD_DATA)."
        problems.append(Problem(f"{path}.inputValue", "UNSUPPORTED_VALUE", message))
    if len(fields.static_branches) > MAX_STATIC_BRANCHES:
        message = f"{len(fields.static_branches)} branches are more than {MAX_STATIC_BRANCHES}. Remove some."
        problems.append(Problem(f"{path}.staticBranches", "TOO_MANY_BRANCHES", message))
    possible = _possible_values(fields.input_value, ctx)
    seen: set[str] = set()
    for index, branch in enumerate(fields.static_branches):
        at = f"{path}.staticBranches[{index}].branchValue"
        if branch.branch_value in seen:
            message = (
                f"The value '{branch.branch_value}' has a branch before; this one is never taken. Remove one."
            )
            problems.append(Problem(at, "DUPLICATE_BRANCH", message, "warning"))
        elif possible is not None and branch.branch_value not in possible:
            message = (
                f"The value is never '{branch.branch_value}'. It can be: {', '.join(sorted(possible)[:10])}."
            )
            problems.append(Problem(at, "BRANCH_NEVER_TAKEN", message, "warning"))
        seen.add(branch.branch_value)
    return problems


def run(fields: StaticBranchFields, ctx: StepContext) -> Outcome:
    """Takes the first branch whose literal equals the value exactly, else the default."""
    if not isinstance(fields.input_value, ObjectProperty | FieldData):
        return Fail(
            Failure(
                "UNSUPPORTED_VALUE",
                f"A value equals branch cannot look at a value of type {fields.input_value.type}.",
                "Choose a record property or an earlier output in the branch.",
            )
        )
    resolved = resolve(fields.input_value, ctx)
    if isinstance(resolved, Failure):
        # What never ran has no value, and "no value" has a branch: the default one.
        return Done(inputs={"value": None}, detail={"warnings": [resolved.message]})
    value = resolved.text
    names = exit_names(branch.branch_value for branch in fields.static_branches)
    for name, branch in zip(names, fields.static_branches, strict=True):
        if branch.branch_value == (value or ""):
            return Done(branch=name, inputs={"value": value})
    return Done(inputs={"value": value})


def _possible_values(spec: ValueSpec, ctx: CheckContext) -> frozenset[str] | None:
    """All values a spec can have when that is known, else None."""
    if (
        isinstance(spec, ObjectProperty)
        and ctx.schema
        and (prop := ctx.schema.properties.get(spec.property_name))
    ):
        if prop.type == "enumeration" and prop.options and not prop.multiple:
            return frozenset(option.value for option in prop.options)
        return frozenset({"true", "false"}) if prop.type == "bool" else None
    output = value_options(spec, ctx)
    if output is None:
        return None
    if output.type is OutputType.BOOL:
        return frozenset({"true", "false"})
    return frozenset(option.value for option in output.options) or None


VALUE_EQUALS_BRANCH = Action(
    node_type="STATIC_BRANCH",
    name="value_equals_branch",
    title="Value equals branch",
    section=Section.BRANCH,
    description="Send the record down the branch whose value equals a property or an earlier output.",
    effect=Effect.BRANCH,
    fields=StaticBranchFields,
    outputs=no_outputs,
    check=check,
    run=run,
)
