"""Every setting, read once from the environment. One table: name, default, meaning."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from penstock.errors import ConfigurationProblem

PROVIDER_KEYS = ("openai", "anthropic", "cohere", "xai", "google")


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of the settings table, also used to write `docs/reference/settings.md`."""

    name: str
    default: str
    meaning: str


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "PENSTOCK_HOME",
        "the platform's data folder",
        "Folder for the embedded database, the key file and logs.",
    ),
    Setting(
        "PENSTOCK_DATABASE_URL",
        "",
        "PostgreSQL 15+ to use instead of the embedded one: postgresql://user@host/name.",
    ),
    Setting(
        "PENSTOCK_MODELS",
        "the platform's cache folder",
        "Folder for the weights of local models, which can be fetched again.",
    ),
    Setting("PENSTOCK_HOST", "127.0.0.1", "Address that `penstock serve` listens on."),
    Setting("PENSTOCK_PORT", "8765", "Port that `penstock serve` listens on."),
    Setting(
        "PENSTOCK_PUBLIC_URL",
        "",
        "Address under which users reach Penstock, such as https://penstock.example.com; used in links and e-mails.",
    ),
    Setting(
        "PENSTOCK_SESSION_IDLE_HOURS",
        "12",
        "Hours without a request after which a person has to sign in again.",
    ),
    Setting("PENSTOCK_SESSION_DAYS", "30", "Days after which a person has to sign in again in any case."),
    Setting(
        "PENSTOCK_INSECURE_COOKIES",
        "0",
        "1: people may sign in over plain http from other machines; whoever can read the network can then act as them.",
    ),
    Setting(
        "PENSTOCK_HSTS",
        "0",
        "1: browsers are told to use https only for this host and to remember it for a year. For hosts behind TLS.",
    ),
    Setting(
        "PENSTOCK_SECRET_KEY",
        "",
        "Key that seals stored secrets: 32 bytes as base64. Default: a generated file in PENSTOCK_HOME.",
    ),
    Setting(
        "PENSTOCK_OUTBOUND_ALLOWED_HOSTS",
        "",
        "Comma-separated host names or host:port pairs on private or loopback addresses that outgoing requests may reach.",
    ),
    Setting(
        "PENSTOCK_SMTP_URL",
        "",
        "smtp://user:password@host:port or smtps://…, `?starttls=required|off`; without it mail stays readable in the outbox.",
    ),
    Setting(
        "PENSTOCK_OWNER_EMAIL",
        "owner@penstock.local",
        "E-mail address of the owner created at the first start.",
    ),
    Setting("PENSTOCK_MAIL_FROM", "penstock@localhost", "Sender of e-mail notifications."),
    Setting(
        "PENSTOCK_WORKERS_IN_SERVE",
        "1",
        "1: `penstock serve` also runs a worker; 0: start `penstock worker` separately.",
    ),
    Setting(
        "PENSTOCK_MCP", "1", "1: agents reach Penstock by the Model Context Protocol at /mcp; 0: they do not."
    ),
    Setting("PENSTOCK_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR."),
    Setting(
        "PENSTOCK_LOOP_DEPTH",
        "10",
        "How many changes made by workflows may lead back to a workflow before it starts no more from them.",
    ),
    Setting(
        "PENSTOCK_LOOP_ENROLLMENTS",
        "20",
        "How often workflows may enroll one record in the same workflow within PENSTOCK_LOOP_MINUTES.",
    ),
    Setting("PENSTOCK_LOOP_MINUTES", "10", "The time that PENSTOCK_LOOP_ENROLLMENTS is counted in."),
    Setting("PENSTOCK_LLM_TIMEOUT_SECONDS", "600", "Longest wait for one answer of a language model."),
    Setting(
        "PENSTOCK_BATCH_QUIET_SECONDS",
        "5",
        "A batch is formed when no question was added for so long, and a minute after its first one at the latest.",
    ),
    Setting("PENSTOCK_BATCH_LOOK_SECONDS", "30", "Time between two looks at a batch at its provider."),
    *(
        Setting(
            f"PENSTOCK_{key.upper()}_BASE_URL",
            "",
            f"Send {key} requests to this address instead (a gateway or a test server).",
        )
        for key in PROVIDER_KEYS
    ),
)


