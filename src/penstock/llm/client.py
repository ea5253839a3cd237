"""The calls to language models: build, send, read, and learn from a refused parameter. One client a process.

Errors that pass are not tried again here: the engine waits and retries, with the record's history in view. The
one exception is a 400 that teaches us a parameter which the model refuses; the same call without it follows.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

from penstock.errors import InvalidInput
from penstock.kit.http import HttpClient, Reply
from penstock.kit.json import dumps
from penstock.llm.capabilities import Capabilities
from penstock.llm.catalog import ModelInfo, describe, overlay
from penstock.llm.errors import LlmError
from penstock.llm.learned import LEARNED_FIELDS, Learned, LearnedAt, apply, learn
from penstock.llm.limit_headers import stated_limits
from penstock.llm.model_facts import known
from penstock.llm.prompt import check_size
from penstock.llm.provider import Built, KeyCheck, ListedModel, Provider
from penstock.llm.providers import PROVIDERS, RESUMES
from penstock.llm.request import HttpCall, LlmRequest
from penstock.llm.result import LlmResult
from penstock.llm.transport import TRANSPORT, as_llm_error
from penstock.llm.web_search import about_search, check_search
from penstock.settings import Settings

LOOKUP_SECONDS = 30.0  # for key checks and lists of models
MOST_BYTES = 10 * 1024 * 1024
MOST_PAGES = 50  # of a list of models
MOST_PAUSES = 3  # of one turn of searches
MOST_REMEMBERED = 10_000  # models whose capabilities are kept, dropped all at once when there are more
# Characters; shorter texts are not masked in a provider's message, because they would eat words of it.
SHORTEST_KEY = 8
SHORTEST_PROMPT = 24

Place = tuple[str, str, str]  # provider, base URL, model
LearnedHook = Callable[[LearnedAt], Awaitable[None]]


class Completes(Protocol):
    """Whoever answers one question with one call."""

    async def complete(self, provider: str, key: str, base_url: str | None, request: LlmRequest) -> LlmResult:
        """Asks the model once. Raises LlmError for everything that is not an answer."""


class LocalModels(Protocol):
    """The models that run on this machine, for the provider `local`."""

    async def reach(self, model: str) -> tuple[str, HttpClient]:
        """The base URL of the running server of a model, and a client that may reach it; starts it when needed."""

    def listed(self) -> tuple[ListedModel, ...]:
        """The models that can be run here."""


class LlmClient:
    """Calls any provider. `learned` is awaited with each newly learned fact, to keep it in the database."""

    def __init__(
        self,
        http: HttpClient,
        settings: Settings,
        *,
        local: LocalModels | None = None,
        learned: LearnedHook | None = None,
    ) -> None:
        self._http = http
        self._settings = settings
        self._local = local
        self._hook = learned
        self._facts: dict[Place, tuple[Learned, ...]] = {}
        self._listed: dict[tuple[str, str], dict[str, ListedModel]] = {}
        self._capabilities: dict[Place, Capabilities] = {}

    def remember(self, facts: Iterable[LearnedAt]) -> None:
        """Takes facts learned earlier (`learned.load`), so that no model has to refuse the same field again."""
        for each in facts:
            place = (each.provider, each.base_url, each.model)
            kept = tuple(fact for fact in self._facts.get(place, ()) if fact.field != each.fact.field)
            self._facts[place] = (*kept, each.fact)
            self._capabilities.pop(place, None)

    def remember_models(self, provider: str, base_url: str | None, models: Iterable[ListedModel]) -> None:
        """Takes a provider's list of models, whose sizes and efforts then hold for calls to that address."""
        address = self._address(provider_of(provider), base_url)
        self._listed[provider, address] = {model.id: model for model in models}
        self._capabilities.clear()

    def capabilities(self, provider: str, base_url: str | None, model: str) -> Capabilities:
        """What a model accepts as far as we know now: table, provider's list, then what it refused."""
        return self._capable((provider, self._address(provider_of(provider), base_url), model))

    async def verify_key(self, provider: str, key: str, base_url: str | None) -> KeyCheck:
        """Makes the provider's cheapest call with the key. Raises LlmError: authentication for a bad key."""
        chosen = provider_of(provider)
        if provider == "local":
            return KeyCheck()
        address = self._address(chosen, base_url)
        try:
            reply = await self._send(chosen, key, address, chosen.key_check(), LOOKUP_SECONDS)
            return chosen.read_key_check(reply.status, reply.headers, reply.body)
        except LlmError as error:
            raise error.of_key_check() from error

    async def list_models(self, provider: str, key: str, base_url: str | None) -> list[ModelInfo]:
        """All text models that the key can use, by id, with capabilities and prices where known. Raises LlmError."""
        chosen = provider_of(provider)
        address = self._address(chosen, base_url)
        listed = await self._list(chosen, key, address)
        self.remember_models(provider, base_url, listed.values())
        return [
            describe(provider, listed[name], self._capable((provider, address, name)))
            for name in sorted(listed)
        ]

    def address(self, provider: str, base_url: str | None) -> str:
        """Where a connection's calls go, without a slash at its end; raises LlmError when nothing says it."""
        return self._address(provider_of(provider), base_url)

    async def complete(self, provider: str, key: str, base_url: str | None, request: LlmRequest) -> LlmResult:
        """Asks the model once. Raises LlmError for everything that is not an answer, refused and cut answers included
        in the result's `stop`.

        A prompt larger than the model's window is refused before it is sent. A parameter that the model turns
        out to refuse is left out, reported in `dropped`, and remembered.
        """
        chosen = provider_of(provider)
        address = self._address(chosen, base_url)
        place = (provider, address, request.model)
        capabilities = self._capabilities.get(place) or self._capable(place)
        check_size(request, capabilities)
        check_search(provider, request, capabilities)
        http = self._http
        if provider == "local" and self._local is not None:
            address, http = await self._local.reach(request.model)
        longest = self._settings.llm_timeout_seconds
        timeout = min(request.timeout_seconds or longest, longest)

        async def send(call: HttpCall) -> Reply:
            return await self._send(chosen, key, address, call, timeout, http, request)

        for _ in range(len(LEARNED_FIELDS) + 1):
            call, dropped = chosen.build(request, capabilities)
            reply = await send(call)
            stated = stated_limits(reply.headers)
            try:
                result = chosen.read(reply.status, reply.headers, reply.body)
            except LlmError as error:
                error.stated = stated
                fact = learn(error, request, capabilities)
                if fact is None:
                    raise about_search(error, request) from error
                self.remember([LearnedAt(*place, fact)])
                if self._hook is not None:
                    await self._hook(LearnedAt(*place, fact))
                capabilities = self._capable(place)
                continue
            result = result.of_call(request.model, dropped, round(reply.elapsed * 1000), stated)
            return await _gone_on(chosen, send, call, reply, result)
        raise LlmError(
            "invalid_request",
            f"{request.model} refuses this request in every form we know.",
            provider=provider,
        )

    def built(self, provider: str, base_url: str | None, request: LlmRequest) -> Built:
        """The call as `complete` would make it now, without its key, and what it leaves out. Raises LlmError."""
        capabilities = self.capabilities(provider, base_url, request.model)
        check_size(request, capabilities)
        check_search(provider, request, capabilities)
        return provider_of(provider).build(request, capabilities)

    async def _list(self, provider: Provider, key: str, address: str) -> dict[str, ListedModel]:
        if provider.key == "local" and self._local is not None:
            return {model.id: model for model in self._local.listed()}
        listed: dict[str, ListedModel] = {}
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            reply = await self._send(provider, key, address, provider.models(cursor), LOOKUP_SECONDS)
            page = provider.read_models(reply.status, reply.headers, reply.body)
            listed.update((model.id, model) for model in page.models)
            if page.next is None or page.next == cursor:
                break
            cursor = page.next
        return listed

    async def _send(
        self,
        provider: Provider,
        key: str,
        address: str,
        call: HttpCall,
        seconds: float,
        http: HttpClient | None = None,
        request: LlmRequest | None = None,
    ) -> Reply:
        headers = provider.authorize(call.headers, key)
        body = None if call.body is None else _encode(provider, call)
        try:
            reply = await (http or self._http).request(
                call.method,
                address + call.path,
                headers=headers,
                body=body,
                timeout=seconds,
                max_bytes=MOST_BYTES,
            )
        except TRANSPORT as trouble:
            raise as_llm_error(provider, trouble) from trouble
        if reply.status >= 300:
            return reply._replace(body=_masked(reply.body, key, request))
        return reply

    def _capable(self, place: Place) -> Capabilities:
        kept = self._capabilities.get(place)
        if kept is not None:
            return kept
        provider, address, model = place
        found = known(provider, model)
        listed = self._listed.get((provider, address), {}).get(model)
        if listed is not None:
            found = overlay(found, listed)
        found = apply(found, self._facts.get(place, ()))
        if len(self._capabilities) >= MOST_REMEMBERED:
            self._capabilities.clear()
        self._capabilities[place] = found
        return found

    def _address(self, provider: Provider, base_url: str | None) -> str:
        """The base URL without a slash at its end: the connection's own, the operator's, the provider's."""
        found = base_url or self._settings.provider_base_urls.get(provider.key) or provider.base_url
        if found is None:
            if provider.key == "local":
                return ""
            raise LlmError(
                "invalid_request",
                f"{provider.title} has no base URL.",
                provider=provider.key,
                field="base_url",
                remedy="Give the connection the base URL of its API, such as https://llm.example.com/v1.",
            )
        found = found.rstrip("/")
        # Anthropic's and Cohere's paths begin with the version, and people write it into the base URL too.
        return VERSION.sub("", found) if provider.key in {"anthropic", "cohere"} else found


