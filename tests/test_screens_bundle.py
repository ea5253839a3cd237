"""The built screens: when they are built anew, and how much a browser loads before it shows the first one."""

from __future__ import annotations

import gzip
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from web import bundle

ROOT = Path(__file__).parents[1]
FIRST_LOAD_BYTES = 320_000


@pytest.fixture
def built() -> Path:
    """The folder of the built screens, which `make test` has brought up to date."""
    if not (bundle.BUNDLE / "index.html").is_file():
        pytest.skip("the screens are not built: make web")
    return bundle.BUNDLE


def test_uv_builds_the_package_anew_for_every_file_that_the_screens_are_made_of() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = {key["file"].removeprefix("web/") for key in settings["tool"]["uv"]["cache-keys"]}
    assert named - {"pyproject.toml", "hatch_build.py"} == set(bundle.SOURCES)


def test_every_file_of_the_screens_is_a_source_of_the_bundle_or_known_not_to_change_it() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "web"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if tracked.returncode != 0:
        pytest.skip("not a git checkout")
    sources = {file.relative_to(ROOT).as_posix() for file in bundle.sources()}
    others = {"web/api.mjs"}  # writes the client of the API, which is a source itself
    left = [
        name
        for name in tracked.stdout.split()
        if name not in sources | others and not name.endswith(bundle.NO_SOURCES) and (ROOT / name).is_file()
    ]
    assert left == []


def test_the_hash_follows_the_contents_of_sources_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "WEB", tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "main.tsx").write_text("one")
    before = bundle.source_hash()
    (tmp_path / "src" / "main.test.tsx").write_text("a test")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "package.json").write_text("{}")
    assert bundle.source_hash() == before
    (tmp_path / "src" / "main.tsx").write_text("two")
    changed = bundle.source_hash()
    assert changed != before
    (tmp_path / "src" / "main.tsx").rename(tmp_path / "src" / "start.tsx")
    assert bundle.source_hash() not in {before, changed}


def test_the_first_load_stays_under_its_budget(built: Path) -> None:
    page = (built / "index.html").read_text(encoding="utf-8")
    named = re.findall(r'(?:src|href)="/(assets/[^"]+)"', page)
    assert any(name.endswith(".js") for name in named)
    assert any(name.endswith(".css") for name in named)
    # Fonts are loaded by what the text needs: English and Danish need the Latin one.
    fonts = [font.relative_to(built).as_posix() for font in built.glob("assets/inter-latin-wght-*.woff2")]
    assert len(fonts) == 1
    sizes = {name: _over_the_wire(built / name) for name in ["index.html", *named, *fonts]}
    assert sum(sizes.values()) < FIRST_LOAD_BYTES, sizes


def test_no_rule_of_a_component_that_is_used_was_left_out_of_the_style_sheets(built: Path) -> None:
    whole = bundle.WEB / "node_modules" / "@mantine" / "core" / "styles.css"
    if not whole.is_file():
        pytest.skip("the packages of the screens are not installed")

    def classes(texts: list[str], start: str) -> set[str]:
        return {one for text in texts for one in re.findall(start + r"(m_[0-9a-f]{5,8})\b", text)}

    used = classes([file.read_text(encoding="utf-8") for file in built.glob("assets/*.js")], r"\b")
    kept = classes([file.read_text(encoding="utf-8") for file in built.glob("assets/*.css")], r"\.")
    with_rules = classes([whole.read_text(encoding="utf-8")], r"\.")
    assert used & with_rules <= kept
    assert len(kept) < len(with_rules)


def test_every_asset_of_text_lies_there_compressed_beside_itself(built: Path) -> None:
    large = [
        file
        for file in built.glob("assets/*")
        if file.suffix in {".js", ".css"} and file.stat().st_size >= 1024
    ]
    assert large
    assert [
        file.name
        for file in large
        for suffix in (".br", ".gz")
        if not file.with_name(file.name + suffix).is_file()
    ] == []
    for file in large:
        assert gzip.decompress(file.with_name(f"{file.name}.gz").read_bytes()) == file.read_bytes()


def _over_the_wire(file: Path) -> int:
    """Bytes after gzip; fonts are compressed already."""
    content = file.read_bytes()
    return len(content) if file.suffix == ".woff2" else len(gzip.compress(content, 9))
