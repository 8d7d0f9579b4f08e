"""The text that is searched, against a real FTS5 table."""

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_text import samples
from tests.shared import SHARED
from tuidesk.domain.query import Word, leaves, parse
from tuidesk.domain.searchable import indexed, match, snippet
from tuidesk.domain.text import width

TOKENIZERS = ("unicode61 remove_diacritics 2", "unicode61 remove_diacritics 0")


def fts_query(typed: str) -> str:
    """The words of a query, as the index is asked for them."""
    return match(leaf for leaf in leaves(parse(typed).where) if isinstance(leaf, Word))


def found(text: str, typed: str, tokenizer: str = TOKENIZERS[0]) -> bool:
    """Whether `typed` finds a message of `text`."""
    with table(tokenizer) as db:
        db.execute("INSERT INTO search (text) VALUES (?)", (indexed(text),))
        query = fts_query(typed)
        return bool(query) and bool(
            db.execute("SELECT 1 FROM search WHERE search MATCH ?", (query,)).fetchall()
        )


class table:
    """A full-text table in memory."""

    def __init__(self, tokenizer: str = TOKENIZERS[0]) -> None:
        self.db = sqlite3.connect(":memory:")
        self.db.execute(f'CREATE VIRTUAL TABLE search USING fts5(text, tokenize="{tokenizer}")')

    def __enter__(self) -> sqlite3.Connection:
        return self.db

    def __exit__(self, *_: object) -> None:
        self.db.close()


@pytest.fixture
def search() -> Iterator[sqlite3.Connection]:
    with table() as db:
        yield db


@pytest.mark.parametrize("tokenizer", TOKENIZERS)
@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("주문 8841 전액환불 부탁드립니다", "환불"),
        ("주문 8841 전액환불 부탁드립니다", "전액 환불"),
        ("\u1112\u116a\u11ab\u1107\u116e\u11af 언제", "환불"),  # decomposed, as a Mac writes file names
        ("先週の注文の返金はいつになりますか。", "返金"),
        ("先週の注文の返金はいつになりますか。", "返金は"),
        ("ﾍﾝｷﾝをお願いします", "ヘンキン"),
        ("我要退款，谢谢", "退款"),
        ("ขอเงินคืนด้วยครับ", "เงินคืน"),
        ("to\u02bblov ikki marta yechildi", "to'lov"),
        ("to'lov ikki marta yechildi", "to\u02bblov"),
        ("To\u2018lov", "to\u02bclov"),
        ("to`lov", "toʻlov"),
        ("to\u02bblov", "tolov"),
        ("bog\u02bb katta", "bog'"),
        ("O\u02bbzbekiston", "o'zbekiston"),
        ("ISPANAK aldım", "ıspanak"),
        ("ıspanak", "ISPANAK"),
        ("ispanak", "ıspanak"),
        ("İSTANBUL'a", "istanbul"),
        ("Đường dây nóng Việt Nam", "duong viet"),
        ("duong day nong", "đường"),
        ("Vie\u0323\u0302t", "Việt"),
        ("Rückerstattung", "ruckerstattung"),
        ("ruckerstattung", "Rückerstattung"),
        ("Straße", "STRASSE"),
        ("مَرْحَبًا بكم", "مرحبا"),
        ("مرحبا بكم", "مَرْحَبًا"),
        ("مـــرحبا", "مرحبا"),
        ("שָׁלוֹם", "שלום"),
        ("क्या मेरा हिन्दी ऑर्डर", "हिन्दी"),
        ("Łódź, København", "lodz kobenhavn"),
        ("Ελλάδα ΟΔΟΣ", "ελλαδα οδος"),
        ("ｒｅｆｕｎｄ ﬁne", "refund fine"),
        ("I don\u2019t get it", "don't"),
        ("où est l\u2019ordre", "ordre"),
        ("où est l\u2019ordre", "l'ordre"),
        ("pass\u200bword so\u00adft", "password soft"),
        ("order 8841-22 for dana@ortiz.example", "dana@ortiz.example"),
        ("order 8841-22 for dana@ortiz.example", "8841-22"),
        ("I want a refund", "refu"),
        ("I want a refund", "REFUND want"),
        ("exactly this phrase", '"this phrase"'),
        ("half a quoted phrase", '"quoted phr'.removesuffix(" phr")),
        ("AND OR NOT NEAR", 'and "or" not near'),
        ("a refund 😡", "refund 😡"),
        ("C++ and a*b", "c++ a*b"),
    ],
)
def test_found(text: str, typed: str, tokenizer: str) -> None:
    assert found(text, typed, tokenizer)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("전액환불", "불환"),
        ("返して、金曜に", "返金"),
        ("this exact other phrase", '"exact phrase"'),
        ("a refund please", "re"),
        ("a refund please", "refu "),
        ("a refund please", "refu please"),
        ("か", "が"),
        ("anything", ""),
        ("anything", " - \" ' * + "),
        ("anything", "😡"),
    ],
)
def test_not_found(text: str, typed: str) -> None:
    assert not found(text, typed)


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("", ""),
        ("refund", '"refund"*'),
        ("my refund ", '"my" AND "refund"'),
        ("re", '"re"'),
        ("환불", '"환 불"'),
        ('say "a b" c', '"say" AND "a b" AND "c"'),
        ('"', ""),
        ('x"y"', '"x" AND "y"'),
        ('"col:x*"', '"col:x*"'),
    ],
)
def test_the_query(typed: str, query: str) -> None:
    assert fts_query(typed) == query


