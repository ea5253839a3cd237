"""Takes secrets out of text that is logged, shown or stored: known values, well-known shapes, parts of URLs.

Three nets, because each has holes: a value that was opened in this process (also URL-quoted, JSON-escaped
and in base64), the shapes of keys that providers hand out, and whatever a URL carries beside host and path.
"""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import quote, quote_plus, urlsplit

MASK = "***"
SHORTEST = 8  # A shorter value would be found inside ordinary words.
MOST_VALUES = 5_000  # The oldest are forgotten first.

_known: dict[str, tuple[str, ...]] = {}

# Each shape keeps its first group, which tells a reader whose key it was.
_SHAPES = re.compile(
    r"\b(sk-ant-|sk-|xai-|AIza|whsec_|pst_|xox[abeprs]-|gh[opsur]_|AKIA)[A-Za-z0-9_\-+/=]{8,}"
    r"|(?i:\b(bearer |authorization['\"]?[:=] ?['\"]?(?:basic|bearer|token) ))[A-Za-z0-9._~+/=\-]{16,}"
)
_URL = re.compile(r"\b[a-zA-Z][a-zA-Z0-9+.\-]{1,20}://[^\s\"'<>\\]+")


def remember(value: str) -> None:
    """Masks this value from now on, wherever `redact` meets it; values under 8 characters are too common."""
    if len(value) < SHORTEST or value in _known:
        return
    if len(_known) >= MOST_VALUES:
        del _known[next(iter(_known))]
    _known[value] = tuple(sorted(_forms(value), key=len, reverse=True))


def redact(text: str) -> str:
    """The text with secrets masked as `***`; the beginnings of well-known keys stay (`sk-***`)."""
    for forms in list(_known.values()):  # A copy, because another thread may add one.
        for form in forms:
            if form in text:
                text = text.replace(form, MASK)
    text = _SHAPES.sub(lambda found: (found[1] or found[2]) + MASK, text)
    return _URL.sub(lambda found: redact_url(found[0]), text)


def mask(text: str, value: str) -> str:
    """The text with one value masked in all of its forms, and everything else left as it is."""
    for form in sorted({value, *_forms(value)}, key=len, reverse=True):
        text = text.replace(form, MASK) if form else text
    return text


def redact_url(url: str) -> str:
    """`scheme://host:port/path` of a URL: user, password, query and fragment are left out, `?…` tells of a query."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return url.split("://", 1)[0] + "://" + MASK
    return f"{parts.scheme}://{host}{parts.path}{'?…' if parts.query else ''}"


def _forms(value: str) -> set[str]:
    """The value as it may appear: plain, URL-quoted, JSON-escaped, and inside base64 at each of three offsets."""
    forms = {value, quote(value, safe=""), quote(value), quote_plus(value), json.dumps(value)[1:-1]}
    raw = value.encode(errors="surrogatepass")
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for offset in range(3):
            # Characters that mix in neighbouring bytes are cut off at both ends.
            encoded = encode(b"\0" * offset + raw).decode().rstrip("=")
            whole = encoded[(0, 2, 3)[offset] : len(encoded) - (1 if (offset + len(raw)) % 3 else 0)]
            forms.add(whole)
    return {form for form in forms if len(form) >= SHORTEST}
