"""The one token list of every database: what a text is cut into, and where each token stands.

Two-character words carry most of this domain (留学, 協定, 職員), so runs of Japanese become overlapping pairs of
characters; Latin words are stemmed once, here, and never by a database. See `docs/adr/0005-search.md`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from threading import Lock
from typing import Final, NamedTuple

import Stemmer

HAN: Final = "々〆〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
HIRAGANA: Final = "\u3041-\u3096\u309d\u309e"
KATAKANA: Final = "\u30a1-\u30fa\u30fc-\u30fe\u31f0-\u31ff"
VOICING: Final = "\u3099\u309a"
RUN_CHARACTER: Final = f"[{HAN}{HIRAGANA}{KATAKANA}{VOICING}]"
# A character with the marks that belong to it, half-width voicing marks (ｶﾞ) among them; 30 as in Unicode's
# stream-safe text, because putting marks in order costs the square of their number.
CLUSTER: Final = re.compile(
    r"(?s).[\u0300-\u036f\u1161-\u1175\u11a8-\u11c2\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
    r"\u3099\u309a\uff9e\uff9f\ufe20-\ufe2f]{0,30}"
)
PIECE: Final = re.compile(
    f"(?P<run>{RUN_CHARACTER}+(?:(?<=[{KATAKANA}])・(?=[{KATAKANA}]){RUN_CHARACTER}+)*)"
    f"|(?P<word>(?:(?!{RUN_CHARACTER})[^\\W_])+)"
)
LONGEST: Final = 100

# Pairs that are another name after the character before them: 京都 is not in 東京都, nor 京大 in 東京大学 and
# 北京大学, nor 北大 in 東北大学. There the pair becomes a token of its own, which nobody can type.
OTHER_NAME_AFTER: Final = {"京都": "東", "京大": "東北南", "北大": "東台"}
# As above, before the character after them: インド is not in インドネシア.
OTHER_NAME_BEFORE: Final = {"ンド": "ネ"}
# As above, beside any other katakana: タイ is neither in タイプ nor in スタイル.
OTHER_NAME_INSIDE: Final = frozenset({"タイ"})
WITHIN_OTHER: Final = {*OTHER_NAME_AFTER, *OTHER_NAME_BEFORE, *OTHER_NAME_INSIDE}
# What such a pair ends with.
OTHER_NAME: Final = "_"
ANY_KATAKANA: Final = re.compile(f"[{KATAKANA}]")

# Old forms of characters in names, each one as it is written today: 廣島, 慶應, 國立.
OLD_FORMS: Final = str.maketrans(
    "廣應國學澤濱邊邉齋齊龍櫻瀧條實壽眞惠榮豐靜德曾藝舊區縣關醫藥經濟當發會團圖體臺灣氣變讀鐵總傳假兒內彌攝數樣樂歐歷獨畫禮聲與覺觀證辭鄕釋靑驗黑點髙﨑濵栁",
    "広応国学沢浜辺辺斎斉竜桜滝条実寿真恵栄豊静徳曽芸旧区県関医薬経済当発会団図体台湾気変読鉄総伝仮児内弥摂数様楽欧歴独画礼声与覚観証辞郷釈青験黒点高崎浜柳",
)

# Latin letters with their marks, as they are typed without them: café, São Paulo, Zürich.
MARKED_LETTERS: Final = {
    code: parts[0]
    for code in range(0xC0, 0x250)
    for parts in [unicodedata.normalize("NFKD", chr(code))]
    if parts[0].isascii() and len(parts) > 1 and all(map(unicodedata.combining, parts[1:]))
}
PLAIN: Final = OLD_FORMS | MARKED_LETTERS
TO_BE_PLAIN: Final = re.compile(f"[{''.join(map(chr, PLAIN))}]")

_STEMMER: Final = Stemmer.Stemmer("english", 0)
_STEMMER_LOCK: Final = Lock()


class Kind(Enum):
    WORD = "stemmed word"
    PAIR = "two neighbours in a run"
    LAST = "last character of a longer run"
    LONE = "run of one character"


class Token(NamedTuple):
    """`start` and `end` are the token's place in the folded text."""

    text: str
    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in NFKC, small letters and today's forms; character i of it came from `places[i]` of the original.

    Without `places` it came from the same place.
    """

    text: str
    places: list[tuple[int, int]] | None = None

    def span(self, first: int, last: int) -> tuple[int, int]:
        return (self.places[first][0], self.places[last][1]) if self.places else (first, last + 1)


def fold(text: str) -> Folded:
    # Most texts keep their length, and need no look at each character. (Σ has another small letter at a word's end.)
    small = text.lower()
    if len(small) == len(text) and "Σ" not in text and unicodedata.is_normalized("NFKC", text):
        return Folded(small.translate(PLAIN) if TO_BE_PLAIN.search(small) else small)
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    for cluster in CLUSTER.finditer(text):
        part = _folded_cluster(cluster[0])
        parts.append(part)
        places.extend([cluster.span()] * len(part))
    return Folded("".join(parts), places)


def tokens(text: str) -> list[Token]:
    folded = fold(text).text
    found: list[Token] = []
    for piece in PIECE.finditer(folded):
        if piece.lastgroup == "run":
            found.extend(_run(folded, [at for at in range(*piece.span()) if folded[at] != "・"]))
        else:
            found.append(Token(stem(piece[0]), Kind.WORD, *piece.span()))
    return found


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    with _STEMMER_LOCK:
        stemmed: str = _STEMMER.stemWord(word[:LONGEST])
    return stemmed


@lru_cache(maxsize=20_000)
def _folded_cluster(cluster: str) -> str:
    return unicodedata.normalize("NFKC", cluster).lower().translate(PLAIN)


def _run(folded: str, at: list[int]) -> Iterator[Token]:
    """The pairs of a run and its last character, so that every character begins a token."""
    for first, second in pairwise(at):
        yield Token(marked(folded[first] + folded[second], folded, first, second), Kind.PAIR, first, second + 1)
    yield Token(folded[at[-1]], Kind.LAST if len(at) > 1 else Kind.LONE, at[-1], at[-1] + 1)


def marked(pair: str, text: str, first: int, second: int) -> str:
    """The pair at two places of a text, as another token where it is inside another name."""
    if pair not in WITHIN_OTHER:
        return pair
    before, after = text[max(0, first - 1) : first], text[second + 1 : second + 2]
    is_other = (
        (before and before in OTHER_NAME_AFTER.get(pair, ""))
        or (after and after in OTHER_NAME_BEFORE.get(pair, ""))
        or (pair in OTHER_NAME_INSIDE and ANY_KATAKANA.search(before + after))
    )
    return f"{pair}{OTHER_NAME}" if is_other else pair
