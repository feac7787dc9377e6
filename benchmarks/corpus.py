"""Made-up bilingual cases: case 17 is the same in a corpus of every size, and on every machine."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Final

from benchmarks import words

SEED: Final = 2026
ENGLISH_LENGTH: Final = 2350  # characters of a case, all texts together
JAPANESE_LENGTH: Final = 614
# Text -> its share of a case's length. What is left is shared by actions and effects.
SHARES: Final = {"title": 0.03, "summary": 0.15, "context": 0.12, "enabling": 0.08, "lessons": 0.08}
# Texts that only some of the cases have: their share of the cases.
RARE: Final = {"hindering": 0.3, "needs_staff": 0.3, "transferability": 0.2}
YEARS: Final = range(2001, 2021)


@dataclass(frozen=True)
class Case:
    """`texts` by the name of their column; `actions` and `effects` as (English, Japanese).

    `institution`, `theme`, `themes` and `concepts` are places in a list whose length the caller knows: 0 is its first
    entry, 1 its end. Some institutions and concepts have many cases and most have few.
    """

    number: int
    texts: dict[str, str]
    actions: list[tuple[str, str]]
    effects: list[tuple[str, str]]
    institution: float
    theme: float
    themes: list[float]
    concepts: list[float]
    first_year: int
    last_year: int | None


class Zipf:
    """Words of which the n-th is taken as often as 1/n says."""

    def __init__(self, found: Sequence[str], *, shift: float) -> None:
        self.words = found
        self.weights = list(accumulate(1 / (rank + shift) for rank in range(len(found))))

    def take(self, random: Random, count: int) -> list[str]:
        return random.choices(self.words, cum_weights=self.weights, k=count)


def cases(size: int) -> Iterator[Case]:
    writer = Writer()
    return map(writer.case, range(size))


class Writer:
    def __init__(self) -> None:
        self.english = Zipf([*words.FREQUENT.split(), *words.english_tail()], shift=3)
        self.japanese = Zipf([*words.JAPANESE_FREQUENT.split(), *words.japanese_tail()], shift=12)

    def case(self, number: int) -> Case:
        random = Random(f"{SEED}/{number}")
        names = [*SHARES, *(name for name, share in RARE.items() if random.random() < share)]
        actions, effects = random.randint(2, 5), random.randint(1, 3)
        shares = list(SHARES.values()) + [0.04] * (len(names) - len(SHARES))
        shares += [(1 - sum(shares)) / (actions + effects)] * (actions + effects)
        size = random.uniform(0.5, 1.5)
        english = self._english(random, [share * ENGLISH_LENGTH * size for share in shares])
        japanese = self._japanese(random, [share * JAPANESE_LENGTH * size for share in shares])
        texts = dict(zip([f"{name}_en" for name in names], english, strict=False))
        texts |= dict(zip([f"{name}_ja" for name in names], japanese, strict=False))
        texts["title_en"], texts["title_ja"] = texts["title_en"][:200], texts["title_ja"][:200]
        parts = list(zip(english[len(names) :], japanese[len(names) :], strict=True))
        first = random.choice(YEARS)
        return Case(
            number=number,
            texts=texts,
            actions=parts[:actions],
            effects=parts[actions:],
            institution=random.random() ** 2,
            theme=random.random(),
            themes=[random.random() for _ in range(random.choice((0, 0, 1, 2)))],
            concepts=[random.random() ** 2 for _ in range(random.randint(1, 4))],
            first_year=first,
            last_year=random.choice((None, first, first + 2, first + 4)),
        )

    def _english(self, random: Random, lengths: Sequence[float]) -> list[str]:
        tokens = [self.english.take(random, max(3, round(length / 6.0))) for length in lengths]
        for term in _terms(random, words.ENGLISH):
            _put(random, tokens, term)
        return [" ".join(text).capitalize() + "." for text in tokens]

    def _japanese(self, random: Random, lengths: Sequence[float]) -> list[str]:
        tokens = [self.japanese.take(random, max(2, round(length / 5.1))) for length in lengths]
        for term in _terms(random, words.JAPANESE | words.ODDITIES):
            _put(random, tokens, term)
        return [_sentence(random, text) for text in tokens]


def _terms(random: Random, shares: Mapping[str, float]) -> list[str]:
    """The terms this case has, each one to three times."""
    return [term for term, share in shares.items() if random.random() < share for _ in range(random.randint(1, 3))]


def _put(random: Random, texts: list[list[str]], term: str) -> None:
    """Into any of the texts, the title as often as the others."""
    text = random.choice(texts)
    text.insert(random.randrange(len(text) + 1), term)


def _sentence(random: Random, compounds: Sequence[str]) -> str:
    joints = random.choices(words.JOINTS, k=len(compounds) - 1)
    parts = [part for pair in zip(compounds, joints, strict=False) for part in pair]
    return "".join(parts) + compounds[-1] + random.choice(words.ENDINGS)
