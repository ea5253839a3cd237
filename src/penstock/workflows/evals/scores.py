"""How often answers were as expected: agreement by field, confusion tables, two runs beside each other (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from penstock.kit.json import JsonObject

NO_ANSWER = "(no answer)"
MOST_VALUES = 30  # rows of a confusion table; a field with more expected values is free text


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one check: `got` and `expected` as texts for people. `exact`: it was `equals`, so that the two can
    stand in a confusion table. `note` says why a judge or a missing answer decided so.
    """

    field: str
    expected: str
    got: str
    passed: bool
    exact: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case with the verdicts on its checks, in their order; `answered` False: the step failed."""

    case_id: int
    name: str
    verdicts: tuple[Verdict, ...]
    answered: bool = True

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return all(verdict.passed for verdict in self.verdicts)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    passed: int
    total: int

    @property
    def agreement(self) -> float:
        """In [0, 1]; nothing of nothing is 0."""
        return self.passed / self.total if self.total else 0.0

    def to_json(self) -> JsonObject:
        """As it is stored."""
        return {"passed": self.passed, "total": self.total}


@dataclass(frozen=True, slots=True)
class Score:
    """The outcome of an eval: `checks` over all, `fields` by output field, `cases` that had everything as expected."""

    checks: Share
    cases: Share
    fields: Mapping[str, Share] = field(default_factory=dict)

    @property
    def agreement(self) -> float:
        """The share of the checks that passed, in [0, 1]."""
        return self.checks.agreement


@dataclass(frozen=True, slots=True)
class Confusion:
    """For one field, what was expected (rows) against what came (columns), as counts. Rows and columns are sorted."""

    field: str
    expected: tuple[str, ...]
    got: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class ChangedCase:
    """A case whose outcome another run has differently: `before` and `after` are the answers of the field."""

    case_id: int
    name: str
    field: str
    expected: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs on the cases that both have with the same checks."""

    before: Score
    after: Score
    fixed: tuple[ChangedCase, ...]
    broken: tuple[ChangedCase, ...]

    @property
    def cases(self) -> int:
        """How many cases both have."""
        return self.after.cases.total


def score(results: Sequence[CaseResult]) -> Score:
    """Counts what passed. A case that failed to answer has failed each of its checks."""
    fields: dict[str, list[bool]] = {}
    for result in results:
        for verdict in result.verdicts:
            fields.setdefault(verdict.field, []).append(verdict.passed)
    shares = {name: Share(sum(passed), len(passed)) for name, passed in sorted(fields.items())}
    return Score(
        Share(sum(share.passed for share in shares.values()), sum(share.total for share in shares.values())),
        Share(sum(result.passed for result in results), len(results)),
        shares,
    )


def confusions(results: Sequence[CaseResult]) -> tuple[Confusion, ...]:
    """A table for each field that was expected to equal one of a few values."""
    pairs: dict[str, list[tuple[str, str]]] = {}
    for result in results:
        for verdict in result.verdicts:
            if verdict.exact:
                got = verdict.got if result.answered and verdict.got else NO_ANSWER
                # An answer that passed is the expected one, in whatever spelling.
                pairs.setdefault(verdict.field, []).append(
                    (verdict.expected, verdict.expected if verdict.passed else got)
                )
    found = []
    for name, seen in sorted(pairs.items()):
        rows = tuple(sorted({one for one, _ in seen}))
        columns = tuple(sorted({one for _, one in seen}, key=lambda one: (one not in rows, one)))
        if len(rows) > MOST_VALUES or len(columns) > 2 * MOST_VALUES:
            continue
        counts = tuple(tuple(seen.count((row, column)) for column in columns) for row in rows)
        found.append(Confusion(name, rows, columns, counts))
    return tuple(found)


def compare(before: Sequence[CaseResult], after: Sequence[CaseResult]) -> Comparison:
    """The two on the cases that both have with the same checks, and what is better or worse in the second."""
    earlier = {result.case_id: result for result in before}
    pairs = [
        (old, new)
        for new in after
        if (old := earlier.get(new.case_id)) is not None and _asked(old) == _asked(new)
    ]
    fixed: list[ChangedCase] = []
    broken: list[ChangedCase] = []
    for old, new in pairs:
        for was, became in zip(old.verdicts, new.verdicts, strict=True):
            if was.passed != became.passed:
                changed = ChangedCase(
                    new.case_id, new.name, became.field, became.expected, was.got, became.got
                )
                (fixed if became.passed else broken).append(changed)
    return Comparison(
        score([old for old, _ in pairs]), score([new for _, new in pairs]), tuple(fixed), tuple(broken)
    )


def _asked(result: CaseResult) -> tuple[tuple[str, str], ...]:
    return tuple((verdict.field, verdict.expected) for verdict in result.verdicts)
