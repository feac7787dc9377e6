"""Did you mean …? Offered beside an answer without cases, or one whose cases have only some of the words."""

from collections.abc import Iterator
from dataclasses import replace

from . import search
from .filters import Answer, Asked, answer


def suggestions(asked: Asked, answered: Answer, language: str) -> list[str]:
    """Other search words, at most two, that find cases with the same filters; none where all words were found.

    Costs as much as two more answers, beside the search for near words.
    """
    found = answered.found
    if found is None or (found.ids and not found.relaxed):
        return []
    return list(_fruitful(found, asked, language))


def _fruitful(found: search.Found, asked: Asked, language: str) -> Iterator[str]:
    for words in search.corrections(found):
        if len(words) <= search.LONGEST_QUERY:
            other = answer(replace(asked, q=words), language)
            if other.ids and other.found and _is_better(other.found, found):
                yield words


def _is_better(other: search.Found, found: search.Found) -> bool:
    return not found.ids or not other.relaxed or len(other.missing) < len(found.missing)
