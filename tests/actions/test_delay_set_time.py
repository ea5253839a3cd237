from __future__ import annotations

import pytest
from tests.actions.action_contexts import CheckMaker, StepMaker

from penstock.actions.delay_set_time import DelayFields, check, run
from penstock.actions.outcome import Fail, Wait
from penstock.kit.json import Json


def delay(**keys: Json) -> DelayFields:
    return DelayFields.model_validate({"delta": "3", "time_unit": "DAYS", **keys})


def test_hubspots_texts_and_plain_numbers_wait_alike(step: StepMaker) -> None:
    for delta in ("3", 3):
        outcome = run(delay(delta=delta), step())
        assert isinstance(outcome, Wait)
        assert outcome.wait_for == "time"
        assert outcome.until is not None
        assert outcome.until.isoformat() == "2026-03-26T09:00:00+00:00"


def test_days_and_time_of_day_are_those_of_the_workspace(step: StepMaker) -> None:
    fields = delay(
        delta="0", time_unit="DAYS", days_of_week=["FRIDAY"], time_of_day={"hour": 9, "minute": 30}
    )
    outcome = run(fields, step())
    assert isinstance(outcome, Wait)
    assert outcome.until is not None
    assert outcome.until.isoformat() == "2026-03-27T08:30:00+00:00"  # 09:30 in Berlin


@pytest.mark.parametrize("delta", ["", "-1", "1.5", "soon", "٣", "9" * 12])
def test_an_amount_that_is_no_whole_number_is_found_at_save_and_fails_at_run(
    delta: str, step: StepMaker, checking: CheckMaker
) -> None:
    assert [problem.code for problem in check(delay(delta=delta), checking(), "f")] == ["INVALID_FIELD"]
    assert isinstance(run(delay(delta=delta), step()), Fail)


def test_a_delay_of_decades_is_refused_and_one_beyond_the_calendar_fails(
    step: StepMaker, checking: CheckMaker
) -> None:
    fields = delay(delta="999999999", time_unit="WEEKS")
    assert [problem.code for problem in check(fields, checking(), "f")] == ["INVALID_FIELD"]
    assert isinstance(run(fields, step()), Fail)
