"""Other ways to write a typed word that mean the same: looked for beside the word itself.

Old forms of characters are folded in texts and words alike (`tokens`); here is what only a query may take freely, for
in texts たい and タイ are different words.
"""

import re
from collections.abc import Iterator
from typing import Final

from .tokens import HIRAGANA, KATAKANA, fold

# From here on a word in hiragana is no particle or ending.
SHORTEST: Final = 3
ALL_HIRAGANA: Final = re.compile(f"[{HIRAGANA}ー]{{{SHORTEST},}}")
ALL_KATAKANA: Final = re.compile(f"[{KATAKANA}・]{{{SHORTEST},}}")
TO_KATAKANA: Final = {code: code + 0x60 for code in range(0x3041, 0x3097)}
# Sounds that are written with a small vowel or a large one: ウェ and ウエ; and with ヴ or a letter of the row of バ.
SMALL: Final = str.maketrans("ァィゥェォ", "アイウエオ")
LARGE: Final = re.compile("(?<=[ウフツクヴ])[アイエオ]|(?<=[テデ])[イユ]|(?<=[シチジイ])エ|(?<=[トド])ウ")
TO_SMALL: Final = str.maketrans("アイウエオユ", "ァィゥェォュ")
VU: Final = {"ヴァ": "バ", "ヴィ": "ビ", "ヴェ": "ベ", "ヴォ": "ボ", "ヴ": "ブ"}


def spellings_of(text: str) -> list[str]:
    """Without the word itself: メキシコ for めきしこ, コンピュータ for コンピューター, イェール for イエール."""
    word = fold(text).text
    if ALL_HIRAGANA.fullmatch(word):
        word = word.translate(TO_KATAKANA)
        return [word, *_katakana(word)]
    return list(_katakana(word)) if ALL_KATAKANA.fullmatch(word) else []


def without_vu(word: str) -> str:
    """The word in the row of バ: バイオリン for ヴァイオリン."""
    for vu, row in VU.items():
        word = word.replace(vu, row)
    return word


def _katakana(word: str) -> Iterator[str]:
    """Each once: with and without a long last vowel, with small vowels and large ones, without ヴ."""
    large = LARGE.sub(lambda found: found[0].translate(TO_SMALL), word)
    vowels = (word, word.translate(SMALL), large, without_vu(word))
    found = {spelling for one in vowels for spelling in (one, _with_other_end(one))}
    yield from sorted(found - {word})


def _with_other_end(word: str) -> str:
    if not word.endswith("ー"):
        return f"{word}ー"
    return word[:-1] if len(word) > SHORTEST else word
