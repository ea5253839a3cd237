"""Logging: key=value lines on a terminal, one JSON object a line otherwise; secrets are masked in both."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import orjson
import structlog
from structlog.stdlib import BoundLogger, ProcessorFormatter
from structlog.types import EventDict, Processor

from penstock.kit.redact import redact


class MaskingFormatter(ProcessorFormatter):
    """Masks the finished line, so that no field, traceback or message of a library escapes it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line to be written."""
        return redact(super().format(record))


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Sends the logs of Penstock and of its libraries to `stream` (stderr) from `level` up. Call once at start."""
    output = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    handler = logging.StreamHandler(output)
    handler.setFormatter(
        MaskingFormatter(
            processors=[ProcessorFormatter.remove_processors_meta, *_rendering(output.isatty())],
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Their sixty lines of a first start would bury the one with the owner's token.
    for chatty in ("alembic", "dbos", "mcp"):
        logging.getLogger(chatty).setLevel(level if level == "DEBUG" else max(logging.WARNING, root.level))
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=BoundLogger,
        cache_logger_on_first_use=False,
    )


def get_logger(name: str) -> BoundLogger:
    """The logger of a module: `log = get_logger(__name__)`, then `log.info("mail sent", mail=7)`."""
    return structlog.stdlib.get_logger(name)


def _rendering(terminal: bool) -> list[Processor]:
    if terminal:
        return [structlog.processors.format_exc_info, _line_for_people]
    return [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(serializer=lambda value, **_: _dump(value)),
    ]


def _line_for_people(_logger: object, _method: str, event: EventDict) -> str:
    """`12:00:00 warning  mail not sent  mail=7 reason='…'`, with a traceback on the lines after it."""
    time, level, message = str(event.pop("time"))[11:19], event.pop("level", ""), event.pop("event", "")
    event.pop("logger", None)
    trace = event.pop("exception", None)
    fields = " ".join(
        f"{key}={value!r}" if isinstance(value, str) else f"{key}={value}" for key, value in event.items()
    )
    line = f"{time} {level:<8} {message}{'  ' + fields if fields else ''}"
    return f"{line}\n{trace}" if trace else line


def _dump(value: object) -> str:
    """JSON of an event; what JSON cannot hold is written as its repr, so that a log line is never lost."""
    return orjson.dumps(value, default=repr, option=orjson.OPT_NON_STR_KEYS).decode()
