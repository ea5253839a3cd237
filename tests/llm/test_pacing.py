"""The pace of calls, driven by a clock of our own against providers that count in the two ways they do."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from penstock.llm.limit_headers import Gauge, Stated
from penstock.llm.pacing import FEWEST_GUESSED, Noted, Pace, grant, note

LIMIT = 600.0
TOKENS = 200_000.0


@dataclass
class Bucket:
    """A provider whose limits refill evenly, as OpenAI's and Anthropic's do."""

    limit: float = LIMIT
    left: float = LIMIT
    at: float = 0.0

    def take(self, now: float) -> bool:
        self.left = min(self.limit, self.left + (now - self.at) * self.limit / 60)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True

    def stated(self, now: float) -> Gauge:  # noqa: ARG002 - the same words for both shapes
        return Gauge(self.limit, int(self.left), (self.limit - self.left) * 60 / self.limit)


@dataclass
class Window:
    """A provider that counts anew each minute."""

    limit: float = LIMIT
    used: dict[int, int] = field(default_factory=dict)

    def take(self, now: float) -> bool:
        minute = int(now // 60)
        self.used[minute] = self.used.get(minute, 0) + 1
        return self.used[minute] <= self.limit

    def stated(self, now: float) -> Gauge:
        used = self.used.get(int(now // 60), 0)
        return Gauge(self.limit, max(0.0, self.limit - used), 60 - now % 60)


@pytest.mark.parametrize("provider", [Bucket(), Window()], ids=["bucket", "window"])
def test_nearly_the_whole_limit_is_used_and_nothing_is_refused(provider: Bucket | Window) -> None:
    pace, now, sent, refused = Pace(), 30.0, 0, 0
    # The first calls go out before a limit is known.
    for _ in range(100):
        sent += provider.take(now)
    pace = note(pace, Noted(calls=100, stated=Stated(provider.stated(now))), now, 0.0)
    waiting: list[float] = []
    while now < 330:
        times, [pace] = grant([pace], now, 50)
        waiting = sorted(waiting + times)
        ready = [at for at in waiting if at <= now]
        waiting = waiting[len(ready) :]
        taken = sum(provider.take(now) for _ in ready)
        sent, refused = sent + taken, refused + len(ready) - taken
        if ready:
            noted = Noted(calls=len(ready), stated=Stated(provider.stated(now)))
            pace = note(pace, noted, now, 0.0)
        now += 0.25
    assert refused == 0
    assert sent >= 0.95 * LIMIT * 5


def test_tokens_are_booked_by_their_average_and_settled_by_what_calls_took() -> None:
    pace, now, spent = Pace(tokens=TOKENS, tokens_each=100.0), 0.0, 0
    while now < 300:
        times, [pace] = grant([pace], now, 50)
        spent += 500 * len(times)
        if times:
            pace = note(pace, Noted(len(times), 500 * len(times), len(times)), now, 0.0)
        now += 0.25
    assert 0.95 * TOKENS * 5 <= spent <= 1.02 * TOKENS * 5


def test_the_owners_limit_binds_besides_the_providers() -> None:
    times, _ = grant([Pace(requests=6000), Pace(requests=60)], 100.0, 50)
    assert len(times) == 4  # a second's worth at once, then one each second, as far ahead as is looked


def test_a_refusal_closes_slows_down_once_and_recovers() -> None:
    pace = Pace(requests=LIMIT, request_clock=0.0)
    told = note(pace, Noted(calls=10, refused=10, wait=5.0), 100.0, 0.0)
    again = note(told, Noted(calls=10, refused=10, wait=5.0), 101.0, 0.0)
    assert grant([told], 100.0, 5)[0] == []
    assert told.closed_until == pytest.approx(105.0)
    assert told.share(100.0) == pytest.approx(0.8 * pace.share(100.0))
    assert again.share(101.0) == pytest.approx(told.share(101.0)), "calls under way say nothing new"
    assert grant([again], 106.5, 5)[0] != []
    assert again.share(131.0) == pytest.approx(pace.share(131.0))


def test_a_provider_that_refuses_without_stating_a_limit_is_guessed_at_and_believed_for_a_while() -> None:
    guessed = note(Pace(), Noted(calls=120, refused=20, seconds=10.0), 100.0, 0.0)
    assert guessed.guessed
    assert guessed.requests == pytest.approx(100 * 60 / 10)
    assert note(Pace(), Noted(calls=3, refused=3, seconds=0.1), 100.0, 0.0).requests == FEWEST_GUESSED
    assert note(guessed, Noted(calls=1), 200.0, 0.0).requests is not None
    assert note(guessed, Noted(calls=1), 800.0, 0.0).requests is None
    few = note(Pace(), Noted(calls=3, refused=3, seconds=0.1), 100.0, 0.0)
    assert few.share(190.0) == pytest.approx(8 * few.share(100.0)), (
        "it doubles until the provider refuses again"
    )
    found = note(few, Noted(calls=40, refused=1), 190.0, 0.0)
    assert found.requests == pytest.approx(FEWEST_GUESSED * 8 * 0.8)
    assert found.share(190.0) == pytest.approx(few.share(100.0))
    stated = note(guessed, Noted(calls=1, stated=Stated(Gauge(30))), 101.0, 0.0)
    assert (stated.requests, stated.guessed) == (30, False)


def test_workers_that_were_told_the_same_wait_do_not_return_together() -> None:
    noted = Noted(calls=1, refused=1, wait=10.0)
    early, late = (note(Pace(), noted, 0.0, spread).closed_until for spread in (0.0, 0.9))
    assert early == 10.0
    assert 10.5 < late <= 11.0
    assert replace(Pace(), closed_until=late).next() == late
