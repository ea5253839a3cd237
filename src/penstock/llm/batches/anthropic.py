"""Anthropic's Message Batches: one POST with all questions, results as JSON Lines.

https://platform.claude.com/docs/en/build-with-claude/batch-processing: 100,000 requests and 256 MB, half price,
within 24 hours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from penstock.kit.json import JsonObject, dumps
from penstock.llm.batches.dialect import Answered, BatchCall, Headers, Question, Sought, Standing, answer_of
from penstock.llm.json_values import count, items, obj, text
from penstock.llm.providers.anthropic import HEADERS, Anthropic
from penstock.llm.reply import malformed, read_json

PLACE = "/v1/messages/batches"
# An error in a batch has a type and no status; these are the statuses of the same types live.
STATUS_OF = {
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}


class AnthropicBatches:
    """Batches of Anthropic. They carry no name, so a lost submission is known by its time and its size."""

    provider = Anthropic()
    most_questions = 100_000
    most_bytes = 240_000_000
    price_factor = Decimal("0.5")
    in_lines = True

    def begin(self, name: str, questions: Sequence[Question]) -> None:  # noqa: ARG002
        """Nothing comes before."""
        return

    def read_begun(self, status: int, headers: Headers, body: bytes) -> str:  # noqa: ARG002
        """Nothing was begun."""
        return ""

    def submit(self, name: str, model: str, begun: str, questions: Sequence[Question]) -> BatchCall:  # noqa: ARG002
        """All questions at once."""
        asked = [{"custom_id": question.custom_id, "params": question.call.body} for question in questions]
        return BatchCall("POST", PLACE, HEADERS, dumps({"requests": asked}))

    def read_submitted(self, status: int, headers: Headers, body: bytes, begun: str) -> str:  # noqa: ARG002
        """The id of the batch."""
        found = text(read_json(self.provider.speaker, status, headers, body).get("id"))
        if not found:
            raise malformed(self.provider.speaker, "no id", status)
        return found

    def seek(self, sought: Sought) -> BatchCall:  # noqa: ARG002 - the newest batches show it
        """The newest batches."""
        return BatchCall("GET", f"{PLACE}?limit=100", HEADERS)

    def read_sought(self, status: int, headers: Headers, body: bytes, sought: Sought) -> str | None:
        """The batch that was made since and has as many questions. Its answers must then carry our ids."""
        for batch in map(obj, items(read_json(self.provider.speaker, status, headers, body).get("data"))):
            made = _time(text(batch.get("created_at")))
            size = sum(count(number) for number in obj(batch.get("request_counts")).values())
            batch_id = text(batch.get("id"))
            if made and made >= sought.since and size == sought.questions and batch_id not in sought.known:
                return batch_id
        return None

    def look(self, batch_id: str) -> BatchCall:
        """The batch."""
        return BatchCall("GET", f"{PLACE}/{batch_id}", HEADERS)

    def read_standing(self, status: int, headers: Headers, body: bytes) -> Standing:
        """Its results are there once it ended, whether done, expired or canceled."""
        batch = read_json(self.provider.speaker, status, headers, body)
        counts = {name: count(number) for name, number in obj(batch.get("request_counts")).items()}
        over = text(batch.get("processing_status")) == "ended"
        total = sum(counts.values())
        return Standing(
            over,
            total - counts.get("processing", 0),
            total,
            (f"{PLACE}/{text(batch.get('id'))}/results",) if over else (),
        )

    def answers(self, document: JsonObject) -> Iterator[Answered]:
        """One line: succeeded, errored, canceled or expired."""
        custom_id, result = text(document.get("custom_id")), obj(document.get("result"))
        match result.get("type"):
            case "succeeded":
                yield answer_of(self.provider, custom_id, 200, obj(result.get("message")))
            case "errored":
                error = obj(result.get("error"))
                inner = obj(error.get("error")) or error
                status = STATUS_OF.get(text(inner.get("type")), 400)
                yield answer_of(self.provider, custom_id, status, {"type": "error", "error": inner})
            case _:
                yield Answered(custom_id)

    def next_answers(self, document: JsonObject, place: str) -> str | None:  # noqa: ARG002
        """The results are read to their end."""
        return None

    def cancel(self, batch_id: str) -> BatchCall:
        """Stops it."""
        return BatchCall("POST", f"{PLACE}/{batch_id}/cancel", HEADERS, b"{}")


def _time(written: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC)
