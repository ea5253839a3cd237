"""The mail server that the operator named, and one conversation with it."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Literal, Self
from urllib.parse import parse_qsl, unquote, urlsplit

import aiosmtplib

from penstock.errors import ConfigurationProblem
from penstock.kit.redact import redact
from penstock.kit.sealing import Secret

Tls = Literal["always", "starttls", "offered", "off"]
STEP_SECONDS = 30.0  # longest wait for one answer of the server

_SETTING = "PENSTOCK_SMTP_URL"
_REMEDY = f"Set {_SETTING} to smtp://user:password@host:587 or smtps://user:password@host, or unset it."


class SmtpTrouble(Exception):
    """A mail was not taken. `final` means that the server will not take it later either."""

    def __init__(self, message: str, *, final: bool) -> None:
        super().__init__(message)
        self.message = message
        self.final = final


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail goes. `tls`: `always` (smtps), `starttls` (required), `offered` (used when offered), `off`."""

    host: str
    port: int
    user: str | None
    password: Secret | None
    tls: Tls

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Reads `smtp://user:password@host:port` (port 25, STARTTLS when offered) or `smtps://…` (port 465).

        `?starttls=required` refuses a server without it, `?starttls=off` never uses it. Raises
        ConfigurationProblem; the message holds nothing of the URL, because a password may stand in it.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
            options = parse_qsl(parts.query, strict_parsing=bool(parts.query))
        except ValueError:
            raise ConfigurationProblem(f"{_SETTING} is no URL.", remedy=_REMEDY) from None
        if parts.scheme not in {"smtp", "smtps"} or not host or parts.path not in {"", "/"}:
            raise ConfigurationProblem(
                f"{_SETTING} is no smtp:// or smtps:// URL with a host.", remedy=_REMEDY
            )
        if bool(parts.username) != bool(parts.password):
            raise ConfigurationProblem(
                f"{_SETTING} has a user without a password or the reverse.", remedy=_REMEDY
            )
        tls: Tls = "always" if parts.scheme == "smtps" else "offered"
        for name, value in options:
            if name != "starttls" or value not in {"required", "off"} or tls == "always":
                raise ConfigurationProblem(
                    f"{_SETTING} has an option that is not understood.",
                    remedy="Use ?starttls=required or ?starttls=off.",
                )
            tls = "starttls" if value == "required" else "off"
        return cls(
            host=host,
            port=port or (465 if tls == "always" else 25),
            user=unquote(parts.username) if parts.username else None,
            password=Secret(unquote(parts.password)) if parts.password else None,
            tls=tls,
        )

    @property
    def is_loopback(self) -> bool:
        """Whether the server is this machine, so that nothing of the conversation crosses a network."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


class SmtpSession:
    """One connection to the server, opened by the first mail and used for the next ones until `close`."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._client: aiosmtplib.SMTP | None = None

    async def send(
        self, sender: str, recipients: Sequence[str], message: EmailMessage
    ) -> dict[str, tuple[int, str]]:
        """Hands over one mail; returns the recipients that the server refused, with its code and words.

        Raises SmtpTrouble when it took the mail for nobody, or when it is not known whether it did.
        """
        try:
            client = self._client or await self._connect()
            refused, _ = await client.send_message(message, sender=sender, recipients=list(recipients))
        except aiosmtplib.SMTPRecipientsRefused as error:
            return {one.recipient: (one.code, redact(one.message)) for one in error.recipients}
        except aiosmtplib.SMTPAuthenticationError as error:
            # The operator's trouble, not the mail's: it waits until the password is mended.
            await self.close()
            raise SmtpTrouble(
                f"The mail server refused the user or password of {_SETTING} ({error.code}).", final=False
            ) from error
        except aiosmtplib.SMTPResponseException as error:
            final = error.code >= 500 and not isinstance(
                error, aiosmtplib.SMTPConnectError | aiosmtplib.SMTPHeloError
            )
            if not final:
                await self.close()
            raise SmtpTrouble(
                f"The mail server answered {error.code}: {redact(error.message)}", final=final
            ) from error
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError, TimeoutError) as error:
            await self.close()
            raise SmtpTrouble(
                f"The mail server {self._server.host}:{self._server.port} {_what(error)}.", final=False
            ) from error
        except BaseException:
            await self.close()
            raise
        return {address: (response.code, redact(response.message)) for address, response in refused.items()}

    async def greet(self) -> None:
        """Connects, logs in and says goodbye: whether the server would take a mail now. Raises SmtpTrouble."""
        try:
            await self._connect()
        except aiosmtplib.SMTPAuthenticationError as error:
            raise SmtpTrouble(
                f"The mail server refused the user or password of {_SETTING} ({error.code}).", final=False
            ) from error
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError, TimeoutError) as error:
            raise SmtpTrouble(
                f"The mail server {self._server.host}:{self._server.port} {_what(error)}.", final=False
            ) from error
        finally:
            await self.close()

    async def close(self) -> None:
        """Says goodbye to the server if there is a conversation, and forgets it."""
        client, self._client = self._client, None
        if client is None:
            return
        with contextlib.suppress(aiosmtplib.SMTPException, OSError, asyncio.TimeoutError):
            if client.is_connected:
                await client.quit(timeout=2)
        client.close()

    async def _connect(self) -> aiosmtplib.SMTP:
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls == "always",
            start_tls={"always": False, "starttls": True, "offered": None, "off": False}[server.tls],
            timeout=STEP_SECONDS,
            # The library's default asks a name server for this machine's name, which can take seconds.
            local_hostname=socket.gethostname() or "localhost",
        )
        self._client = client
        await client.connect()
        if server.user is not None and server.password is not None:
            if client.get_transport_info("sslcontext") is None and not server.is_loopback:
                await self.close()
                raise SmtpTrouble(
                    f"The mail server {server.host} offers no encryption, so the password is not sent to it. "
                    "Use smtps:// or a server with STARTTLS.",
                    final=False,
                )
            await client.login(server.user, server.password.reveal())
        return client


def _what(error: BaseException) -> str:
    match error:
        case ssl.SSLError():
            return f"has no trusted TLS ({error.reason or type(error).__name__})"
        case aiosmtplib.SMTPConnectError() | ConnectionRefusedError():
            return "cannot be reached"
        case aiosmtplib.SMTPServerDisconnected():
            return "closed the connection"
        case TimeoutError():
            return f"did not answer in {STEP_SECONDS:g} s"
        case aiosmtplib.SMTPNotSupported():
            return "lacks an extension that this mail needs"
        case _:
            return f"broke off ({type(error).__name__})"
