"""Texts in a language."""

import pytest
from django.utils.translation import override

from sih_portal.language import sentences


@pytest.mark.parametrize(
    ("language", "texts", "told"),
    [
        ("en", ["One.", "", "Two."], "One. Two."),
        ("ja", ["一つ目。", "", "二つ目。"], "一つ目。二つ目。"),
        ("ja", [], ""),
    ],
)
def test_sentences_follow_each_other_as_their_language_has_it(language: str, texts: list[str], told: str) -> None:
    with override(language):
        assert sentences(texts) == told
