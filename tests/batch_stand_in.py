"""The batch APIs of four providers on loopback: takes questions, answers them when it is told to, keeps everything.

A batch is answered at the second look unless `over` says otherwise. `before_reply` is awaited when a call has had its
effect and its reply has not gone out yet: the moment in which a killed caller knows nothing.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web
from tests.llm_stand_in import StandIn, _prompt_of, _reply, _searched

PROVIDERS = ("openai", "anthropic", "google", "xai")


@dataclass
class Kept:
    """A batch at a provider: questions by custom id."""

    id: str
    name: str = ""
    questions: dict[str, dict[str, Any]] = field(default_factory=dict)
    looks: int = 0
    canceled: bool = False
    made: datetime = field(default_factory=lambda: datetime.now(UTC))


async def at_once(_moment: str) -> None:
    """Replies without waiting."""


@dataclass
class BatchStandIn:
    """What it answers, and what it was asked. `error` is a status for a question, or 0 when it expires; else None."""

    answer: Callable[[str], str] = lambda _prompt: "Fine."
    error: Callable[[str, Kept], int | None] = lambda _prompt, _batch: None
    over: Callable[[Kept], bool] = lambda batch: batch.looks >= 2
    before_reply: Callable[[str], Awaitable[None]] = at_once
    tokens: tuple[int, int] = (1000, 100)
    batches: dict[str, Kept] = field(default_factory=dict)
    files: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)  # by prompt, over all batches that were submitted
    url: str = ""

    # --- OpenAI ---

    async def upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        upload = form["file"]
        assert isinstance(upload, web.FileField)
        file = f"file-{len(self.files) + 1}"
        with upload.file as lines:
            self.files[file] = [json.loads(line) for line in lines.read().splitlines()]
        await self.before_reply("begun")
        return web.json_response({"id": file, "purpose": "batch"})

    async def openai_submit(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        questions = {line["custom_id"]: line["body"] for line in self.files[wanted["input_file_id"]]}
        batch = self._submitted(wanted["metadata"]["penstock"], questions, "openai")
        await self.before_reply("submitted")
        return web.json_response(self._openai(batch))

    def _openai(self, batch: Kept) -> dict[str, Any]:
        over = self.over(batch)
        return {
            "id": batch.id, "metadata": {"penstock": batch.name}, "errors": None,
            "status": ("expired" if self._late(batch) else "completed") if over else "in_progress",
            "output_file_id": batch.id if over else None, "error_file_id": None,
            "request_counts": {"total": len(batch.questions), "completed": len(batch.questions) if over else 0, "failed": 0},
        }  # fmt: skip

    async def openai_answers(self, request: web.Request) -> web.StreamResponse:
        batch = self.batches[request.match_info["id"]]
        return await self._lines(request, [
            {"custom_id": custom_id, "response": None, "error": {"code": "batch_expired"}} if error == 0
            else {"custom_id": custom_id, "response": {"status_code": error, "body": {"error": {"message": "No.", "type": "error"}}}, "error": None} if error
            else {"custom_id": custom_id, "response": {"status_code": 200, "body": reply}, "error": None}
            for custom_id, error, reply in self._answers(batch, "openai")
        ])  # fmt: skip

    # --- Anthropic ---

    async def anthropic_submit(self, request: web.Request) -> web.Response:
        asked = (await request.json())["requests"]
        batch = self._submitted("", {one["custom_id"]: one["params"] for one in asked}, "anthropic")
        await self.before_reply("submitted")
        return web.json_response(self._anthropic(batch))

    def _anthropic(self, batch: Kept) -> dict[str, Any]:
        over, size = self.over(batch), len(batch.questions)
        counts = {"processing": 0 if over else size, "succeeded": size if over else 0}
        state = "ended" if over else "in_progress"
        return {
            "id": batch.id, "processing_status": state, "request_counts": counts, "created_at": batch.made.isoformat()
        }  # fmt: skip

    async def anthropic_answers(self, request: web.Request) -> web.StreamResponse:
        batch = self.batches[request.match_info["id"]]
        return await self._lines(request, [
            {"custom_id": custom_id, "result": {"type": "expired"} if error == 0
             else {"type": "errored", "error": {"type": "error", "error": {"type": "invalid_request_error" if error == 400 else "overloaded_error", "message": "No."}}} if error
             else {"type": "succeeded", "message": reply}}
            for custom_id, error, reply in self._answers(batch, "anthropic")
        ])  # fmt: skip

    # --- Google ---

    async def google_submit(self, request: web.Request) -> web.Response:
        wanted = (await request.json())["batch"]
        asked = wanted["inputConfig"]["requests"]["requests"]
        questions = {one["metadata"]["custom_id"]: one["request"] for one in asked}
        batch = self._submitted(wanted["displayName"], questions, "google")
        await self.before_reply("submitted")
        return web.json_response(self._google(batch))

    def _google(self, batch: Kept) -> dict[str, Any]:
        over = self.over(batch)
        shown: dict[str, Any] = {"name": f"batches/{batch.id}", "metadata": {
            "displayName": batch.name, "state": f"BATCH_STATE_{'SUCCEEDED' if over else 'RUNNING'}",
            "batchStats": {"requestCount": str(len(batch.questions))}}}  # fmt: skip
        if over:
            shown["response"] = {"inlinedResponses": {"inlinedResponses": [
                {"metadata": {"custom_id": custom_id}} | ({"error": {"code": 3 if error == 400 else 14, "message": "No."}} if error else {"response": reply})
                for custom_id, error, reply in self._answers(batch, "google") if error != 0
            ]}}  # fmt: skip
        return shown

    # --- xAI ---

    async def xai_begin(self, request: web.Request) -> web.Response:
        batch = Kept(f"xai-{len(self.batches) + 1}", (await request.json())["name"])
        self.batches[batch.id] = batch
        await self.before_reply("begun")
        return web.json_response(self._xai(batch))

    async def xai_submit(self, request: web.Request) -> web.Response:
        batch = self.batches[request.match_info["id"]]
        for one in (await request.json())["batch_requests"]:
            assert one["batch_request_id"] not in batch.questions
            batch.questions[one["batch_request_id"]] = one["batch_request"]["responses"]
            self.asked[_prompt_of("xai", one["batch_request"]["responses"])] += 1
        await self.before_reply("submitted")
        return web.json_response(None)

    def _xai(self, batch: Kept) -> dict[str, Any]:
        size = len(batch.questions)
        counts = {"num_requests": size, "num_pending": 0 if self.over(batch) else size}
        return {"batch_id": batch.id, "name": batch.name, "state": counts}

    async def xai_answers(self, request: web.Request) -> web.Response:
        batch = self.batches[request.match_info["id"]]
        first = int(request.query.get("pagination_token") or 0)
        page = self._answers(batch, "xai")[first : first + 100]
        await self.before_reply("answers")
        return web.json_response({
            "results": [
                {"batch_request_id": custom_id, "batch_result": {} if error == 0
                 else {"error": {"error": "No.", "status": error}} if error else {"response": {"responses": reply}}}
                for custom_id, error, reply in page],
            "pagination_token": str(first + 100) if first + 100 < len(batch.questions) else None,
        })  # fmt: skip

    # --- all ---

    async def look(self, request: web.Request) -> web.Response:
        provider = request.path.split("/")[1]
        batch = self.batches[request.match_info["id"]]
        batch.looks += 1
        await self.before_reply("looked")
        return web.json_response(getattr(self, f"_{provider}")(batch))

    async def listed(self, request: web.Request) -> web.Response:
        provider = request.path.split("/")[1]
        mine = [batch for batch in self.batches.values() if batch.id.startswith(provider)]
        shown = [getattr(self, f"_{provider}")(batch) for batch in reversed(mine)]
        return web.json_response({"operations" if provider == "google" else "data": shown})

    async def cancel(self, request: web.Request) -> web.Response:
        self.batches[request.match_info["id"].partition(":")[0]].canceled = True
        return web.json_response({})

    def _submitted(self, name: str, questions: dict[str, dict[str, Any]], provider: str) -> Kept:
        batch = Kept(f"{provider}-{len(self.batches) + 1}", name, questions)
        self.batches[batch.id] = batch
        self.asked.update(_prompt_of(provider, body) for body in questions.values())
        return batch

    def _late(self, batch: Kept) -> bool:
        return any(error == 0 for _, error, _ in self._answers(batch, "openai"))

    def _answers(self, batch: Kept, provider: str) -> list[tuple[str, int | None, dict[str, Any]]]:
        found: list[tuple[str, int | None, dict[str, Any]]] = []
        for custom_id, body in batch.questions.items():
            prompt = _prompt_of(provider, body)
            error = 0 if batch.canceled else self.error(prompt, batch)
            model = str(body.get("model") or "gemini-2.5-flash")
            reply = _reply(provider, model, self.answer(prompt), *self.tokens)
            if body.get("tools"):
                reply = _searched(provider, reply, [("https://example.com/fires", "Fires")])
            found.append((custom_id, error, reply))
        return found

    async def _lines(self, request: web.Request, lines: list[dict[str, Any]]) -> web.StreamResponse:
        """Half of the lines, a pause in which a caller may be killed, the other half."""
        response = web.StreamResponse(headers={"content-type": "application/x-jsonl"})
        await response.prepare(request)
        half = len(lines) // 2
        await response.write(b"".join(json.dumps(line).encode() + b"\n" for line in lines[:half]))
        await self.before_reply("answers")
        await response.write(b"".join(json.dumps(line).encode() + b"\n" for line in lines[half:]))
        return response


@asynccontextmanager
async def batch_stand_in(live: StandIn | None = None, **behaviour: Any) -> AsyncIterator[BatchStandIn]:
    """Runs a stand-in on a free port of 127.0.0.1; live calls go to `live`, so that a test sees there were none."""
    stand_in = BatchStandIn(**behaviour)
    app = web.Application(client_max_size=256 * 1024 * 1024)
    add = app.router
    add.add_post("/openai/files", stand_in.upload)
    add.add_get("/openai/files/{id}/content", stand_in.openai_answers)
    add.add_post("/openai/batches", stand_in.openai_submit)
    add.add_post("/anthropic/v1/messages/batches", stand_in.anthropic_submit)
    add.add_get("/anthropic/v1/messages/batches/{id}/results", stand_in.anthropic_answers)
    add.add_post("/google/models/gemini-2.5-flash:batchGenerateContent", stand_in.google_submit)
    add.add_post("/xai/batches", stand_in.xai_begin)
    add.add_post("/xai/batches/{id}/requests", stand_in.xai_submit)
    add.add_get("/xai/batches/{id}/results", stand_in.xai_answers)
    for place in ("/openai/batches", "/anthropic/v1/messages/batches", "/google/batches", "/xai/batches"):
        add.add_get(place, stand_in.listed)
        add.add_get(place + "/{id}", stand_in.look)
        add.add_post(place + "/{id}/cancel", stand_in.cancel)
        add.add_post(place + "/{id:[^/]+:cancel}", stand_in.cancel)
    live = live or StandIn()
    for provider in ("openai", "xai"):
        add.add_post(f"/{provider}/responses", live.complete)
    add.add_post("/anthropic/v1/messages", live.complete)
    add.add_post("/google/models/{call}", live.complete)
    add.add_post("/cohere/v2/chat", live.complete)
    add.add_post("/cohere/v1/check-api-key", live.check_key)
    add.add_get("/{provider}/{rest:.*}", live.check_key)
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    stand_in.url = live.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield stand_in
    finally:
        await runner.cleanup()


def base_urls(stand_in: BatchStandIn) -> dict[str, str]:
    """The operator's base URL setting per provider."""
    return {name: f"{stand_in.url}/{name}" for name in (*PROVIDERS, "cohere")}


async def never(_moment: str) -> None:
    """Does not reply."""
    await asyncio.Event().wait()
