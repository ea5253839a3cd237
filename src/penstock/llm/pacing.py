"""The pace of calls to one model through one connection: what may go out when, and what replies teach (pure).

A pace is two clocks (GCRA), one of requests and one of tokens: each call moves them on by its share of a minute,
and a call may go when they are not ahead of the time. They live in the database, so that all workers keep to
one pace; times are seconds since 1970 by the database's clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from penstock.llm.limit_headers import MINUTE, NOTHING, Gauge, Stated

# Of a limit so much is used: clocks differ by a little, and a refused call costs more than two in a hundred.
SHARE_OF_LIMIT = 0.98
# So much of the pace may go at once after a pause (seconds of it).
CREDIT_SECONDS = 1.0
# So far ahead calls are let on, so that they stand ready when their time has come, also on a busy machine (seconds).
AHEAD_SECONDS = 3.0
# After a refusal the pace falls to this share of what it was, and recovers by so much of the limit a second.
SLOWED_TO = 0.8
SLOWEST = 0.05
RECOVERY_A_SECOND = 0.01
# A provider that refuses without a word of its limits: no fewer than so many a minute are tried.
FEWEST_GUESSED = 6.0
# A guessed limit doubles in so many seconds without a refusal, and is forgotten after so many.
GUESS_DOUBLES_SECONDS = 30.0
GUESS_LASTS_SECONDS = 600.0
# Wait after a refusal that names none (seconds), and the longest believed.
UNSTATED_WAIT_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 3600.0
# Tokens of a call before any was counted.
TOKENS_UNKNOWN = 500.0
# So many calls weigh as much as all before them in what a call takes on average.
CALLS_REMEMBERED = 30.0


@dataclass(frozen=True, slots=True)
class Pace:
    """`requests` and `tokens` are limits a minute (None: no limit known); `tokens_each` what a call takes on average.

    `closed_until` is when a provider that said "later" takes calls again; `slowed` in (0, 1] the share of the
    pace since its last refusal at `slowed_at`; `guessed` whether the limit is our own guess.
    """

    requests: float | None = None
    tokens: float | None = None
    request_clock: float = 0.0
    token_clock: float = 0.0
    tokens_each: float = TOKENS_UNKNOWN
    closed_until: float = 0.0
    slowed: float = 1.0
    slowed_at: float = 0.0
    guessed: bool = False

    @property
    def limits(self) -> bool:
        """Whether there is anything to keep to."""
        return self.requests is not None or self.tokens is not None

    def share(self, now: float) -> float:
        """The share of its limits that the pace uses now; of a guessed limit it grows until the provider refuses again."""
        if self.guessed:
            return SHARE_OF_LIMIT * float(2 ** (max(0.0, now - self.slowed_at) / GUESS_DOUBLES_SECONDS))
        return SHARE_OF_LIMIT * min(1.0, self.slowed + RECOVERY_A_SECOND * max(0.0, now - self.slowed_at))

    def next(self) -> float:
        """When the next call may go, as far as this pace is concerned."""
        earliest = self.closed_until
        if self.requests is not None:
            earliest = max(earliest, self.request_clock - CREDIT_SECONDS)
        if self.tokens is not None:
            earliest = max(earliest, self.token_clock - CREDIT_SECONDS)
        return earliest

    def booked(self, at: float, now: float) -> Pace:
        """The pace after a call that goes out at `at`."""
        share = self.share(now)
        request_clock, token_clock = self.request_clock, self.token_clock
        if self.requests is not None:
            request_clock = max(request_clock, at) + MINUTE / (self.requests * share)
        if self.tokens is not None:
            token_clock = max(token_clock, at) + self.tokens_each * MINUTE / (self.tokens * share)
        return replace(self, request_clock=request_clock, token_clock=token_clock)

    def per_second(self, now: float) -> float | None:
        """Calls a second that the pace lets through; None without a limit."""
        rates = []
        if self.requests is not None:
            rates.append(self.requests / MINUTE)
        if self.tokens is not None:
            rates.append(self.tokens / MINUTE / max(1.0, self.tokens_each))
        return min(rates) * self.share(now) if rates else None


@dataclass(frozen=True, slots=True)
class Noted:
    """What one worker's calls of the last moment taught: how many there were, the tokens they took, what was stated.

    `refused` of them were told to come later, after `wait` seconds where that was stated; `seconds` is the time
    in which all of them were answered.
    """

    calls: int = 0
    tokens: int = 0
    counted: int = 0
    stated: Stated = NOTHING
    refused: int = 0
    wait: float | None = None
    seconds: float = 0.0


def grant(paces: Sequence[Pace], now: float, most: int) -> tuple[list[float], list[Pace]]:
    """The times at which up to `most` calls may go, all within AHEAD_SECONDS from now, and the paces after them."""
    times: list[float] = []
    current = list(paces)
    while len(times) < most:
        at = max([now, *(pace.next() for pace in current)])
        if at > now + AHEAD_SECONDS:
            break
        times.append(at)
        current = [pace.booked(at, now) for pace in current]
    return times, current


def note(pace: Pace, noted: Noted, now: float, spread: float) -> Pace:
    """The pace after what was noted. `spread` in [0, 1) scatters waits, so that workers do not return together."""
    pace = _counted(pace, noted, now)
    stated = noted.stated
    if stated.requests is not None or stated.tokens is not None:
        pace = replace(
            pace,
            requests=stated.requests.limit if stated.requests else None,
            tokens=stated.tokens.limit if stated.tokens else None,
            guessed=False,
        )
        pace = _kept_within(pace, stated, now)
    elif pace.guessed and not noted.refused and now - pace.slowed_at > GUESS_LASTS_SECONDS:
        pace = replace(pace, requests=None, guessed=False)
    return _refused(pace, noted, now, spread) if noted.refused else pace


def _counted(pace: Pace, noted: Noted, now: float) -> Pace:
    """Settles the tokens: what the calls took against what was booked for them."""
    if not noted.counted:
        return pace
    weight = min(1.0, noted.counted / CALLS_REMEMBERED)
    average = noted.tokens / noted.counted
    clock = pace.token_clock
    if pace.tokens is not None:
        over = noted.tokens - pace.tokens_each * noted.counted
        clock += over * MINUTE / (pace.tokens * pace.share(now))
    return replace(
        pace, token_clock=clock, tokens_each=pace.tokens_each + weight * (average - pace.tokens_each)
    )


def _kept_within(pace: Pace, stated: Stated, now: float) -> Pace:
    """Where a window is used up faster than it lasts, the clock waits, so that the rest goes at the full pace."""
    request_clock, token_clock = pace.request_clock, pace.token_clock
    share = pace.share(now)
    if (wait := _until_enough(stated.requests, share)) is not None:
        request_clock = max(request_clock, now + wait)
    if (wait := _until_enough(stated.tokens, share)) is not None:
        token_clock = max(token_clock, now + wait)
    return replace(pace, request_clock=request_clock, token_clock=token_clock)


def _until_enough(gauge: Gauge | None, share: float) -> float | None:
    if gauge is None or gauge.remaining is None or gauge.reset is None or gauge.refills:
        return None
    return gauge.reset - gauge.remaining * MINUTE / (gauge.limit * share)


def _refused(pace: Pace, noted: Noted, now: float, spread: float) -> Pace:
    wait = UNSTATED_WAIT_SECONDS if noted.wait is None else min(noted.wait, LONGEST_WAIT_SECONDS)
    closed = now + wait + spread * max(0.1, 0.1 * wait)
    # Calls that were under way when it slowed down say nothing new.
    share = pace.share(now) / SHARE_OF_LIMIT
    slowed = share if now < pace.closed_until else max(SLOWEST, share * SLOWED_TO)
    requests, guessed = pace.requests, pace.guessed
    if guessed and requests is not None:
        requests, slowed = max(FEWEST_GUESSED, requests * slowed), 1.0
    elif not pace.limits:
        slowed = 1.0
        answered = max(0, noted.calls - noted.refused)
        requests = max(FEWEST_GUESSED, answered * MINUTE / max(1.0, noted.seconds))
        guessed = True
    return replace(
        pace,
        requests=requests,
        guessed=guessed,
        closed_until=max(pace.closed_until, closed),
        slowed=slowed,
        slowed_at=now,
    )