VERSION = re.compile(r"/v\d+$")


def provider_of(key: str) -> Provider:
    """The provider by key; raises InvalidInput listing the keys there are."""
    found = PROVIDERS.get(key)
    if found is None:
        raise InvalidInput(
            f"'provider' is '{key[:40]}', which is none that Penstock has.",
            remedy="Use one of: " + ", ".join(PROVIDERS) + ".",
        )
    return found


async def _gone_on(
    provider: Provider,
    send: Callable[[HttpCall], Awaitable[Reply]],
    call: HttpCall,
    reply: Reply,
    result: LlmResult,
) -> LlmResult:
    """The answer once its provider has nothing more to say: a turn that it paused is sent back to it."""
    pause, resumed = RESUMES.get(provider.key, ("", None))
    for _ in range(MOST_PAUSES):
        if resumed is None or result.raw_stop != pause:
            break
        call = resumed(call, reply.body)
        reply = await send(call)
        further = provider.read(reply.status, reply.headers, reply.body)
        result = result.going_on(further, round(reply.elapsed * 1000), stated_limits(reply.headers))
    return result


def _encode(provider: Provider, call: HttpCall) -> bytes:
    try:
        # Copied, because orjson keeps the room it took for escaping, several times the text, while the call lasts.
        return bytes(memoryview(dumps(call.body)))
    except TypeError as error:
        raise LlmError(
            "invalid_request",
            "The prompt holds text that is not valid Unicode (half of a surrogate pair).",
            provider=provider.key,
            field="prompt",
            remedy="Remove the broken characters from the record, then retry.",
        ) from error


def _masked(body: bytes, key: str, request: LlmRequest | None) -> bytes:
    """An error reply without the key and the prompt, which some servers quote in their messages (security R4)."""
    texts = [key] if len(key) >= SHORTEST_KEY else []
    if request is not None:
        texts += [part for part in (request.prompt, request.system or "") if len(part) >= SHORTEST_PROMPT]
    for text in texts:
        for spelled in {text.encode(errors="replace"), dumps(text)[1:-1]}:
            body = body.replace(spelled, b"***")
    return body
