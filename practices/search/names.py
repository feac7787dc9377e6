"""Which institutions, headquarters, themes and concepts a query names.

The index holds their ids only; their names are compared here, at query time, so that a renamed institution leaves
nothing stale. A word, or a run of words, becomes "the words, or one of these ids".
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from practices.models.concept import Concept, ConceptLabel
from practices.models.theme import Theme
from sih_portal.kept import held
from universities.models import Headquarters, Institution, InstitutionAlias, InstitutionName

from .queries import Clause, Phrase, Query, Word, phrase_of
from .tokens import Kind, fold, tokens

LONGEST_RUN: Final = 8
CONCEPT: Final = "c_"
IN_BRACKETS: Final = re.compile(r"[(（][^)）]*[)）]")


@dataclass(frozen=True)
class UsedConcept:
    """A concept that widened the query, the words it stands for, and all its labels as (language, label)."""

    slug: str
    pref_label_en: str
    pref_label_ja: str
    words: str
    id: str
    labels: list[tuple[str, str]]


@dataclass(frozen=True)
class Widened:
    query: Query
    concepts: tuple[UsedConcept, ...]


@dataclass
class Names:
    """Names a query must equal, and names of which it may be a part (as token lines)."""

    whole: dict[Phrase, set[str]] = field(default_factory=lambda: defaultdict(set))
    parts: list[tuple[str, str]] = field(default_factory=list)
    japanese_parts: list[tuple[str, str]] = field(default_factory=list)

    def ids(self, phrases: Iterable[Phrase]) -> set[str]:
        """The ids of everything that one of `phrases` names. One character names nothing."""
        found: set[str] = set()
        for phrase in phrases:
            if phrase.tokens and not phrase.is_prefix:
                line = f" {' '.join(phrase.tokens)} "
                parts = [*self.parts, *self.japanese_parts] if _is_japanese(line) else self.parts
                found |= self.whole.get(phrase, set())
                found |= {id_ for name, id_ in parts if line in name}
        return found


def institution_id(pk: int) -> str:
    return f"i_{pk}"


def headquarters_id(pk: int) -> str:
    return f"h_{pk}"


def theme_id(pk: int) -> str:
    return f"t_{pk}"


def concept_id(pk: int) -> str:
    return f"{CONCEPT}{pk}"


def widen(query: Query, *, expand: bool) -> Widened:
    """This will give every word and run of words the ids of what it names; without `expand` no concept's.

    No query while the public data stay the same; else five, and two more with `expand`.
    """
    held_as = "names, those of concepts too" if expand else "names"
    names, concepts = held(held_as, lambda: _names(expand=expand))
    clauses = tuple(_clauses(query.words, names))
    excluded = tuple(replace(word, ids=_without_concepts(_ids([word], names))) for word in query.excluded)
    return Widened(Query(clauses, excluded), tuple(_used(clauses, concepts)))


def other_names(query: Query, institution: Institution) -> list[str]:
    """The words that mean an institution without being part of its name as it is shown: 京大 for 京都大学."""
    asked = institution_id(institution.pk)
    meant = [" ".join(word.text for word in clause.words) for clause in query.clauses if asked in clause.ids]
    meant += [word.text for word in query.words if asked in word.ids]
    if not meant:
        return []
    shown = [fold(name).text for name in (institution.name_ja, institution.name_en, institution.name_kana)]
    return [words for words in dict.fromkeys(meant) if not any(fold(words).text in name for name in shown)]


def _clauses(words: Sequence[Word], names: Names) -> Iterator[Clause]:
    """The words from left to right, as the longest runs that name something."""
    named = [replace(word, ids=_ids([word], names)) for word in words]
    at = 0
    while at < len(named):
        run, ids = next(_runs(named[at : at + LONGEST_RUN], names), (named[at : at + 1], ()))
        yield Clause(tuple(run), ids)
        at += len(run)


def _runs(words: Sequence[Word], names: Names) -> Iterator[tuple[Sequence[Word], tuple[str, ...]]]:
    for length in range(len(words), 1, -1):
        if ids := _ids(words[:length], names):
            yield words[:length], ids


def _ids(words: Sequence[Word], names: Names) -> tuple[str, ...]:
    """Japanese offices put blanks where a name has none (職員 研修), so both spellings are tried."""
    texts = [word.text for word in words]
    spellings = words[0].spellings if len(words) == 1 else ()
    return tuple(sorted(names.ids({phrase_of(" ".join(texts)), phrase_of("".join(texts)), *spellings})))


def _without_concepts(ids: Iterable[str]) -> tuple[str, ...]:
    """What is not wanted is taken at its word: a case without it stays, whatever it is about."""
    return tuple(id_ for id_ in ids if not id_.startswith(CONCEPT))


def _used(clauses: Iterable[Clause], concepts: dict[str, UsedConcept]) -> Iterator[UsedConcept]:
    seen: set[str] = set()
    for clause in clauses:
        called = [(clause.ids, " ".join(word.text for word in clause.words))]
        called += [(word.ids, word.text) for word in clause.words]
        for ids, words in called:
            for id_ in ids:
                if id_ in concepts and id_ not in seen:
                    seen.add(id_)
                    yield replace(concepts[id_], words=words)


def _names(*, expand: bool) -> tuple[Names, dict[str, UsedConcept]]:
    names = Names()
    _add_institutions(names)
    _add_headquarters(names)
    _add_themes(names)
    return names, _add_concepts(names) if expand else {}


def _add_institutions(names: Names) -> None:
    """Full names by any part of them, short names whole: 京大 is Kyoto, and never a part of 東京大学."""
    for pk, *spellings in Institution.objects.values_list("pk", "name_en", "name_ja", "name_kana"):
        names.parts.extend((_line(name), institution_id(pk)) for name in spellings)
    for pk, *spellings in InstitutionName.objects.values_list("institution", "name_en", "name_ja"):
        names.parts.extend((_line(name), institution_id(pk)) for name in spellings)
    for pk, label in InstitutionAlias.objects.values_list("institution", "label"):
        names.whole[phrase_of(label)].add(institution_id(pk))


def _add_headquarters(names: Names) -> None:
    for pk, name_en, abbreviation, name_ja in Headquarters.objects.values_list(
        "pk", "name_en", "abbreviation", "name_ja"
    ):
        names.whole[phrase_of(name_en)].add(headquarters_id(pk))
        names.whole[phrase_of(abbreviation)].add(headquarters_id(pk))
        names.japanese_parts.append((_line(name_ja), headquarters_id(pk)))


def _add_themes(names: Names) -> None:
    for pk, *titles in Theme.objects.values_list("pk", "title_en", "short_en", "title_ja", "short_ja"):
        for title in titles[:2]:
            names.whole[phrase_of(title)].add(theme_id(pk))
        names.japanese_parts.extend((_line(title), theme_id(pk)) for title in titles[2:])


def _add_concepts(names: Names) -> dict[str, UsedConcept]:
    """Preferred labels and synonyms, whole; related labels never: SD does not reach SDGs."""
    concepts: dict[str, UsedConcept] = {}
    labels: dict[int, list[tuple[str, str]]] = {}
    rows = Concept.objects.in_use().values_list("pk", "slug", "pref_label_en", "pref_label_ja")
    for pk, slug, label_en, label_ja in rows:
        labels[pk] = [pair for pair in (("ja", label_ja), ("en", label_en)) if pair[1]]
        concepts[concept_id(pk)] = UsedConcept(slug, label_en, label_ja, words="", id=concept_id(pk), labels=labels[pk])
    synonyms = ConceptLabel.objects.filter(relation=ConceptLabel.Relation.ALTERNATIVE, concept__in=labels)
    for pk, language, label in synonyms.order_by("pk").values_list("concept", "language", "label"):
        if label.casefold() not in {known.casefold() for _language, known in labels[pk]}:
            labels[pk].append((language, label))
    for pk, pairs in labels.items():
        for spelling in {form for _language, label in pairs for form in (label, IN_BRACKETS.sub("", label))}:
            names.whole[phrase_of(spelling)].add(concept_id(pk))
    return concepts


@lru_cache(maxsize=10_000)
def _line(name: str) -> str:
    """The tokens of a name with a blank on both sides of each, so that a phrase of tokens is a part of the line."""
    return f" {' '.join(token.text for token in tokens(name))} "


def _is_japanese(line: str) -> bool:
    return all(token.kind is not Kind.WORD for token in tokens(line))
