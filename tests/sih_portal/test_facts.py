import pytest
from django.utils import translation

from sih_portal.templatetags.facts import country, yen


@pytest.mark.parametrize(("language", "name"), [("ja", "メキシコ"), ("en", "Mexico")])
def test_country_is_named_in_the_language_of_the_page(language: str, name: str) -> None:
    with translation.override(language):
        assert country("MX") == name


def test_country_without_a_name_stays_a_code() -> None:
    assert country("XX") == "XX"


@pytest.mark.parametrize(
    ("language", "amount", "text"),
    [
        ("ja", 10_000_000, "1,000万円"),
        ("en", 10_000_000, "10 million yen"),
        ("en", 12_500_000, "12,500,000 yen"),
    ],
)
def test_yen_are_counted_as_the_language_counts(language: str, amount: int, text: str) -> None:
    with translation.override(language):
        assert yen(amount) == text
