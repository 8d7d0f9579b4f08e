"""HTML to text: what is read, what is hidden, where links lead, and what a made-up page can cost."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidesk.errors import Unreadable
from tuidesk.wire.html import to_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hello <b>you</b>,<br>line two</p><p>Bye</p>", "Hello you,\nline two\n\nBye"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<p class=MsoNormal>one</p><p class=MsoNormal>&nbsp;</p><p class=MsoNormal>two</p>", "one\ntwo"),
        ("<h1>Title</h1>text<hr>foot", "Title\n\ntext\n\n---\n\nfoot"),
        ("<ul><li>one<li>two<ul><li>in</ul><li>three</ul>", "- one\n- two\n  - in\n- three"),
        ("<ol start=9><li><p>a</p><p>b</p><li>c</ol>", "9. a\n\n   b\n10. c"),
        ("<blockquote>q<blockquote>deep</blockquote></blockquote>a", "> q\n>\n> > deep\n\na"),
        ("<pre>  a\n    b\n\n c</pre>x", "  a\n    b\n\n c\n\nx"),
        ("<table><tr><th>Item<th>Qty<tr><td>Shoe<td>2</table>", "Item | Qty\nShoe | 2"),
        ("<table><tr><th>a<th>b<th>c<tr><td>1<td><td>3<tr><td>4<td>5</table>", "a | b | c\n1 |  | 3\n4 | 5"),
        ("<table><tr><td>1<td>&nbsp;<td>3<td><tr><td>4<td><td>6<td></table>", "1 | 3\n4 | 6"),
        ("<table><tr><td><table><tr><td>in</table></table>", "in"),
        ("a<script>x()</script><style>p{}</style><!-- no --><title>t</title>b", "ab"),
        ("1 &lt; 2 &amp; &#51; &euro;", "1 < 2 & 3 €"),
        ("<p>not closed <i>at all", "not closed at all"),
        ("<img src=cid:x alt='Our logo'>text", "[Our logo]text"),
        ("", ""),
        ("plain, no tags\nat all", "plain, no tags at all"),
    ],
)
def test_readable_text(html: str, text: str) -> None:
    assert to_text(html).text == text


def test_a_layout_table_is_read_cell_by_cell() -> None:
    long = "many words " * 20
    text = to_text(f"<table><tr><td><p>{long}</p><p>end</p></td><td>side</td></tr></table>").text
    assert text == f"{long.strip()}\n\nend\n\nside"


@pytest.mark.parametrize(
    ("href", "visible", "text"),
    [
        (
            "https://evil.example/x",
            "https://bank.example/login",
            "https://bank.example/login <evil.example/x>",
        ),
        ("https://bank.example/login", "www.bank.example", "www.bank.example"),
        ("https://bank.example/", "here", "here <bank.example>"),
        ("https://bank.example@evil.example/", "bank.example", "bank.example <evil.example>"),
        (
            "https:\\\\evil.example\\@bank.example",
            "bank.example",
            "bank.example <evil.example/@bank.example>",
        ),
        ("https:/evil.example/a", "bank.example", "bank.example <evil.example/a>"),
        ("//evil.example", "bank.example", "bank.example <evil.example>"),
        ("ht\ntps://evil.exa\tmple", "bank.example", "bank.example <evil.example>"),
        ("https://x.example/" + "a" * 200, "here", "here <x.example/…>"),
        ("https://bank.example.evil.example/", "bank.example", "bank.example <bank.example.evil.example>"),
        (
            "https://evil.example/",
            "from good.example to bank.example",
            "from good.example to bank.example <evil.example>",
        ),
        ("https://b\u0430nk.example/", "bank.example", "bank.example <xn--bnk-6cd.example>"),
        ("https://stra\u00dfe.example/", "strasse.example", "strasse.example <stra\u00dfe.example>"),
        ("https://b\u0430nk.example/", "b\u0430nk.example", "b\u0430nk.example <xn--bnk-6cd.example>"),
        ("https://" + "\u0430" * 300 + ".example/", "here", "here <" + "\u0430" * 300 + ".example/…>"),
        ("mailto:eve@evil.example", "ana@bank.example", "ana@bank.example <eve@evil.example>"),
        ("mailto:ana@bank.example?subject=x", "ana@bank.example", "ana@bank.example"),
        ("tel:+15550100", "+1 555 0100", "+1 555 0100"),
        ("javascript:alert(1)", "here", "here <javascript:alert(1)>"),
        ("file:///etc/passwd", "here", "here <file:///etc/passwd>"),
        ("https://[bad", "here", "here <https://[bad>"),
        ("#top", "up", "up"),
    ],
)
def test_links_tell_where_they_lead(href: str, visible: str, text: str) -> None:
    assert to_text(f'<a href="{href}">{visible}</a>').text == text


def test_a_base_moves_relative_links() -> None:
    assert to_text('<base href="https://evil.example/"><a href="/pay">bank.example</a>').text == (
        "bank.example <evil.example/pay>"
    )


@pytest.mark.parametrize(
    "hidden",
    [
        "<div style='display: none'>hidden</div>",
        "<div style='color:red; DISPLAY:NONE!important'>hidden</div>",
        "<span style='font-size:0px'>hidden</span>",
        "<span style='font-size:1px;color:#fff'>hidden</span>",
        "<div style='max-height:0;overflow:hidden'>hidden</div>",
        "<div style='opacity:0'>hidden</div>",
        "<div style='visibility:hidden'>hidden</div>",
        "<p hidden>hidden</p>",
        "<select><option>hidden</select>",
    ],
)
def test_what_a_browser_hides_stays_hidden(hidden: str) -> None:
    assert to_text(f"<p>seen</p>{hidden}").text == "seen"


def test_a_wrapper_of_size_nought_does_not_hide_what_sets_it_back() -> None:
    assert to_text("<div style='font-size:0'>x<p style='font-size:14px'>seen</p></div>").text == "seen"
    assert to_text("<div style='opacity:0.9;max-height:0.5em'>seen</div>").text == "seen"


def test_preheader_filler_goes_and_joiners_stay() -> None:
    assert to_text("offer" + "&zwnj;&nbsp;" * 80 + "text").text == "offer text"
    assert to_text("می\u200cخواهم").text == "می\u200cخواهم"


def test_remote_images_are_counted_also_where_hidden() -> None:
    html = (
        "<img src='https://t.example/1.gif'><img src=//t.example/2.gif><img src=cid:inline><img src=data:x>"
        "<table background='http://t.example/3.png'><tr><td></table>"
        "<div style=\"background:url('https://t.example/4.png')\"></div>"
        "<div style='display:none'><img src=http://t.example/5.gif></div>"
    )
    assert to_text(html).remote_images == 5


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 2_000_000,
        "<b>" * 50_000,
        "<div>" * 50_000 + "</div>" * 50_000,
        "<blockquote>" * 500,
        "<ul><li>" * 300,
    ],
    ids=["10 MB of divs", "b", "50k tags", "500 quotes", "300 lists"],
)
def test_towers_are_refused_at_once(html: str) -> None:
    began = time.perf_counter()
    with pytest.raises(Unreadable, match="nested"):
        to_text(html)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    "html",
    [
        "<ul>" + "<li>a bullet\n" * 1_000,
        "<div>x</div>" * 100_000,
        ("<blockquote>" * 150 + "x" + "</blockquote>" * 150) * 100,
        ("<table><tr><td>" * 45 + "x" + "</table>" * 45) * 200,
        "<" * 1_000_000,
        "<a href=//x.example>x</a>" * 50_000,
        "&amp" * 500_000,
        "<br>" * 200_000,
        "x " * 1_000_000,
        "<pre>" + "\n" * 500_000,
        "&zwnj;" * 300_000,
    ],
    ids=["bullets", "flat", "quotes", "tables", "lt", "a", "amp", "br", "words", "pre", "filler"],
)
def test_time_is_linear(html: str) -> None:
    began = time.perf_counter()
    to_text(html)
    assert time.perf_counter() - began < 4


PIECES = [
    "<div>", "</div>", "<a href='//x.example'>", "</a>", "<table>", "<td>", "<tr>", "<li>", "<ul>", "</ul>", "<pre>",
    "</p>", "<blockquote>", "a ", "\n", "&nbsp;", "<br>", "</table>", "<p>", "<b>", "<style>", "\x00", "<!--",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_any_soup_gives_text(pieces: list[str]) -> None:
    text = to_text("".join(pieces)).text
    assert "\x00" not in text
    assert text == text.strip("\n")
