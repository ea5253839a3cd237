import html
import json
from email.header import decode_header, make_header
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from penstock.errors import TooLarge
from penstock.kit.template import LONGEST_TEXT, Escape, Filter, Token, check, parse, render
from penstock.kit.template_filters import strip_html

VALUES = {
    ("enrolled_object", "firstname"): "Ada",
    ("enrolled_object", "note"): "  Two  words ",
    ("enrolled_object", "html"): "<p>Hello&nbsp;<b>you</b></p><script>alert(1)</script>A &amp; B",
    ("enrolled_object", "empty"): "",
    ("enrolled_object", "due"): "2026-03-04T23:30:00-02:00",
    ("enrolled_object", "created"): "1772582400000",
    ("action_outputs", "action_output_1", "summary"): "It works",
}


def rendered(text: str, escape: Escape = Escape.TEXT) -> str:
    return render(parse(text), VALUES.get, escape).text


def test_tokens_are_put_in_their_place_with_or_without_spaces() -> None:
    assert (
        rendered("Dear {{ enrolled_object.firstname }}: {{action_outputs.action_output_1.summary}}.")
        == "Dear Ada: It works."
    )


def test_a_token_is_known_by_path_filters_and_position() -> None:
    (token,) = parse("Hi {{ a.b | default(\"it's\") | truncate( 10 , '…' ) }}").tokens
    assert token == Token(("a", "b"), (Filter("default", ("it's",)), Filter("truncate", (10, "…"))), 3)
    assert token.name == "a.b"


def test_a_token_without_value_comes_out_empty_and_is_named() -> None:
    result = render(
        parse("[{{ a.b }}] [{{ a.c | upper }}] [{{ a.d | default('x') }}]"), lambda _path: None, Escape.TEXT
    )
    assert (result.text, result.missing) == ("[] [] [x]", ("a.b", "a.c"))


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("{{ enrolled_object.firstname | lower }}", "ada"),
        ("{{ enrolled_object.firstname | upper }}", "ADA"),
        ("{{ enrolled_object.note | trim | capitalize }}", "Two  words"),
        ("{{ enrolled_object.note | trim | title }}", "Two  Words"),
        ("{{ enrolled_object.note | trim | truncate(6) }}", "Two  …"),
        ("{{ enrolled_object.note | trim | truncate(6, '') }}", "Two  w"),
        ("{{ enrolled_object.note | truncate(0) }}", ""),
        ("{{ enrolled_object.note | truncate(-5) }}", ""),
        ("{{ enrolled_object.html | strip_html }}", "Hello you\nA & B"),
        ("{{ enrolled_object.empty | default(\"none\") | upper }}", "NONE"),
        ("{{ enrolled_object.due | date('%d %b %Y %H:%M') }}", "05 Mar 2026 01:30"),
        ("{{ enrolled_object.created | date('%Y-%m-%d 100%%') }}", "2026-03-04 100%"),
        ("{{ enrolled_object.firstname | date('%Y') }}", "Ada"),
        ('{{ a.b | default("say \\"hi\\" \\\\ }} {{") }}', 'say "hi" \\ }} {{'),
    ],
)  # fmt: skip
def test_each_filter_does_what_it_says(text: str, result: str) -> None:
    assert rendered(text) == result
    assert check(text) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{{ a.b | shout }}", "there is no filter 'shout'; there are default, lower"),
        ("{{ a.b | truncate }}", "takes a whole number"),
        ("{{ a.b | truncate('5') }}", "takes a whole number"),
        ("{{ a.b | lower(1) }}", "takes no argument"),
        ("{{ a.b | default }}", "takes a text in quotes"),
        ("{{ a.b | date('%s') }}", "the date format knows"),
        ("{{ a.b | date('%') }}", "the date format knows"),
        ("{{ enrolled_object.first name }}", "not a path"),
        ("{{ a..b }}", "not a path"),
        ("{{ a.b. }}", "not a path"),
        ("{{ a.b | default(x) }}", "not a path"),
    ],
)
def test_a_mistaken_token_is_an_error_with_its_place_and_comes_out_as_it_stands(
    text: str, reason: str
) -> None:
    (problem,) = check(f"12345{text}")
    assert (problem.code, problem.severity) == ("BAD_TOKEN", "error")
    assert f"{text} at character 6" in problem.message
    assert reason in problem.message
    assert rendered(text) == text


