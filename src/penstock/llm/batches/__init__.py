"""The batch APIs of the providers: the same calls at a lower price, answered within a day.

One file a provider, pure; `client` carries the calls out. A provider that is not in OFFERED has none, or none that
saves money; `NOT_OFFERED` says why.
"""

from __future__ import annotations

from collections.abc import Mapping

from penstock.llm.batches.anthropic import AnthropicBatches
from penstock.llm.batches.dialect import BatchDialect
from penstock.llm.batches.google import GoogleBatches
from penstock.llm.batches.openai import OpenAiBatches
from penstock.llm.batches.xai import XaiBatches

OFFERED: Mapping[str, BatchDialect] = {
    "openai": OpenAiBatches(),
    "anthropic": AnthropicBatches(),
    "google": GoogleBatches(),
    "xai": XaiBatches(),
}
NOT_OFFERED: Mapping[str, str] = {
    "cohere": "Cohere publishes no lower price for batches, so nothing would be saved.",
    "compatible": "OpenAI-compatible endpoints have no batch API in common.",
    "local": "A model on this machine costs nothing per call.",
}
