"""A query anew, as somebody may have meant it: other words in the place of those that no case has."""

import re
from collections.abc import Iterator
from itertools import islice

from practices.models.vocabulary import VocabularyWord

from .engine import search_engine
from .hits import Found, public
from .nearest import MOST_CORRECTED, RUN, nearest_to
from .queries import Clause, Query, Word, phrase_of
from .tokens import fold
from .vocabulary import ALL_HIRAGANA


def corrections(found: Found) -> Iterator[str]:
    """The query with the nearest words for those that no case has; at most two, the nearest first.

    None where no word is missing or none is near. Whether a case has the new words is not asked. At most four queries
    for each of the first five missing words, and one for each word when nothing was found.
    """
    alternatives = {word: alternatives_to(word) for word in islice(_missing(found), MOST_CORRECTED)}
    for place in range(max(map(len, alternatives.values()), default=0)):
        chosen = {word: texts[min(place, len(texts) - 1)] for word, texts in alternatives.items() if texts}
        wanted = [_written(chosen.get(word, word.text)) for word in found.query.words]
        yield " ".join([*wanted, *(f"-{_written(word.text)}" for word in found.query.excluded)])


def alternatives_to(word: Word) -> list[str]:
    """The word with every stretch of one script that no case has replaced by one of its nearest words."""
    text = fold(word.text).text
    runs = [text] if ALL_HIRAGANA.fullmatch(text) else list(dict.fromkeys(RUN.findall(text)))
    known = set(VocabularyWord.objects.filter(word__in=runs).values_list("word", flat=True))
    nearest = {run: nearest_to(run) for run in runs if run not in known and not _has_cases(Word(run, phrase_of(run)))}

    def replaced(place: int) -> str:
        texts = {run: words[min(place, len(words) - 1)] for run, words in nearest.items() if words}
        return texts.get(text) or RUN.sub(lambda run: texts.get(run[0], run[0]), text)

    return [replaced(place) for place in range(max(map(len, nearest.values()), default=0))]


def _missing(found: Found) -> Iterator[Word]:
    """The words that no case has as they stand, unless they name something: of long ones a case may have parts."""
    for clause in found.query.clauses:
        for word in clause.words:
            is_named = clause.ids or word.ids
            if not is_named and (word.text in found.missing or not _has_cases(word)):
                yield word


def _has_cases(word: Word) -> bool:
    return bool(search_engine().matching(Query((Clause((word,)),))) & public())


def _written(text: str) -> str:
    return f'"{text}"' if re.search(r"\s", text) else text
