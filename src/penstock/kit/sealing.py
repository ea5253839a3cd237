"""Sealing of stored secrets: envelope encryption with AES-256-GCM.

Every secret gets a data key and a nonce of its own; the data key is wrapped by a key of the keyring. Both are
bound to a context (which workspace, table and row the secret belongs to), so that a sealed text copied to
another row does not open. A sealed text names the key that wrapped it: `v1.<key id>.<wrapped>.<nonce>.<ct>`,
each part URL-safe base64 without padding.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Never

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from penstock.errors import ConfigurationProblem
from penstock.kit.redact import MASK, remember
from penstock.settings import Settings

KEY_BYTES = 32
NONCE_BYTES = 12  # NIST SP 800-38D, 5.2.1.1
KEY_FILE = "secret.key"


class Secret:
    """A secret in memory: it shows as `***` wherever it is printed, formatted, logged or put into JSON.

    Opening one also tells `kit.redact` its value, so that logs mask it when it gets there by another way.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value
        remember(value)

    def reveal(self) -> str:
        """The value. Call it where the value goes on the wire and nowhere else."""
        return self._value

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __format__(self, specification: str) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Secret:
        return self

    def __reduce_ex__(self, protocol: object) -> Never:
        raise TypeError("A Secret is not pickled: it would be written in plain text.")


class Keyring:
    """The keys of this installation: the first one seals, every one opens."""

    __slots__ = ("_derivation", "_keys", "current_id")

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {key_id(key): AESGCM(key) for key in keys}
        self.current_id = key_id(keys[0])
        self._derivation = hmac.new(keys[0], b"penstock derivation key", hashlib.sha256).digest()

    @classmethod
    def load(cls, settings: Settings) -> Keyring:
        """The keys in PENSTOCK_SECRET_KEY (comma-separated, newest first), or the one in `home`/secret.key.

        The file is generated at the first start, readable by its owner only, and lies outside the database
        folder so that a copy of the database alone opens nothing. Raises ConfigurationProblem when a key is
        not 32 bytes of base64 or when others may read the file.
        """
        if settings.secret_key is not None:
            return cls([_decode_key(part, "PENSTOCK_SECRET_KEY") for part in settings.secret_key.split(",")])
        return cls([_key_from_file(settings.home / KEY_FILE)])

    def seal(self, plain: str, context: str) -> str:
        """The sealed text of `plain`, which opens only with the same `context`."""
        bound = context.encode()
        data_key, wrap_nonce, nonce = os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES), os.urandom(NONCE_BYTES)
        wrapped = wrap_nonce + self._keys[self.current_id].encrypt(wrap_nonce, data_key, b"key\0" + bound)
        sealed = AESGCM(data_key).encrypt(nonce, plain.encode(), b"text\0" + bound)
        return ".".join(("v1", self.current_id, *map(_encode, (wrapped, nonce, sealed))))

    def open(self, sealed: str, context: str) -> Secret:
        """The secret inside. Raises ConfigurationProblem for an unknown key, another context or altered text."""
        try:
            version, name, *parts = sealed.split(".")
            wrapped, nonce, text = map(_decode, parts)
        except ValueError:
            raise _unreadable("it is not a sealed text") from None
        if version != "v1":
            raise _unreadable(f"its format is {version[:10]!r}, not v1")
        if name not in self._keys:
            raise ConfigurationProblem(
                f"A stored secret was sealed with key {name}, which is not among this installation's keys.",
                remedy="Put that key back (PENSTOCK_SECRET_KEY, or secret.key in PENSTOCK_HOME), or enter the secret again.",
            )
        bound = context.encode()
        try:
            data_key = self._keys[name].decrypt(
                wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], b"key\0" + bound
            )
            return Secret(AESGCM(data_key).decrypt(nonce, text, b"text\0" + bound).decode())
        except (InvalidTag, ValueError):
            raise _unreadable("it was altered or belongs to another row") from None

    def derive(self, purpose: str) -> bytes:
        """32 bytes that stand for this installation and a purpose, and tell nothing about its keys (HMAC-SHA256)."""
        return hmac.new(self._derivation, purpose.encode(), hashlib.sha256).digest()

    def is_current(self, sealed: str) -> bool:
        """Whether the sealed text was sealed with the first key; if not, rotation seals it anew."""
        return sealed.split(".", 2)[1:2] == [self.current_id]


def key_id(key: bytes) -> str:
    """Eight hexadecimal digits that name a key and tell nothing about it."""
    return hashlib.sha256(b"penstock key id\0" + key).hexdigest()[:8]


def new_key() -> str:
    """A fresh key as text, for PENSTOCK_SECRET_KEY or the key file."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _key_from_file(path: Path) -> bytes:
    try:
        if not path.exists():
            _write_key_file(path)
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationProblem(
            f"The key file {path} cannot be read or written ({type(error).__name__}).",
            remedy="Run Penstock as the file's owner, or set PENSTOCK_SECRET_KEY.",
        ) from error
    if mode & 0o077:
        raise ConfigurationProblem(
            f"Other users may read the key file {path}.", remedy=f"Run: chmod 600 {path}"
        )
    return _decode_key(text, str(path))


def _write_key_file(path: Path) -> None:
    """Writes a fresh key under another name and links it into place: of two first starts, one wins and none reads half."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{KEY_FILE}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(new_key() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        pass  # The other start won; its key is read.
    finally:
        fresh.unlink()


def _decode_key(text: str, origin: str) -> bytes:
    try:
        key = base64.b64decode(text.strip().replace("-", "+").replace("_", "/") + "===", validate=False)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise ConfigurationProblem(
            f"{origin} holds a key of {len(text.strip())} characters that is not {KEY_BYTES} bytes in base64.",
            remedy="Make one with: head -c 32 /dev/urandom | base64",
        )
    return key


def _unreadable(reason: str) -> ConfigurationProblem:
    return ConfigurationProblem(
        f"A stored secret cannot be opened: {reason}.", remedy="Enter the secret again."
    )


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
