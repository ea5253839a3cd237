"""The documentation says what the program does: pages are fresh, names exist, links lead somewhere."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from docs.code_pages import error_classes
from docs.edge_pages import commands
from docs.generate import FOLDER, PAGES

from penstock.accounts.permissions import PERMISSIONS
from penstock.actions.registry import catalog
from penstock.api.access import ACCESS
from penstock.api.mcp_server.tools import TOOLS
from penstock.kit.template_filters import FILTERS
from penstock.llm.errors import TREATMENT
from penstock.llm.providers import PROVIDERS
from penstock.settings import PROVIDER_KEYS, SETTINGS
from penstock.workflows.check_codes import CODES

ROOT = Path(__file__).parents[2]
WRITTEN = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
GUIDES = [page for page in WRITTEN if page.parent not in {FOLDER, ROOT / "docs" / "decisions"}]

# For the demo and for building, not for a running server.
OTHER_VARIABLES = {
    *(f"PENSTOCK_{key.upper()}_API_KEY" for key in PROVIDER_KEYS),
    "PENSTOCK_NODE",
    "PENSTOCK_SKIP_WEB",
}

NAMES: dict[str, list[str]] = {
    "settings.md": [one.name for one in SETTINGS],
    "cli.md": [f"penstock {name}" for name in commands()],
    "api.md": list(ACCESS),
    "mcp-tools.md": list(TOOLS),
    "actions.md": [str(entry["title"]) for entry in catalog()],
    "tokens.md": list(FILTERS),
    "check-codes.md": list(CODES),
    "models.md": list(PROVIDERS),
    "errors.md": [*(one.code for one in error_classes()[1:]), *(kind.upper() for kind in TREATMENT)],
    "permissions.md": list(PERMISSIONS),
}


def relative(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_page_says_what_the_code_says_now(name: str) -> None:
    fresh = PAGES[name]()
    assert (FOLDER / name).read_text(encoding="utf-8") == fresh, "run: python -m docs.generate"


@pytest.mark.parametrize("name", NAMES)
def test_everything_that_has_a_name_stands_in_the_reference(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    missing = [one for one in NAMES[name] if not re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", text)]
    assert not missing


def test_every_reference_page_has_a_test_of_its_names() -> None:
    assert NAMES.keys() == PAGES.keys()
    assert {page.name for page in FOLDER.glob("*.md")} == PAGES.keys()


LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```([a-z]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", WRITTEN, ids=relative)
def test_every_link_inside_the_repository_leads_somewhere(page: Path) -> None:
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    for target in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        file = (page.parent / place).resolve() if place else page
        assert file.exists(), f"{target} leads nowhere"
        assert not anchor or anchor in anchors(file), f"{place} has no heading {anchor}"


COMMAND = re.compile(r"(?:[A-Z_]+=\S* )*(?:\.venv/bin/)?penstock (.*?)(?: < .*)?$")


def command_lines() -> Iterator[tuple[str, list[str]]]:
    """Each `penstock …` in a fenced block of commands, with where it stands."""
    for page in WRITTEN:
        if page.parent == FOLDER:
            continue
        for language, block in FENCED.findall(page.read_text(encoding="utf-8")):
            if language:
                continue
            for line in block.replace("\\\n", " ").splitlines():
                for part in re.split(r" \| | && ", line):
                    if found := COMMAND.match(part.strip()):
                        yield f"{relative(page)}: {part.strip()}", shlex.split(found[1], comments=True)


COMMAND_LINES = dict(command_lines())


@pytest.mark.parametrize("line", COMMAND_LINES)
def test_every_command_line_in_the_guides_is_one(
    line: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").mkdir()
    # The files of guides; their commands ask whether they are there.
    for name in ("tickets.csv", "cases.csv", "examples/complaint-cases.csv"):
        (tmp_path / name).touch()
    words = COMMAND_LINES[line]
    for length in (2, 1):
        command = commands().get(" ".join(words[:length]))
        if command is not None:
            command.make_context(words[0], words[length:])  # raises for what the parser does not take
            return
    pytest.fail("there is no such command")


def test_the_guides_show_most_commands() -> None:
    shown = {" ".join(words[:2]) for words in COMMAND_LINES.values()} | {
        words[0] for words in COMMAND_LINES.values()
    }
    assert len(commands().keys() & shown) > len(commands()) * 0.7


@pytest.mark.parametrize("page", GUIDES, ids=relative)
def test_every_setting_and_route_that_a_guide_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    known = {one.name for one in SETTINGS} | OTHER_VARIABLES
    assert set(re.findall(r"PENSTOCK_[A-Z_]*[A-Z]", text)) <= known

    routes = {tuple(route.split(" ")) for route in ACCESS}
    named = set(re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/[^`?\s]*)", text))
    named |= set(curl_calls(text))
    for method, path in named:
        assert any(method == one and fits(path, route) for one, route in routes), f"{method} {path}"


def curl_calls(text: str) -> Iterator[tuple[str, str]]:
    """Method and path of each call of curl to this machine."""
    for line in text.replace("\\\n", " ").splitlines():
        if found := re.search(r"curl .*127\.0\.0\.1:8765(/[\w/.-]*)", line):
            explicit = re.search(r" -X ([A-Z]+)", line)
            yield explicit[1] if explicit else "POST" if " -d " in line else "GET", found[1]


def fits(path: str, route: str) -> bool:
    """Whether a path, with or without values in it, is one of a route."""
    parts, wanted = path.rstrip("/").split("/"), route.rstrip("/").split("/")
    return len(parts) == len(wanted) and all(
        part == one or one.startswith("{") for part, one in zip(parts, wanted, strict=True)
    )


def test_every_make_target_in_the_guides_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        target
        for page in WRITTEN
        for _, block in FENCED.findall(page.read_text(encoding="utf-8"))
        for target in re.findall(r"^make (\w+)", block, re.MULTILINE)
    }
    assert named
    assert named <= targets
