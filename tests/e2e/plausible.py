"""Answers of a stand-in that read like a model's, for screens that people look at: made from the labelled examples."""

from __future__ import annotations

import csv
import json
import re
from functools import cache
from pathlib import Path

from tests.llm_stand_in import Seen, StandIn

COMPLAINTS = Path(__file__).parents[2] / "examples" / "complaints.csv"

# Product as the Bureau names it -> the label that the demo's prompt offers.
LABELS = {
    "Checking or savings account": "Bank account",
    "Mortgage": "Mortgage",
    "Debt collection": "Debt collection",
    "Vehicle loan or lease": "Vehicle loan",
    "Money transfer, virtual currency, or money service": "Money transfer",
    "Payday loan, title loan, or personal loan": "Personal loan",
    "Student loan": "Student loan",
    "Credit card or prepaid card": "Credit card",
    "Credit reporting, credit repair services, or other personal consumer reports": "Credit report",
}
# What a reader takes for "lost money or cannot reach it".
LOST = re.compile(
    r"refus|stolen|fraud|lost|withheld|hold on|owed|charged|can(?:no|')t access|foreclos", re.IGNORECASE
)
FENCE = re.compile(r"</?data-[0-9a-f]+>")
LONGEST_SUMMARY = 110
CHARACTERS_A_TOKEN = 4


def answer_plausibly(stand_in: StandIn) -> None:
    """Makes a stand-in triage the demo's complaints, at the price of about a token for each four characters."""
    stand_in.answer = triaged
    stand_in.tokens = billed


def triaged(prompt: str) -> str:
    """Product, summary and urgency of a complaint, as the demo's workflow asks for them."""
    text = FENCE.sub("", prompt.partition("Complaint: ")[2])
    urgency = "high" if len(LOST.findall(text)) > 1 else "medium" if LOST.search(text) else "low"
    return json.dumps({"product": _products().get(_start(text), "Bank account"), "summary": summary(text), "urgency": urgency})  # fmt: skip


def billed(seen: Seen, answer: str) -> tuple[int, int]:
    """Tokens in and out."""
    return len(json.dumps(seen.body)) // CHARACTERS_A_TOKEN, len(answer) // CHARACTERS_A_TOKEN


def summary(text: str) -> str:
    """The first sentence with something in it, on one line."""
    sentences = re.split(r"(?<=[.!?])\s+", " ".join(text.split()))
    first = next((one for one in sentences if len(one) > 30), sentences[0])
    return first if len(first) <= LONGEST_SUMMARY else first[:LONGEST_SUMMARY].rsplit(" ", 1)[0] + "…"


@cache
def _products() -> dict[str, str]:
    with COMPLAINTS.open(encoding="utf-8", newline="") as opened:
        return {
            _start(row["Consumer complaint narrative"]): LABELS.get(row["Product"], "Bank account")
            for row in csv.DictReader(opened)
        }


def _start(text: str) -> str:
    return " ".join(text.split())[:80]
