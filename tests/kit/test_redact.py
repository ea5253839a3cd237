import base64
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.kit.redact import redact, redact_url, remember


@pytest.mark.parametrize("secret", ['p&s s/w+rd="x"€', "0123456789abcdef", "ends in three"])
@pytest.mark.parametrize(
    "encode",
    [str, quote, lambda text: quote(text, safe=""), quote_plus, lambda text: json.dumps({"k": text}), lambda text: f"x{text}y"],
)  # fmt: skip
def test_a_known_value_is_masked_in_every_encoding(secret: str, encode: object) -> None:
    remember(secret)
    text = encode(secret)  # type: ignore[operator]
    assert secret not in redact(text)
    assert "***" in redact(text)


@given(st.binary(max_size=7), st.text("abcXYZ019+/€ä", min_size=8, max_size=40), st.binary(max_size=7))
def test_a_known_value_is_masked_inside_base64_at_any_offset(
    before: bytes, secret: str, after: bytes
) -> None:
    remember(secret)
    raw = before + secret.encode() + after
    for encoded in (base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()):
        hidden = redact(f'"{encoded}"')
        # What is left decodes to less than the secret: at most its cut-off ends.
        assert "***" in hidden or len(secret.encode()) < 9
        assert encoded not in hidden or len(secret.encode()) < 9


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("key sk-proj-abcdEFGH1234_-x failed", "key sk-*** failed"),
        ("sk-ant-api03-abcdefghijkl", "sk-ant-***"),
        ("x=AIzaSyA-1234567890abcdefghijklmnopqrstuv,", "x=AIza***,"),
        ("xai-abcdefgh12345", "xai-***"),
        ("'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'", "'whsec_***'"),
        ("pst_abcdefghijklmnop", "pst_***"),
        ("xoxb-1234567890-abc", "xoxb-***"),
        ("Authorization: Bearer abcdefgh.ijklmnop.qrst", "Authorization: Bearer ***"),
        ('{"authorization": "Basic dXNlcjpwYXNzd29yZA=="}', '{"authorization": "Basic ***"}'),
    ],
)
def test_well_known_shapes_keep_their_beginning_and_lose_the_rest(text: str, masked: str) -> None:
    assert redact(text) == masked


@pytest.mark.parametrize(
    "text", ["risk-free and desk-bound", "the basic information about bearer bonds", "sk-1", "task-12345678"]
)
def test_ordinary_text_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://hooks.example/in?token=hunter2&x=1#part", "https://hooks.example/in?…"),
        ("postgresql://me:hunter2@db:5432/app", "postgresql://db:5432/app"),
        ("https://u:p@[::1]:8080/x", "https://[::1]:8080/x"),
        ("https://[broken", "https://***"),
    ],
)
def test_urls_lose_user_password_query_and_fragment(url: str, shown: str) -> None:
    assert redact_url(url) == shown
    assert redact(f'POST "{url}" failed') == f'POST "{shown}" failed'


def test_short_values_are_not_remembered_because_they_are_everywhere() -> None:
    remember("and")
    assert redact("this and that") == "this and that"