@pytest.mark.parametrize("text", ['{"a":{"b":{{"c":1}}}}', "{{", "}} {{}}", "{{ 'x' }}", "{{{", "{{\n}}"])
def test_braces_that_are_not_meant_as_tokens_stay_with_at_most_a_warning(text: str) -> None:
    assert rendered(text) == text
    assert not [problem for problem in check(text) if problem.severity == "error"]


# Server-side template injection, format strings and JavaScript expressions, as public payload lists have them
# (PortSwigger's and PayloadsAllTheThings' template injection pages), and the escapes that broke n8n's sandbox.
NEVER_RUN = [
    "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "${{7*7}}", "{{7*'7'}}", "*{7*7}", "@(7*7)", "{% debug %}", "{# x #}",
    "{{config.items()}}", "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ self.__init__.__globals__ }}",
    "{{request.application.__globals__.__builtins__.__import__('os').popen('id').read()}}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}", "{{ x.__class__ }}", "{{ a.__class__.b }}",
    "{{ lipsum['__globals__'] }}", "{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}",
    "{0.__class__}", "{0.__class__.__init__.__globals__[SECRET]}", "%(secret)s", "{a!r:>10}", "{{0!r}}",
    "{{ $json.constructor.constructor('return process')() }}", "={{ $env.HOME }}", "{{ [].pop.constructor('return 1')() }}",
    "{{ (function(){ return this.process.mainModule.require('child_process') })() }}", "{{constructor['x']}}",
    "{{= 1 }}", "{{#with x}}{{/with}}", "{{{this}}}".replace("this", "#this"), "{{> partial}}", "{{& a.b}}", "{{^x}}{{/x}}", "{{!--x--}}",
    "{{ a.b if 1 else 2 }}", "{{ a.b ~ 'x' }}", "{{ a.b | attr('__class__') }}", "{{ a.b | map('upper') }}", "{{ a.b()|lower }}",
    "{{ a['b'] }}", "{{ -1 }}", "{{ a.b;c }}", "{{ a.b }", "{ { a.b } }", "\\{\\{ a.b \\}\\}",
]  # fmt: skip


@pytest.mark.parametrize("text", NEVER_RUN)
@pytest.mark.parametrize("escape", Escape)
def test_code_of_other_template_languages_comes_out_as_it_stands(text: str, escape: Escape) -> None:
    assert rendered(text, escape) == text


@pytest.mark.parametrize("text", [*NEVER_RUN, "{{ enrolled_object.firstname }}"])
def test_a_value_that_looks_like_a_token_is_never_read_as_one(text: str) -> None:
    result = render(parse("<{{ a.b }}|{{ a.b | trim }}>"), lambda _path: text, Escape.TEXT)
    assert result.text == f"<{text}|{text.strip()}>"


ANY_TEXT = st.text() | st.lists(
    st.sampled_from(["{{", "}}", " ", "a", "enrolled_object.firstname", ".", "|", "default", "truncate", "(", ")", '"', "'", "\\", "5", ",", "\n"]), max_size=30
).map("".join)  # fmt: skip


@given(ANY_TEXT, ANY_TEXT, st.sampled_from(Escape))
@example("{{ enrolled_object.x }}", "\ud800\0\r\n", Escape.URL)
def test_any_text_renders_with_any_value_and_its_literal_parts_stay(
    text: str, value: str, escape: Escape
) -> None:
    template = parse(text)
    result = render(template, lambda _path: value, escape)
    literal = [piece for piece in template.pieces if isinstance(piece, str)]
    position = 0
    for piece in literal:
        position = result.text.index(piece, position) + len(piece)
    if not template.tokens:
        assert result.text == text
    assert render(template, lambda _path: None, escape).missing == tuple(
        token.name
        for token in template.tokens
        if not any(filter_.name == "default" for filter_ in token.filters)
    )


@given(st.text(), st.text("ab \n", max_size=5))
def test_a_value_stays_a_value_in_html_json_urls_and_headers(value: str, around: str) -> None:
    def put(template: str, escape: Escape) -> str:
        return render(parse(around + template + around), lambda _path: value, escape).text[len(around) :][
            : -len(around) or None
        ]

    as_html = put("{{ a.b }}", Escape.HTML)
    assert not set("<>\"'") & set(as_html)
    assert html.unescape(as_html) == html.unescape(html.escape(value, quote=True))
    assert json.loads(f'"{put("{{ a.b }}", Escape.JSON)}"') == value
    as_url = put("{{ a.b }}", Escape.URL)
    assert as_url.isascii()
    assert not set("/?#&=:@ %") & set(as_url.replace("%", ""))
    if not any("\ud800" <= c <= "\udfff" for c in value):
        assert unquote(as_url) == value
    as_header = put("{{ a.b }}", Escape.HEADER)
    assert as_header.isprintable() or not any(
        ord(c) < 32 or 127 <= ord(c) < 160 or c in "\u2028\u2029" for c in as_header
    )
    assert str(make_header(decode_header(as_header))) == as_header or "=?" not in as_header


def test_an_encoded_line_break_does_not_come_back_in_a_header() -> None:
    value = "A=?UTF-8?Q?=0A?=Bcc: x@evil.test"
    header = render(parse("Re: {{ a.b }}"), lambda _path: value, Escape.HEADER).text
    assert "\n" not in str(make_header(decode_header(header)))


def test_a_result_beyond_a_million_characters_is_refused() -> None:
    with pytest.raises(TooLarge, match="1,000,000 characters"):
        render(parse("{{ a.b }}" * 11), lambda _path: "x" * 100_000, Escape.TEXT)


def test_a_template_beyond_the_limit_is_a_problem_and_stays_as_it_is() -> None:
    text = "{{ a.b }}" + "x" * LONGEST_TEXT
    assert [problem.code for problem in check(text)] == ["TOO_LARGE"]
    assert rendered(text) == text


@pytest.mark.parametrize("part", ["{", "{{", "{{x", "{{ ", "{{a|default('", '{{a|default("\\', "{{a|lower", "{{a.b}}", "{{a|x(1,", "{{a" + " " * 900, "{{a.b|truncate(1)" * 9])  # fmt: skip
@pytest.mark.timeout(20)  # Quadratic time would take minutes.
def test_the_worst_texts_of_the_allowed_length_are_parsed_and_stay(part: str) -> None:
    text = (part * LONGEST_TEXT)[:LONGEST_TEXT]
    template = parse(text)
    assert render(template, lambda _path: "v", Escape.TEXT).text == text.replace("{{a.b}}", "v")
    assert len(template.problems) <= 20


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "part", ["<", "<a", "<!--", "<script", "<script></script>", "</script", "<!", "&#", "&", " ", "\n"]
)
def test_the_worst_markup_is_stripped_in_one_pass(part: str) -> None:
    assert len(strip_html(part * (500_000 // len(part)))) <= 500_000


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a < b and c > d", "a < b and c > d"),
        ("one<br>two<BR/>three", "one\ntwo\nthree"),
        ("<style>p{}</style><p>x</p>\n\n\n<p> y </p>", "x\ny"),
        ("a<!-- <b>hidden</b> -->b", "ab"),
        ("<script>if (a</b>) x</script >end", "end"),
        ("&lt;script&gt;", "<script>"),
        ("unfinished <b", "unfinished <b"),
        ("unfinished <script>hidden", "unfinished"),
        ("İ<b>x</b>", "İx"),
        ("<scripted>kept</scripted>", "kept"),
    ],
)
def test_html_is_stripped_to_its_text(markup: str, text: str) -> None:
    assert strip_html(markup) == text


def test_only_fenced_tokens_get_the_fence_around_the_escaped_value() -> None:
    def fence(text: str) -> str:
        return f"[{text}]"

    template = parse("{{ a | fenced }} {{ a | fenced | upper }} {{ a }} {{ b | fenced }}")
    shown = render(template, {("a",): "<x>"}.get, Escape.HTML, fence=fence)
    assert shown.text == "[&lt;x&gt;] [&lt;X&gt;] &lt;x&gt; "
    assert shown.missing == ("b",)
    assert render(template, {("a",): "x"}.get, Escape.TEXT).text == "x X x "


def test_a_cut_ends_a_value_after_its_filters_and_inside_its_fence() -> None:
    shown = render(
        parse("{{ a | trim | fenced }} {{ b }}"),
        {("a",): "  long words", ("b",): "short"}.get,
        Escape.TEXT,
        fence=lambda text: f"[{text}]",
        cuts={"a": 5, "b": 9},
    )
    assert shown.text == "[long…] short"
