"""Why one public case is among the hits of a query, or is not: told word by word with the search's own rules."""

from collections.abc import Iterator
from dataclasses import dataclass

from practices.models.edition import Edition

from .documents import Place, ids, texts
from .hits import Found, find
from .names import concept_id, headquarters_id, institution_id, theme_id
from .passages import marks
from .queries import Clause, Phrase, Word, phrase_of, pieces_of
from .spellings import spellings_of


@dataclass(frozen=True)
class Meant:
    """Something of the case that the words name: `kind` is institution, headquarters, theme or concept."""

    kind: str
    row: object


@dataclass(frozen=True)
class WordReason:
    """Where the case has a word, or why it counts as had. `pieces` are parts of a long word, and whether they are had.

    `text` is a run of words where only all of them together name something (`meant`).
    """

    text: str
    places: tuple[Place, ...] = ()
    spellings: tuple[tuple[str, tuple[Place, ...]], ...] = ()
    meant: tuple[Meant, ...] = ()
    pieces: tuple[tuple[str, bool], ...] = ()

    @property
    def is_had(self) -> bool:
        return bool(self.places or self.spellings or self.meant)


@dataclass(frozen=True)
class Reasons:
    """`place` among `total` hits, from 1; None when the case is not one of them.

    `has_all` is what the texts of the case say of themselves: the index must agree, or it is out of date.
    """

    found: Found
    words: tuple[WordReason, ...]
    excluded: tuple[WordReason, ...]
    place: int | None
    total: int
    has_all: bool


def reasons(case: Edition, q: str) -> Reasons:
    """Costs as much as a search, if parts, themes and concepts of the case are loaded.

    :raises QueryError: when `q` is too long or not text.
    """
    found = find(q)
    hits = list(found.ids[:])
    words = tuple(reason for clause in found.query.clauses for reason in _of_clause(case, clause))
    excluded = tuple(_of_word(case, word) for word in found.query.excluded)
    is_left_out = any(reason.is_had for reason in excluded)
    return Reasons(
        found,
        words,
        excluded,
        place=hits.index(case.pk) + 1 if case.pk in hits else None,
        total=len(hits),
        has_all=not is_left_out and all(_has(case, clause) for clause in found.query.clauses),
    )


def _of_clause(case: Edition, clause: Clause) -> Iterator[WordReason]:
    """Each word, behind the run of words where that names something of the case."""
    if len(clause.words) > 1 and (meant := _meant(case, clause.ids)):
        yield WordReason(" ".join(word.text for word in clause.words), meant=meant)
    for word in clause.words:
        yield _of_word(case, word)


def _has(case: Edition, clause: Clause) -> bool:
    return bool(_meant(case, clause.ids)) or all(_of_word(case, word).is_had for word in clause.words)


def _of_word(case: Edition, word: Word) -> WordReason:
    places = _places(case, word.phrase)
    spelt = ((text, _places(case, phrase_of(text))) for text in spellings_of(word.text) if word.spellings)
    meant = _meant(case, word.ids)
    pieces = [] if places or meant else pieces_of(word.text)
    return WordReason(
        word.text,
        places,
        tuple((text, found) for text, found in spelt if found),
        meant,
        tuple((piece, bool(_places(case, phrase_of(piece)))) for piece in pieces),
    )


def _places(case: Edition, phrase: Phrase) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(text.place for text in texts(case) if marks(text.value, [phrase])))


def _meant(case: Edition, wanted: tuple[str, ...]) -> tuple[Meant, ...]:
    known: dict[str, Meant] = {institution_id(case.institution_id): Meant("institution", case.institution)}
    if case.headquarters_id:
        known[headquarters_id(case.headquarters_id)] = Meant("headquarters", case.headquarters)
    known |= {theme_id(theme.pk): Meant("theme", theme) for theme in (case.theme, *case.themes.all())}
    known |= {concept_id(concept.pk): Meant("concept", concept) for concept in case.concepts.all()}
    own = set().union(*ids(case))
    return tuple(meant for id_, meant in known.items() if id_ in own.intersection(wanted))
