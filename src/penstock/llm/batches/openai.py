"""OpenAI's Batch API: a file of JSON Lines, a batch that names it, files of answers and errors.

https://platform.openai.com/docs/guides/batch: 50,000 requests and 200 MB, half price, within 24 hours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from penstock.kit.json import JsonObject, dumps
from penstock.llm.batches.dialect import Answered, BatchCall, Headers, Question, Sought, Standing, answer_of
from penstock.llm.json_values import count, items, obj, text
from penstock.llm.providers.openai import OpenAi
from penstock.llm.reply import malformed, read_json
from penstock.llm.request import JSON_HEADERS

BOUNDARY = "penstock-questions-of-a-batch"
VERSION_IN_URLS = "/v1"  # of the paths inside the file, whatever the base URL
OVER = {"completed", "expired", "cancelled"}


class OpenAiBatches:
    """Batches of OpenAI. Each carries our name in its metadata, by which a lost submission is found again."""

    provider = OpenAi()
    most_questions = 50_000
    most_bytes = 190_000_000
    price_factor = Decimal("0.5")
    in_lines = True

    def begin(self, name: str, questions: Sequence[Question]) -> BatchCall:
        """The upload of the questions."""
        lines = b"".join(
            dumps(
                {
                    "custom_id": question.custom_id,
                    "method": "POST",
                    "url": VERSION_IN_URLS + question.call.path,
                    "body": question.call.body,
                }
            )
            + b"\n"
            for question in questions
        )
        headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}", "accept": "application/json"}
        return BatchCall("POST", "/files", headers, _form(name, lines))

    def read_begun(self, status: int, headers: Headers, body: bytes) -> str:
        """The id of the file."""
        return self._id(status, headers, body)

    def submit(self, name: str, model: str, begun: str, questions: Sequence[Question]) -> BatchCall:  # noqa: ARG002
        """The batch over the file."""
        wanted: JsonObject = {
            "input_file_id": begun,
            "endpoint": VERSION_IN_URLS + questions[0].call.path,
            "completion_window": "24h",
            "metadata": {"penstock": name},
        }
        return BatchCall("POST", "/batches", JSON_HEADERS, dumps(wanted))

    def read_submitted(self, status: int, headers: Headers, body: bytes, begun: str) -> str:  # noqa: ARG002
        """The id of the batch."""
        return self._id(status, headers, body)

    def seek(self, sought: Sought) -> BatchCall:  # noqa: ARG002 - the newest batches show it
        """The newest batches."""
        return BatchCall("GET", "/batches?limit=100", JSON_HEADERS)

    def read_sought(self, status: int, headers: Headers, body: bytes, sought: Sought) -> str | None:
        """The one that carries our name, or else our file."""
        listed = map(obj, items(read_json(self.provider.speaker, status, headers, body).get("data")))
        for batch in listed:
            named = text(obj(batch.get("metadata")).get("penstock")) == sought.name
            if named or (sought.begun and text(batch.get("input_file_id")) == sought.begun):
                return text(batch.get("id"))
        return None

    def look(self, batch_id: str) -> BatchCall:
        """The batch."""
        return BatchCall("GET", f"/batches/{batch_id}", JSON_HEADERS)

    def read_standing(self, status: int, headers: Headers, body: bytes) -> Standing:
        """Answers and errors are in two files; an expired batch has both for what was done in time."""
        batch = read_json(self.provider.speaker, status, headers, body)
        state, counts = text(batch.get("status")), obj(batch.get("request_counts"))
        refused = ""
        if state == "failed":
            reasons = [text(obj(one).get("message")) for one in items(obj(batch.get("errors")).get("data"))]
            refused = "; ".join(reasons[:3]) or "OpenAI gave no reason."
        files = [text(batch.get(name)) for name in ("output_file_id", "error_file_id")]
        return Standing(
            over=state in OVER or bool(refused),
            done=count(counts.get("completed")) + count(counts.get("failed")),
            total=count(counts.get("total")),
            answers=tuple(f"/files/{file}/content" for file in files if file),
            refused=refused,
        )

    def answers(self, document: JsonObject) -> Iterator[Answered]:
        """One line: an answer with its status, or an error of the batch (expired, cancelled)."""
        custom_id, response = text(document.get("custom_id")), obj(document.get("response"))
        if response:
            yield answer_of(
                self.provider, custom_id, count(response.get("status_code")), obj(response.get("body"))
            )
        elif text(obj(document.get("error")).get("code")) in {"batch_expired", "batch_cancelled"}:
            yield Answered(custom_id)
        else:
            yield answer_of(self.provider, custom_id, 500, {"error": document.get("error")})

    def next_answers(self, document: JsonObject, place: str) -> str | None:  # noqa: ARG002
        """A file is read to its end."""
        return None

    def cancel(self, batch_id: str) -> BatchCall:
        """Stops it; OpenAI takes up to ten minutes."""
        return BatchCall("POST", f"/batches/{batch_id}/cancel", JSON_HEADERS, b"{}")

    def _id(self, status: int, headers: Headers, body: bytes) -> str:
        found = text(read_json(self.provider.speaker, status, headers, body).get("id"))
        if not found:
            raise malformed(self.provider.speaker, "no id", status)
        return found


def _form(name: str, lines: bytes) -> bytes:
    """multipart/form-data (RFC 7578). JSON Lines cannot hold the boundary at the beginning of a line."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n--{BOUNDARY}\r\n'
        f'Content-Disposition: form-data; name="file"; filename="{name}.jsonl"\r\nContent-Type: application/jsonl\r\n\r\n'
    )
    return head.encode() + lines + f"\r\n--{BOUNDARY}--\r\n".encode()
