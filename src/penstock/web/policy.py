"""The headers of every page: what it may load, and what browsers may tell others about it (security R35, R37)."""

from __future__ import annotations

import secrets

NONCE_PLACE = "__CSP_NONCE__"
# A year, as browsers' preload lists ask for at least (RFC 6797, 6.1.1).
HSTS = "max-age=31536000"

EVERY_ANSWER = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def new_nonce() -> str:
    """128 random bits for one page (W3C, "Content Security Policy Level 3", 7.1)."""
    return secrets.token_urlsafe(16)


def content_security_policy(nonce: str) -> str:
    """Nothing from elsewhere, nothing inline without the nonce, no frame around us, no form to others.

    Frames of our own are allowed for the preview of e-mails, which brings a policy of its own.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "frame-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "object-src 'none'",
        )
    )
