"""What is asked: two to four queries of each class, from words nearly every case has to words one in a thousand has."""

from dataclasses import dataclass
from typing import Final

from django.http import QueryDict


@dataclass(frozen=True)
class Asking:
    """A query of the search page. `kind` is its class in the report."""

    kind: str
    query: str

    @property
    def params(self) -> QueryDict:
        return QueryDict(self.query)

    @property
    def words(self) -> str:
        return self.params.get("q") or ""


WORDS: Final = {
    "en1": ("university", "exchange", "scholarship", "telemedicine", "quarantine"),
    "en2": ("international students", "exchange agreement", "risk management", "summer school"),
    "ja2": ("国際", "留学", "協定", "単位"),
    "ja4+": ("国際交流協定", "外国人研究者", "ダブル・ディグリー", "在留資格", "防疫体制"),
    "mixed": ("留学 exchange", "グローバル students", "URA 国際", "職員 staff training"),
}
NARROWED: Final = {
    "theme and year": ("q=留学&theme=8&year=2008", "q=international&theme=3&year=2012", "q=国際&theme=5&year=2010"),
    "region": ("q=留学&region=kinki", "q=exchange&region=kanto", "q=協定&region=kyushu&region=tohoku"),
    "concept": ("q=留学&concept=overseas-base", "q=scholarship&concept=double-degree"),
}
ASKED: Final = tuple(
    [Asking(kind, f"q={words}") for kind, several in WORDS.items() for words in several]
    + [Asking(kind, query) for kind, several in NARROWED.items() for query in several]
)
KINDS: Final = tuple(dict.fromkeys(asking.kind for asking in ASKED))
# What the peers are asked: the two words of the design, and a longer one.
OF_PEERS: Final = ("留学", "scholarship", "国際交流協定")
