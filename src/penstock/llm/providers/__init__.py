"""The providers, by the key that connections, settings and the API use."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from penstock.llm.provider import Provider
from penstock.llm.providers.anthropic import PAUSED, Anthropic, resumed
from penstock.llm.providers.cohere import Cohere
from penstock.llm.providers.compatible import Compatible
from penstock.llm.providers.google import Google
from penstock.llm.providers.local import Local
from penstock.llm.providers.openai import OpenAi
from penstock.llm.providers.xai import Xai
from penstock.llm.request import HttpCall

PROVIDERS: Mapping[str, Provider] = {
    "openai": OpenAi(),
    "anthropic": Anthropic(),
    "cohere": Cohere(),
    "xai": Xai(),
    "google": Google(),
    "compatible": Compatible(),
    "local": Local(),
}

# Who stops in the middle of a long turn: the stop's word, and the call that goes on, from the one before and its reply.
RESUMES: Mapping[str, tuple[str, Callable[[HttpCall, bytes], HttpCall]]] = {"anthropic": (PAUSED, resumed)}
