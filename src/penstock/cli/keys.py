"""Where an API key comes from: standard input, a variable, or a hidden prompt. Never an argument of the command.

Arguments stay in the shell's history and are visible to every user of the machine (`ps`).
"""

from __future__ import annotations

import getpass
import os
import sys

from penstock.errors import InvalidInput

# Asked for no key unless one is offered: the model of this machine, and endpoints that may be open.
KEYLESS = ("local", "compatible")


def read_key(what: str, *, from_stdin: bool, variable: str | None) -> str:
    """The key, without surrounding space. `what` is the prompt, such as where to get a key.

    Raises InvalidInput when both sources are named, when the one named is empty, or when there is no terminal
    to ask at.
    """
    if from_stdin and variable is not None:
        raise InvalidInput("--key-stdin and --key-env exclude each other.", remedy="Use one of them.")
    if from_stdin:
        return _present(sys.stdin.read(), "Standard input")
    if variable is not None:
        return _present(os.environ.get(variable, ""), f"The variable {variable}")
    if not sys.stdin.isatty():
        raise InvalidInput(
            "There is no terminal to ask for the API key at.", remedy="Use --key-stdin or --key-env NAME."
        )
    return _present(getpass.getpass(f"{what}\nAPI key (not shown): "), "The key")


def _present(text: str, origin: str) -> str:
    key = text.strip()
    if not key:
        raise InvalidInput(f"{origin} holds no API key.", remedy="Paste the key from the provider's console.")
    return key
