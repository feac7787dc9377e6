"""How a query is read: words, quotations, single characters, and what is refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practices.search.matching import spans
from practices.search.queries import (
    LONGEST_QUERY,
    MOST_WORDS,
    Phrase,
    QueryError,
    QueryTooLong,
    QueryUnreadable,
    parse,
    phrase_of,
    pieces_of,
)
from practices.search.spellings import spellings_of
from practices.search.tokens import fold

WORDS = st.lists(st.text("留学生協定ガー京都abz1 ", min_size=1, max_size=6), max_size=4)


def phrases(q: str) -> list[Phrase]:
    return [word.phrase for word in parse(q).words]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("留学", [Phrase(("留学",))]),
        ("留学生", [Phrase(("留学", "学生"))]),
        ("学", [Phrase(("学",), is_prefix=True)]),
        ("職員　研修", [Phrase(("職員",)), Phrase(("研修",))]),
        ("staff training", [Phrase(("staff",)), Phrase(("train",))]),
        ('"staff training"', [Phrase(("staff", "train"))]),
        ("“staff training”", [Phrase(("staff", "train"))]),
        ("＂職員 研修＂", [Phrase(("職員", "員", "研修"))]),
        ('staff "training', [Phrase(("staff",)), Phrase(("train",))]),
        ('a"b c"d', [Phrase(("a",)), Phrase(("b", "c")), Phrase(("d",))]),
        ("SD研", [Phrase(("sd",)), Phrase(("研",), is_prefix=True)]),
        ("ＧＩＳ応用研究", [Phrase(("gis",)), Phrase(("応用", "用研", "研究"))]),
        ('"SD研"', [Phrase(("sd", "研"), is_prefix=True)]),
        ("A大学", [Phrase(("a", "大学"))]),
        ("5研究所", [Phrase(("5", "研究", "究所"))]),
        ("double-degree", [Phrase(("doubl", "degre"))]),
        ('* OR "" AND NEAR(', [Phrase(("or",)), Phrase(("and",)), Phrase(("near",))]),
        ("% _ 😀", []),
        (" 　 ", []),
    ],
)
def test_phrases_of_a_query(q: str, expected: list[Phrase]) -> None:
    assert phrases(q) == expected


@pytest.mark.parametrize(
    ("q", "words", "excluded"),
    [
        ("海外 -タイ", ["海外"], ["タイ"]),
        ("-タイ", [], ["タイ"]),
        ("－タイ −英国", [], ["タイ", "英国"]),
        ('-"double degree" 派遣', ["派遣"], ["double degree"]),
        ("double-degree", ["double-degree"], []),
        ("海外- タイ", ["海外-", "タイ"], []),
        ("- タイ", ["タイ"], []),
        ("--タイ", [], ["-タイ"]),
        ("-TAISTプログラム", [], ["TAISTプログラム"]),
        ('派遣 -"', ["派遣"], []),
    ],
)
def test_words_after_a_minus_sign_are_excluded(q: str, words: list[str], excluded: list[str]) -> None:
    query = parse(q)

    assert [word.text for word in query.words] == words
    assert [word.text for word in query.excluded] == excluded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("めきしこ", {"メキシコ", "メキシコー"}),
        ("わーくしょっぷ", {"ワークショップ", "ワークショップー"}),
        ("コンピューター", {"コンピュータ"}),
        ("サーバ", {"サーバー"}),
        ("イエール", {"イェール"}),
        ("ウェブ", {"ウエブ"}),
        ("ヴェトナム", {"ベトナム"}),
        ("ﾃﾞｨﾚｸﾀ", {"ディレクター"}),
        ("取り組み", {"取り組", "取組"}),
        ("取組", {"取り組"}),
        ("留学生受入体制", {"留学生受入れ体制", "留学生受け入れ体制"}),
        ("受入れの手続き", {"受入の手続", "受け入れの手続"}),
        ("U.S.", {"us"}),
        ("ＵＳＡ", {"U.S.A."}),
        ("PhD", {"Ph.D."}),
        ("タイ", set()),
        ("から", set()),
        ("3.5", set()),
        ("www.example.ac.jp", set()),
        ("海外", set()),
        ("mexico", set()),
    ],
)
def test_other_spellings_of_a_word(text: str, expected: set[str]) -> None:
    found = spellings_of(text)

    assert expected <= set(found)
    assert bool(found) == bool(expected)
    assert text not in found


@pytest.mark.parametrize("q", ["x" * (LONGEST_QUERY + 1), "語 " * (MOST_WORDS + 1), "word " * 5_000, "ab語" * 11])
def test_long_queries_are_refused(q: str) -> None:
    with pytest.raises(QueryTooLong):
        parse(q)


@pytest.mark.parametrize("q", ["a\x00b", "\ud83d", "留\udc00学"])
def test_unreadable_queries_are_refused(q: str) -> None:
    with pytest.raises(QueryUnreadable):
        parse(q)


def test_longest_queries_are_read() -> None:
    assert len(phrases("語" * LONGEST_QUERY)[0].tokens) == LONGEST_QUERY - 1
    assert len(phrases("語 " * MOST_WORDS)) == MOST_WORDS


@given(st.text(max_size=LONGEST_QUERY))
def test_readable_text_makes_phrases_with_tokens(q: str) -> None:
    with suppress(QueryError):
        assert all(phrase.tokens for phrase in phrases(q))


@given(WORDS, st.text("留学生協定ガー京都abz1", min_size=1, max_size=6))
def test_a_word_stands_in_every_text_that_ends_with_it(before: list[str], word: str) -> None:
    text = " ".join([*before, word])

    assert list(spans(phrase_of(word), fold(text)))[-1] == (len(text) - len(word), len(text))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("奨学金", ["奨学", "学金"]),
        ("国際交流協定", ["国際", "交流", "協定"]),
        ("海外拠点の運営", ["海外", "拠点", "運営"]),
        ("留学フェア", ["留学", "フェア"]),
        ("国際部・国際課", ["国際", "際部", "際課"]),
        ("ダブル・ディグリー留学", ["ダブル・ディグリー", "留学"]),
        ("国と地域の連携", ["地域", "連携"]),
        ("取り組み", []),
        ("・・・職員", []),
        ("シンポジウム", []),
        ("留学", []),
        ("scholarship", []),
    ],
)
def test_pieces_of_a_long_word(word: str, expected: list[str]) -> None:
    assert pieces_of(word) == expected
