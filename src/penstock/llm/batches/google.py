"""Google's batchGenerateContent: the questions inline, the answers in the finished batch.

https://ai.google.dev/gemini-api/docs/batch-api: up to 20 MB inline, half price, usually within 24 hours. Larger
amounts go as several batches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from urllib.parse import quote

from penstock.kit.json import JsonObject, dumps, loads
from penstock.llm.batches.dialect import Answered, BatchCall, Headers, Question, Sought, Standing, answer_of
from penstock.llm.json_values import count, items, obj, text
from penstock.llm.providers.google import Google
from penstock.llm.reply import malformed, read_json
from penstock.llm.request import JSON_HEADERS

OVER = {"SUCCEEDED", "CANCELLED", "EXPIRED"}
# Errors in a batch carry the codes of gRPC (google.rpc.Code).
STATUS_OF = {3: 400, 4: 504, 5: 404, 7: 403, 8: 429, 9: 400, 10: 409, 13: 500, 14: 503, 16: 401}


class GoogleBatches:
    """Batches of Google Gemini. Each has our name as its display name, by which a lost submission is found again."""

    provider = Google()
    most_questions = 2_000  # all answers come in one document
    most_bytes = 18_000_000
    price_factor = Decimal("0.5")
    in_lines = False

    def begin(self, name: str, questions: Sequence[Question]) -> None:  # noqa: ARG002
        """Nothing comes before."""
        return

    def read_begun(self, status: int, headers: Headers, body: bytes) -> str:  # noqa: ARG002
        """Nothing was begun."""
        return ""

    def submit(self, name: str, model: str, begun: str, questions: Sequence[Question]) -> BatchCall:  # noqa: ARG002
        """All questions at once."""
        asked = [
            {"request": question.call.body, "metadata": {"custom_id": question.custom_id}}
            for question in questions
        ]
        wanted = {"batch": {"displayName": name, "inputConfig": {"requests": {"requests": asked}}}}
        path = f"/models/{quote(model.removeprefix('models/'), safe='')}:batchGenerateContent"
        return BatchCall("POST", path, JSON_HEADERS, dumps(wanted))

    def read_submitted(self, status: int, headers: Headers, body: bytes, begun: str) -> str:  # noqa: ARG002
        """The id of the batch, without `batches/`."""
        name = text(read_json(self.provider.speaker, status, headers, body).get("name"))
        if not name.startswith("batches/"):
            raise malformed(self.provider.speaker, "no name of a batch", status)
        return name.removeprefix("batches/")

    def seek(self, sought: Sought) -> BatchCall:  # noqa: ARG002 - the newest batches show it
        """The newest batches."""
        return BatchCall("GET", "/batches?pageSize=100", JSON_HEADERS)

    def read_sought(self, status: int, headers: Headers, body: bytes, sought: Sought) -> str | None:
        """The one that has our name."""
        reply = read_json(self.provider.speaker, status, headers, body)
        for batch in map(obj, items(reply.get("operations")) or items(reply.get("batches"))):
            if text((obj(batch.get("metadata")) or batch).get("displayName")) == sought.name:
                return text(batch.get("name")).removeprefix("batches/")
        return None

    def look(self, batch_id: str) -> BatchCall:
        """The batch, with its answers when it has them."""
        return BatchCall("GET", f"/batches/{quote(batch_id, safe='')}", JSON_HEADERS)

    def read_standing(self, status: int, headers: Headers, body: bytes) -> Standing:
        """A failed batch has an error of its own in an operation that was read well."""
        reply = _decoded(self.provider, status, headers, body)
        batch = obj(reply.get("metadata")) or reply
        state = text(batch.get("state")).removeprefix("BATCH_STATE_").removeprefix("JOB_STATE_")
        counts = {name: _number(number) for name, number in obj(batch.get("batchStats")).items()}
        refused = ""
        if state == "FAILED":
            refused = text(obj(reply.get("error")).get("message")) or "Google gave no reason."
        total = counts.get("requestCount", 0)
        return Standing(
            state in OVER or bool(refused),
            total - counts.get("pendingRequestCount", 0),
            total,
            (f"/{text(reply.get('name') or batch.get('name'))}",) if state in OVER else (),
            refused,
        )

    def answers(self, document: JsonObject) -> Iterator[Answered]:
        """All answers, in the order of the questions."""
        output = obj(document.get("response")) or obj(obj(document.get("metadata")).get("output"))
        inlined = obj(output.get("inlinedResponses"))
        for one in map(obj, items(inlined.get("inlinedResponses"))):
            custom_id = text(obj(one.get("metadata")).get("custom_id"))
            response, error = obj(one.get("response")), obj(one.get("error"))
            if response:
                yield answer_of(self.provider, custom_id, 200, response)
            else:
                code = count(error.get("code"))
                yield answer_of(self.provider, custom_id, STATUS_OF.get(code, code or 500), {"error": error})

    def next_answers(self, document: JsonObject, place: str) -> str | None:  # noqa: ARG002
        """There is one document."""
        return None

    def cancel(self, batch_id: str) -> BatchCall:
        """Stops it."""
        return BatchCall("POST", f"/batches/{quote(batch_id, safe='')}:cancel", JSON_HEADERS, b"{}")


def _decoded(provider: Google, status: int, headers: Headers, body: bytes) -> JsonObject:
    """The operation. One that failed holds an `error`, which `read_json` would take for the reply's."""
    if 200 <= status < 300:
        try:
            found = loads(body)
        except ValueError:
            found = None
        if isinstance(found, dict) and ("metadata" in found or "state" in found):
            return found
    return read_json(provider.speaker, status, headers, body)


def _number(value: object) -> int:
    """64-bit integers are texts in Google's JSON."""
    return (
        int(value) if isinstance(value, str) and value.isdigit() else value if isinstance(value, int) else 0
    )
