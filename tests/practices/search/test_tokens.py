"""What a text is cut into, and that every token knows its place in the original."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practices.search.tokens import LONGEST, Kind, Token, fold, stem, tokens

JAPANESE = st.text("東京都大学北ガがかはひｶﾞﾊﾟ゛゜\u3099\u309aーｰ・･ァ々〆留学生㌔㈱１Ａa1 、。𠮷", max_size=40)
ANY_TEXT = st.one_of(st.text(max_size=60), JAPANESE)


def original(text: str, token: Token) -> str:
    start, end = fold(text).span(token.start, token.end - 1)
    return text[start:end]


def texts(text: str) -> list[str]:
    return [token.text for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("留学生", ["留学", "学生", "生"]),
        ("学", ["学"]),
        ("ダブル・ディグリー", ["ダブ", "ブル", "ルデ", "ディ", "ィグ", "グリ", "リー", "ー"]),
        ("国際部・国際課", ["国際", "際部", "部", "国際", "際課", "課"]),
        ("ｸﾞﾛｰﾊﾞﾙ", ["グロ", "ロー", "ーバ", "バル", "ル"]),
        ("か\u3099", ["が"]),
        ("ＵＲＡ", ["ura"]),
        ("人々", ["人々", "々"]),
        ("𠮷野", ["𠮷野", "野"]),
        ("SD研修", ["sd", "研修", "修"]),
        ("University's trainings", ["universiti", "s", "train"]),
        ("double-degree", ["doubl", "degre"]),
        ("the of and", ["the", "of", "and"]),
        ("Café São Paulo", ["cafe", "sao", "paulo"]),
        ("ZU\u0308RICH", ["zurich"]),
        ("髙﨑", ["高崎", "崎"]),
        ("😀 % _ \\ '", []),
        ("", []),
    ],
)
def test_tokens_of_a_text(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("京都", ["京都", "都"]),
        ("東京都", ["東京", "京都_", "都"]),
        ("東京大学", ["東京", "京大_", "大学", "学"]),
        ("北京大学", ["北京", "京大_", "大学", "学"]),
        ("東北大学", ["東北", "北大_", "大学", "学"]),
        ("京都、東", ["京都", "都", "東"]),
    ],
)
def test_place_names_inside_others_are_tokens_of_their_own(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_long_words_are_cut() -> None:
    assert texts("9" * 5_000) == ["9" * LONGEST]


def test_spans_point_into_the_original() -> None:
    text = "ｸﾞﾙとＵＲＡ"

    spans = {token.text: original(text, token) for token in tokens(text)}

    assert spans == {"グル": "ｸﾞﾙ", "ルと": "ﾙと", "と": "と", "ura": "ＵＲＡ"}


@given(ANY_TEXT)
def test_every_token_is_read_again_from_its_own_span(text: str) -> None:
    for token in tokens(text):
        again = {found.text.removesuffix("_") for found in tokens(original(text, token))}

        assert token.text.removesuffix("_") in again


@given(ANY_TEXT)
def test_every_letter_and_digit_lies_in_a_token(text: str) -> None:
    covered = {at for token in tokens(text) for at in range(token.start, token.end)}

    letters = {at for at, character in enumerate(fold(text).text) if character.isalnum()}

    assert letters <= covered


@given(ANY_TEXT)
def test_both_ways_of_folding_agree(text: str) -> None:
    whole = unicodedata.normalize("NFKC", text).lower()

    separately = "".join(fold(character).text for character in whole)

    assert fold(whole).text == separately.replace("ς", "σ") or "Σ" in text


@given(ANY_TEXT)
def test_tokens_come_in_order(text: str) -> None:
    found = tokens(text)

    assert [token.start for token in found] == sorted(token.start for token in found)
    assert all(token.start < token.end for token in found)


@given(st.text("abcdefghijklmnopqrstuvwxyzé", min_size=1, max_size=20))
def test_stems_never_hold_what_ids_are_made_of(word: str) -> None:
    assert "_" not in stem(word)
    assert all(token.kind is Kind.WORD for token in tokens(word))
