"""Agreement by field, confusion tables, and what is better and worse in another run."""

from __future__ import annotations

from penstock.workflows.evals.gate import decide
from penstock.workflows.evals.scores import CaseResult, Verdict, compare, confusions, score


def case(case_id: int, *verdicts: tuple[str, str, str], answered: bool = True) -> CaseResult:
    """A case of exact checks: (field, expected, got)."""
    return CaseResult(
        case_id,
        f"Case {case_id}",
        tuple(Verdict(name, want, got, want == got, exact=True) for name, want, got in verdicts),
        answered,
    )


BEFORE = [
    case(1, ("product", "Mortgage", "Mortgage"), ("urgent", "true", "true")),
    case(2, ("product", "Debt", "Mortgage"), ("urgent", "true", "true")),
    case(3, ("product", "Debt", "Debt"), ("urgent", "false", "false")),
]


def test_agreement_counts_checks_fields_and_whole_cases() -> None:
    found = score(BEFORE)
    assert (found.checks.passed, found.checks.total) == (5, 6)
    assert {name: share.passed for name, share in found.fields.items()} == {"product": 2, "urgent": 3}
    assert (found.cases.passed, found.cases.total) == (2, 3)
    assert score([]).agreement == 0.0


def test_a_confusion_table_says_what_came_instead() -> None:
    results = [*BEFORE, case(4, ("product", "Mortgage", ""), answered=False)]
    product = confusions(results)[0]
    assert (product.field, product.expected) == ("product", ("Debt", "Mortgage"))
    assert product.got == ("Debt", "Mortgage", "(no answer)")
    assert product.counts == ((1, 1, 0), (0, 1, 1))


def test_two_runs_are_compared_on_the_cases_that_both_have_with_the_same_checks() -> None:
    after = [
        case(1, ("product", "Mortgage", "Debt"), ("urgent", "true", "true")),
        case(2, ("product", "Debt", "Debt"), ("urgent", "true", "true")),
        case(3, ("product", "Car loan", "Car loan"), ("urgent", "false", "false")),
        case(9, ("product", "Debt", "Debt")),
    ]
    found = compare(BEFORE, after)
    assert found.cases == 2
    assert [(one.case_id, one.field, one.before, one.after) for one in found.broken] == [
        (1, "product", "Mortgage", "Debt")
    ]
    assert [one.case_id for one in found.fixed] == [2]


def test_the_gate_looks_at_every_field_not_only_at_the_sum() -> None:
    before = [case(n, ("a", "x", "x"), ("b", "x", "x"), ("c", "x", "x")) for n in range(10)]
    after = [case(n, ("a", "x", "y" if n < 2 else "x"), ("b", "x", "x"), ("c", "x", "x")) for n in range(10)]
    code, message, _ = decide("Set", "1", 0.1, compare(before, after))
    assert (code, "a 80% (baseline 100%)" in message, "all checks" in message) == (
        "BELOW_BASELINE",
        True,
        False,
    )
    assert decide("Set", "1", 0.2, compare(before, after))[0] == "OPEN"
    assert decide("Set", "1", 0.2, compare(before, []))[0] == "NOT_COMPARABLE"