@given(st.one_of(st.text(st.characters()), st.text("a\"'*-+^:(){}NEAR AND OR NOT\0환\ud800,.\\")))
def test_nothing_typed_is_a_syntax_error(typed: str) -> None:
    with table() as db:
        db.execute("INSERT INTO search (text) VALUES (?)", (indexed(typed),))
        query = match([Word(typed, grows=True), Word(typed, is_phrase=True)])
        if query:
            db.execute("SELECT rowid FROM search WHERE search MATCH ?", (query,)).fetchall()


@given(st.text(st.characters()))
def test_what_is_indexed_is_indexed_alike_again(text: str) -> None:
    once = " ".join(indexed(text).split())
    assert " ".join(indexed(once).split()) == once


def test_very_much_typed_is_cut(search: sqlite3.Connection) -> None:
    for words in ([Word("word")] * 5000, [Word("x" * 100_000)], [Word('"' * 5000)], [Word("환" * 5000)]):
        query = match(words)
        if query:
            search.execute("SELECT rowid FROM search WHERE search MATCH ?", (query,)).fetchall()


@pytest.mark.skipif(SHARED is None, reason="the samples are not beside this checkout")
def test_samples_are_indexed_and_found(search: sqlite3.Connection) -> None:
    texts = samples()
    for text in texts:
        search.execute("INSERT INTO search (text) VALUES (?)", (indexed(text),))
        width(snippet(text, 40))
    for row, text in enumerate(texts, 1):
        query = fts_query(f'"{text.replace(chr(34), " ")}"') if len(text) < 500 else ""
        if query and text.isascii():
            hits = search.execute("SELECT rowid FROM search WHERE search MATCH ?", (query,)).fetchall()
            assert (row,) in hits


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("I still have not\n\n  received\tmy refund", 60, "I still have not received my refund"),
        ("I still have not received", 12, "I still hav…"),
        ("환불 언제 되나요?", 10, "환불 언제…"),
        ("On Friday Sam wrote:\n> it is on its way\n\nIt is not.", 60, "It is not."),
        ("> first\nSecond\n> third", 60, "Second"),
        ("-----\n*****\nhello", 60, "hello"),
        ("Thanks\n-- \nDana Ortiz", 60, "Thanks"),
        ("Details:\nbroken", 60, "Details: broken"),
        ("> only a quote", 60, "> only a quote"),
        ("👍", 60, "👍"),
        ("", 60, ""),
        (" \n\t\n", 60, ""),
        ("\x1b[31mred", 60, "\x1b[31mred"),
    ],
)
def test_snippet(text: str, cells: int, shown: str) -> None:
    assert snippet(text, cells) == shown


@given(st.text(st.characters()), st.integers(0, 30))
def test_a_snippet_is_one_line(text: str, cells: int) -> None:
    shown = snippet(text, cells)
    assert "\n" not in shown
    assert width(shown) <= cells
