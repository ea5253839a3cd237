import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from penstock.kit.log import configure, get_logger
from penstock.kit.sealing import Secret


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def logging_put_back() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_line_for_machines_is_one_json_object() -> None:
    stream = io.StringIO()
    configure("INFO", stream)
    get_logger("penstock.mail").warning("mail not sent", mail=7, reason="no\nroute", odd=object())
    line = json.loads(stream.getvalue())
    assert (line["level"], line["event"], line["logger"], line["mail"]) == (
        "warning",
        "mail not sent",
        "penstock.mail",
        7,
    )
    assert line["time"].endswith("Z")
    assert stream.getvalue().count("\n") == 1


def test_a_line_for_people_is_key_equals_value() -> None:
    stream = Terminal()
    configure("INFO", stream)
    get_logger("x").info("mail sent", mail=7, to="a b")
    assert stream.getvalue()[8:] == " info     mail sent  mail=7 to='a b'\n"


@pytest.mark.parametrize("stream_type", [io.StringIO, Terminal])
def test_secrets_are_masked_in_fields_messages_tracebacks_and_lines_of_libraries(
    stream_type: type[io.StringIO],
) -> None:
    stream = stream_type()
    configure("DEBUG", stream)
    log = get_logger("x")
    secret = Secret("canary-0123456789")
    log.info("holding %s", secret, secret=secret, nested={"list": [secret.reveal()]}, key="sk-canary1234567")
    log.info(secret.reveal(), url="https://u:canary@host/path?token=canary")
    logging.getLogger("some.library").error("sent %r", {"Authorization": f"Bearer {secret.reveal()}"})
    try:
        raise ValueError(f"cannot use {secret.reveal()}")
    except ValueError:
        log.exception("failed")
    assert "canary" not in stream.getvalue()
    assert "ValueError: cannot use ***" in stream.getvalue()


def test_lines_below_the_level_are_not_written() -> None:
    stream = io.StringIO()
    configure("WARNING", stream)
    get_logger("x").info("quiet")
    logging.getLogger("lib").debug("quiet")
    assert stream.getvalue() == ""
