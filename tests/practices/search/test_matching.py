"""A phrase stands where its tokens stand: the places read off the text are those of the tokens of the text."""

from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from practices.search.matching import spans
from practices.search.queries import Phrase, phrase_of
from practices.search.tokens import fold, tokens

ALPHABET = "東京都大学北インドネシアタイプス留がかﾞ\u3099ァアｱ・･ー々㌔㈱１Ａaby廣広、。 _-'Σİﬁ𠮷"
# No text holds a NUL: the search puts it between texts.
TEXTS = st.one_of(st.text(ALPHABET, max_size=30), st.text(st.characters(exclude_characters="\0"), max_size=30))


def places_of_tokens(phrase: Phrase, text: str) -> Iterator[tuple[int, int]]:
    """By the definition: the phrase's tokens, one beside the other."""
    found, width = tokens(text), len(phrase.tokens)
    for at in range(len(found) - width + 1 if width else 0):
        window = found[at : at + width]
        pairs = list(zip([token.text for token in window], phrase.tokens, strict=True))
        head, last = pairs[:-1], pairs[-1]
        fits_last = last[0].startswith(last[1]) if phrase.is_prefix else last[0] == last[1]
        if fits_last and all(one == other for one, other in head):
            last_character = window[-1].start if phrase.is_prefix else window[-1].end - 1
            yield fold(text).span(window[0].start, last_character)


@settings(max_examples=2_000, deadline=None)
@given(text=TEXTS, data=st.data())
def test_parts_of_a_text_stand_where_their_tokens_do(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    phrase = phrase_of(text[start : start + data.draw(st.integers(1, 8))])

    assert list(spans(phrase, fold(text))) == list(places_of_tokens(phrase, text))


@settings(max_examples=1_000, deadline=None)
@given(text=TEXTS, words=st.text(ALPHABET, min_size=1, max_size=4))
@example(text="universities of a University", words="university")
@example(text="dying, lying", words="die")
def test_any_words_stand_where_their_tokens_do(text: str, words: str) -> None:
    phrase = phrase_of(words)

    assert list(spans(phrase, fold(text))) == list(places_of_tokens(phrase, text))


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("東京都の京都", "京都", [(4, 6)]),
        ("タイ・プラン", "タイ", [(0, 2)]),
        ("タイプとタイ", "タイ", [(4, 6)]),
        ("double-degree and degrees", "double degree", [(0, 13)]),
        ("国際 交流", "国際 交流", [(0, 5)]),
        ("国際化 交流", "国際 交流", []),
        ("職員", "", []),
    ],
)
def test_places(text: str, words: str, expected: list[tuple[int, int]]) -> None:
    assert list(spans(phrase_of(words), fold(text))) == expected
