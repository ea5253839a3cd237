"""Whose page sent a request, and under which address people reach us: what cookies, links and the guard against other sites need."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

Sender = Literal["own", "foreign", "unknown"]


def sender(headers: Mapping[str, str], public_url: str | None) -> Sender:
    """Whether a page of ours sent a request (security R28), as far as its headers tell.

    Browsers say it by Sec-Fetch-Site (W3C, "Fetch Metadata Request Headers") on https and on this machine, and by
    Origin otherwise; other programs by neither. Only `same-origin` is ours: a neighbour on the same site is not.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return "own" if site in {"same-origin", "none"} else "foreign"
    origin = headers.get("origin")
    if origin is None:
        return "unknown"
    ours = {headers.get("host", "").lower()}
    if public_url is not None:
        ours.add(urlsplit(public_url).netloc.lower())
    return "own" if _netloc(origin) in ours else "foreign"


def from_a_known_page(headers: Mapping[str, str], public_url: str | None) -> bool:
    """Whether a request comes from no page at all, or from one under a name that nobody else can point at us.

    A page of another site may give its own name our address once it is loaded (DNS rebinding); then `Host` and
    `Origin` agree, and only the name tells. So the name has to be the operator's, this machine's, or an address.
    """
    origin = headers.get("origin")
    if origin is None:
        return True
    named = _netloc(origin)
    if public_url is not None and named == urlsplit(public_url).netloc.lower():
        return True
    host = urlsplit(f"//{named}").hostname or ""
    return named == headers.get("host", "").lower() and (is_loopback(host) or _is_address(host))


def address(scheme: str, headers: Mapping[str, str], public_url: str | None) -> str:
    """Where people reach us: the operator's word if there is one, else the address that this request came to."""
    return public_url or f"{scheme}://{headers.get('host', '')}"


def is_private(scheme: str, headers: Mapping[str, str], public_url: str | None) -> bool:
    """Whether nobody between browser and server can read along: https, or a name of this machine.

    https may end at a proxy before us, which then has to be named by PENSTOCK_PUBLIC_URL or run on this machine.
    """
    if scheme == "https":
        return True
    host = headers.get("host", "").lower()
    if public_url is not None and urlsplit(public_url).scheme == "https":
        seen = {host, _netloc(headers.get("origin", ""))}
        if urlsplit(public_url).netloc.lower() in seen:
            return True
    return is_loopback(urlsplit(f"//{host}").hostname or "")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, as browsers see it (W3C, "Secure Contexts", 3.1)."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""
