from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.errors import InvalidInput
from penstock.mail.message import build, mailbox

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def make(
    subject: str = "A complaint is urgent",
    recipients: tuple[str, ...] = ("ann@x.test",),
    sender: str = "Penstock <penstock@x.test>",
    html: str = "<p>Hi &lt;b&gt;</p>",
    text: str = "Hi <b>",
    key: str = "17.4.2",
) -> EmailMessage:
    return build(
        key=key, sender=sender, recipients=recipients, subject=subject, html_fragment=html, text=text, at=AT
    )


def test_a_mail_reads_back_as_it_was_meant() -> None:
    message = make(
        subject="Dringend: größer 🚰",
        recipients=("ann@x.test", "bob@münchen.test"),
        text="Grüße",
        html="<p>Grüße</p>",
    )
    read = message_from_bytes(message.as_bytes(), policy=policy.default)

    assert isinstance(read, EmailMessage)
    assert read["Subject"] == "Dringend: größer 🚰"
    assert [address.addr_spec for address in read["To"].addresses] == [
        "ann@x.test",
        "bob@xn--mnchen-3ya.test",
    ]
    assert read["From"] == "Penstock <penstock@x.test>"
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Date"].datetime == AT
    plain, html = read.get_body(("plain",)), read.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().strip() == "Grüße"
    assert "<p>Grüße</p>" in html.get_content()
    assert "<title>Dringend: größer 🚰</title>" in html.get_content()


def test_the_message_id_is_the_same_at_every_attempt_and_differs_between_steps() -> None:
    assert make()["Message-ID"] == make()["Message-ID"]
    assert make(key="17.5.2")["Message-ID"] != make()["Message-ID"]
    assert make()["Message-ID"].endswith("@x.test>")


# The encoded ones get past EmailMessage, which decodes them into a raw line break (CVE-2024-6923).
INJECTIONS = [
    "A=?UTF-8?Q?=0A?=Bcc: x@evil.test",
    "=?utf-8?b?QQ0KQmNjOiB4QGV2aWwudGVzdA==?=",
    "A\n",
    "A\r\nBcc: x@evil.test",
    "A\x0bB",
    "A\u2028Bcc: x@evil.test",
    "A\x00B",
    "A\x85B",
    "A\ud800",
    "=?UTF-8?Q?A=E2=80=A8B?=",
]


@pytest.mark.parametrize("text", INJECTIONS)
def test_a_control_character_in_any_header_is_refused_also_after_decoding(text: str) -> None:
    with pytest.raises(InvalidInput, match="subject"):
        make(subject=text)
    with pytest.raises(InvalidInput, match="sender"):
        make(sender=f"{text} <penstock@x.test>")
    with pytest.raises(InvalidInput, match="recipient"):
        make(recipients=(f"{text}@x.test",))


@given(subject=st.text(max_size=200))
def test_whatever_the_subject_the_message_has_the_headers_it_was_given_and_no_other(subject: str) -> None:
    try:
        message = make(subject=subject)
    except InvalidInput:
        return
    read = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert sorted(read.keys()) == sorted(
        ["From", "To", "Subject", "Auto-Submitted", "Date", "Message-ID", "Content-Type", "MIME-Version"]
    )
    assert read["To"] == "ann@x.test"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "@x.test",
        "a@",
        "a@b@c.test",
        "Ann <ann@x.test>",
        "a@x.test, b@x.test",
        "a b@x.test",
        "a@x.test;b@x.test",
        '"a"@x.test',
        "jö@x.test",
    ],
)
def test_a_recipient_is_one_plain_address(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"recipient is no plain e-mail address"):
        mailbox(text)


@pytest.mark.parametrize("count", [0, 101])
def test_recipients_are_counted(count: int) -> None:
    with pytest.raises(InvalidInput, match=f"has {count} recipients"):
        make(recipients=tuple(f"a{number}@x.test" for number in range(count)))
