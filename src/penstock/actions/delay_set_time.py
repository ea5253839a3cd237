"""Delay for a set amount of time (HubSpot's 0-1), until a day of the week, or until a time of day."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from penstock.actions.action import Action, CheckContext, Effect, Section, StepContext, no_outputs
from penstock.actions.moments import DayOfWeek, TimeOfDay, wait_until
from penstock.actions.outcome import Fail, Failure, Outcome, Wait
from penstock.errors import Problem

MAX_DELAY_DAYS = 5 * 365
DAYS_PER_UNIT = {"MINUTES": 1 / 1440, "HOURS": 1 / 24, "DAYS": 1.0, "WEEKS": 7.0}


class DelayFields(BaseModel):
    """Inputs of *Delay for a set amount of time*."""

    model_config = ConfigDict(extra="allow", frozen=True)

    delta: str | int = Field(
        title="Amount", json_schema_extra={"control": "number", "width": "half", "minimum": 0, "start": "1"}
    )
    time_unit: Literal["MINUTES", "HOURS", "DAYS", "WEEKS"] = Field(
        title="Unit", json_schema_extra={"width": "half", "start": "DAYS"}
    )
    days_of_week: tuple[DayOfWeek, ...] = Field(
        default=(),
        title="Days of the week",
        description="Go on only on these days, in the workspace's time zone.",
    )
    time_of_day: TimeOfDay | None = Field(
        default=None,
        title="Time of day",
        description="Go on at this time, in the workspace's time zone.",
        json_schema_extra={"control": "time_of_day"},
    )

    @property
    def amount(self) -> int | None:
        """`delta` as a whole number, or None when it is none."""
        text = str(self.delta).strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def check(fields: DelayFields, ctx: CheckContext, path: str) -> list[Problem]:  # noqa: ARG001 - every action has the same signature
    """An amount that is not a whole number, or a delay of more than five years."""
    if fields.amount is None:
        message = f"The delay must be a whole number of {fields.time_unit.lower()}, 0 or more."
        return [Problem(f"{path}.delta", "INVALID_FIELD", message)]
    if fields.amount * DAYS_PER_UNIT[fields.time_unit] > MAX_DELAY_DAYS:
        return [
            Problem(
                f"{path}.delta", "INVALID_FIELD", "The delay is longer than five years. Choose a shorter one."
            )
        ]
    return []


def run(fields: DelayFields, ctx: StepContext) -> Outcome:
    """Waits; a delay of nothing ends at once, which the runner sees as a time that is already due."""
    if fields.amount is None:
        return Fail(
            Failure(
                "INVALID_FIELD",
                "The delay's amount is not a whole number of 0 or more.",
                "Edit the delay, then retry.",
            )
        )
    try:
        until = wait_until(
            ctx.now, fields.amount, fields.time_unit, fields.time_of_day, fields.days_of_week, ctx.time_zone
        )
    except OverflowError:
        return Fail(
            Failure(
                "INVALID_FIELD", "The delay ends after the year 9999.", "Choose a shorter delay, then retry."
            )
        )
    return Wait(until=until, inputs={"until": until.isoformat()})


DELAY_SET_TIME = Action(
    action_type_id="0-1",
    name="delay_set_time",
    title="Delay for a set amount of time",
    section=Section.DELAY,
    description="Wait for minutes, hours, days or weeks, until a day of the week or a time of day.",
    effect=Effect.WAIT,
    fields=DelayFields,
    outputs=no_outputs,
    check=check,
    run=run,
)