def _default_models() -> Path:
    # A cache and not the home: weights can always be fetched again, and one copy serves every home.
    return Path(platformdirs.user_cache_dir("penstock", appauthor=False)) / "models"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process. Build with `Settings.from_environment()`; tests build it directly."""

    home: Path
    models: Path = field(default_factory=_default_models)
    database_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 8765
    public_url: str | None = None
    session_idle_hours: float = 12.0
    session_days: float = 30.0
    insecure_cookies: bool = False
    hsts: bool = False
    secret_key: str | None = field(default=None, repr=False)
    outbound_allowed_hosts: frozenset[str] = frozenset()
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = "penstock@localhost"
    owner_email: str = "owner@penstock.local"
    workers_in_serve: bool = True
    mcp: bool = True
    log_level: str = "INFO"
    llm_timeout_seconds: float = 600.0
    loop_depth: int = 10
    loop_enrollments: int = 20
    loop_minutes: float = 10.0
    batch_quiet_seconds: float = 5.0
    batch_look_seconds: float = 30.0
    provider_base_urls: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Reads PENSTOCK_* variables; raises ConfigurationProblem naming the variable and the remedy."""
        env = os.environ if environ is None else environ

        def text(name: str) -> str | None:
            return env.get(name, "").strip() or None

        home = text("PENSTOCK_HOME")
        models = text("PENSTOCK_MODELS")
        return cls(
            home=Path(home).expanduser()
            if home
            else Path(platformdirs.user_data_dir("penstock", appauthor=False)),
            models=Path(models).expanduser() if models else _default_models(),
            database_url=text("PENSTOCK_DATABASE_URL"),
            host=text("PENSTOCK_HOST") or "127.0.0.1",
            port=int(_number("PENSTOCK_PORT", text("PENSTOCK_PORT"), 8765, 0, 65535)),
            public_url=_address("PENSTOCK_PUBLIC_URL", text("PENSTOCK_PUBLIC_URL")),
            session_idle_hours=_number(
                "PENSTOCK_SESSION_IDLE_HOURS", text("PENSTOCK_SESSION_IDLE_HOURS"), 12, 0.1, 8_760
            ),
            session_days=_number("PENSTOCK_SESSION_DAYS", text("PENSTOCK_SESSION_DAYS"), 30, 0.1, 365),
            insecure_cookies=_switch(
                "PENSTOCK_INSECURE_COOKIES", text("PENSTOCK_INSECURE_COOKIES"), default=False
            ),
            hsts=_switch("PENSTOCK_HSTS", text("PENSTOCK_HSTS"), default=False),
            secret_key=text("PENSTOCK_SECRET_KEY"),
            outbound_allowed_hosts=frozenset(
                part.strip().lower()
                for part in env.get("PENSTOCK_OUTBOUND_ALLOWED_HOSTS", "").split(",")
                if part.strip()
            ),
            smtp_url=text("PENSTOCK_SMTP_URL"),
            mail_from=text("PENSTOCK_MAIL_FROM") or "penstock@localhost",
            owner_email=text("PENSTOCK_OWNER_EMAIL") or "owner@penstock.local",
            workers_in_serve=_switch(
                "PENSTOCK_WORKERS_IN_SERVE", text("PENSTOCK_WORKERS_IN_SERVE"), default=True
            ),
            mcp=_switch("PENSTOCK_MCP", text("PENSTOCK_MCP"), default=True),
            log_level=(text("PENSTOCK_LOG_LEVEL") or "INFO").upper(),
            llm_timeout_seconds=_number(
                "PENSTOCK_LLM_TIMEOUT_SECONDS", text("PENSTOCK_LLM_TIMEOUT_SECONDS"), 600, 1, 86_400
            ),
            loop_depth=int(_number("PENSTOCK_LOOP_DEPTH", text("PENSTOCK_LOOP_DEPTH"), 10, 1, 100)),
            loop_enrollments=int(
                _number("PENSTOCK_LOOP_ENROLLMENTS", text("PENSTOCK_LOOP_ENROLLMENTS"), 20, 1, 10_000)
            ),
            loop_minutes=_number("PENSTOCK_LOOP_MINUTES", text("PENSTOCK_LOOP_MINUTES"), 10, 0.1, 10_080),
            batch_quiet_seconds=_number(
                "PENSTOCK_BATCH_QUIET_SECONDS", text("PENSTOCK_BATCH_QUIET_SECONDS"), 5, 0.1, 60
            ),
            batch_look_seconds=_number(
                "PENSTOCK_BATCH_LOOK_SECONDS", text("PENSTOCK_BATCH_LOOK_SECONDS"), 30, 0.1, 3_600
            ),
            provider_base_urls={
                key: url
                for key in PROVIDER_KEYS
                if (url := text(f"PENSTOCK_{key.upper()}_BASE_URL")) is not None
            },
        )


def _number(name: str, value: str | None, default: float, low: float, high: float) -> float:
    if value is None:
        return default
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not low <= number <= high:
        raise ConfigurationProblem(
            f"{name} is not a number from {low:g} to {high:g}.",
            remedy=f"Set {name} to such a number or unset it.",
        )
    return number


def _address(name: str, value: str | None) -> str | None:
    """An http or https address without a path, without the slash at its end."""
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine or parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username:
        raise ConfigurationProblem(
            f"{name} is no address of the form https://penstock.example.com.",
            remedy=f"Set {name} to the address that people type, without a path, or unset it.",
        )
    return value.rstrip("/")


def _switch(name: str, value: str | None, *, default: bool) -> bool:
    if value is None:
        return default
    if value not in {"0", "1"}:
        raise ConfigurationProblem(f"{name} must be 0 or 1.", remedy=f"Set {name} to 0 or 1 or unset it.")
    return value == "1"
