"""xAI's Batch API: a batch with a name, requests added to it, pages of results.

https://docs.x.ai/developers/advanced-api-usage/batch-api: 25 MB for each addition, 20 to 50 % off by model. Each
result states its price, which is the one that counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from urllib.parse import urlencode

from penstock.kit.json import JsonObject, dumps
from penstock.llm.batches.dialect import Answered, BatchCall, Headers, Question, Sought, Standing, answer_of
from penstock.llm.json_values import count, items, obj, text
from penstock.llm.providers.xai import Xai
from penstock.llm.reply import malformed, read_json
from penstock.llm.request import JSON_HEADERS

PAGE = 100


class XaiBatches:
    """Batches of xAI. The batch is made first and filled with one call, so its size shows whether that arrived."""

    provider = Xai()
    most_questions = 10_000
    most_bytes = 23_000_000
    price_factor = Decimal("0.8")
    in_lines = False

    def begin(self, name: str, questions: Sequence[Question]) -> BatchCall:  # noqa: ARG002
        """The batch, still empty."""
        return BatchCall("POST", "/batches", JSON_HEADERS, dumps({"name": name}))

    def read_begun(self, status: int, headers: Headers, body: bytes) -> str:
        """The id of the batch."""
        found = text(read_json(self.provider.speaker, status, headers, body).get("batch_id"))
        if not found:
            raise malformed(self.provider.speaker, "no id of a batch", status)
        return found

    def submit(self, name: str, model: str, begun: str, questions: Sequence[Question]) -> BatchCall:  # noqa: ARG002
        """All questions at once."""
        asked = [
            {
                "batch_request_id": question.custom_id,
                "batch_request": {_kind(question.call.path): question.call.body},
            }
            for question in questions
        ]
        return BatchCall("POST", f"/batches/{begun}/requests", JSON_HEADERS, dumps({"batch_requests": asked}))

    def read_submitted(self, status: int, headers: Headers, body: bytes, begun: str) -> str:
        """The reply has no words of interest: it is null when all is well."""
        if not 200 <= status < 300:
            read_json(self.provider.speaker, status, headers, body)
        return begun

    def seek(self, sought: Sought) -> BatchCall:
        """The batch, whose size shows it."""
        return self.look(sought.begun)

    def read_sought(self, status: int, headers: Headers, body: bytes, sought: Sought) -> str | None:
        """The batch if anything is in it."""
        reply = read_json(self.provider.speaker, status, headers, body)
        return sought.begun if count(obj(reply.get("state")).get("num_requests")) else None

    def look(self, batch_id: str) -> BatchCall:
        """The batch."""
        return BatchCall("GET", f"/batches/{batch_id}", JSON_HEADERS)

    def read_standing(self, status: int, headers: Headers, body: bytes) -> Standing:
        """It is over when nothing of it is pending."""
        reply = read_json(self.provider.speaker, status, headers, body)
        state = {name: count(number) for name, number in obj(reply.get("state")).items()}
        total, pending = state.get("num_requests", 0), state.get("num_pending", 0)
        over = bool(total) and not pending
        place = f"/batches/{text(reply.get('batch_id'))}/results?limit={PAGE}"
        return Standing(over, total - pending, total, (place,) if over else ())

    def answers(self, document: JsonObject) -> Iterator[Answered]:
        """One page of results. Answers come as chat completions, whichever way was asked."""
        for one in map(obj, items(document.get("results"))):
            custom_id, result = text(one.get("batch_request_id")), obj(one.get("batch_result"))
            response = next(
                (obj(value) for value in obj(result.get("response")).values() if isinstance(value, dict)), {}
            )
            if response:
                yield answer_of(self.provider, custom_id, 200, response)
                continue
            error = result.get("error") or one.get("error") or one.get("error_message")
            if not error:
                yield Answered(custom_id)  # cancelled, or past its time
                continue
            said: JsonObject = error if isinstance(error, dict) else {"error": error}
            status = count(said.get("status")) or count(one.get("status")) or 400
            yield answer_of(self.provider, custom_id, status, said)

    def next_answers(self, document: JsonObject, place: str) -> str | None:
        """The page behind this one."""
        token = text(document.get("pagination_token"))
        path = place.partition("?")[0]
        return f"{path}?{urlencode({'limit': str(PAGE), 'pagination_token': token})}" if token else None

    def cancel(self, batch_id: str) -> BatchCall:
        """Stops it."""
        return BatchCall("POST", f"/batches/{batch_id}:cancel", JSON_HEADERS, b"{}")


def _kind(path: str) -> str:
    """How a batch names the endpoint that a live call would go to."""
    return "responses" if path == "/responses" else "chat_get_completion"
