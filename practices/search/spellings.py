"""Other ways to write a typed word that mean the same: looked for beside the word itself.

Old forms of characters are folded in texts and words alike (`tokens`); here is what only a query may take freely, for
in texts たい and タイ are different words.
"""

import re
from collections.abc import Iterator
from functools import partial
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
# Words of offices that are written with all their endings in kana, without the inner one, or without any: 取り組み,
# 取組み and 取組.
WITH_ENDINGS: Final = """
受け入れ 受け付け 取り組み 取り扱い 打ち合わせ 問い合わせ 組み合わせ 組み入れ 申し込み 申し入れ 申し出
引き継ぎ 引き受け 引き上げ 割り当て 割り振り 見積もり 立ち上げ 締め切り 貸し出し 切り替え 繰り返し 振り替え
支払い 手続き 枠組み 仕組み 裏付け 書き込み
"""
ENDING: Final = re.compile(f"[{HIRAGANA}]+")
INNER_ENDING: Final = re.compile(f"[{HIRAGANA}]+(?![{HIRAGANA}]|$)")
WRITTEN: Final = {
    spelling: ways
    for full in WITH_ENDINGS.split()
    for ways in [tuple(dict.fromkeys((full, INNER_ENDING.sub("", full), ENDING.sub("", full))))]
    for spelling in ways
}
# The longest first: 取組み is 取組 as well.
ANY_ENDINGS: Final = re.compile("|".join(sorted(WRITTEN, key=len, reverse=True)))
ENDS_SO: Final = re.compile(f"(?:{ANY_ENDINGS.pattern})$")
LAST_ENDING: Final = re.compile(f"[{HIRAGANA}]+$")
DOTTED: Final = re.compile(r"[a-z]{1,2}(?:\.[a-z])+\.?", re.IGNORECASE)
WITH_DOTS: Final = {name.replace(".", "").lower(): name for name in ("U.S.", "U.S.A.", "U.K.", "E.U.", "U.N.", "Ph.D.")}


def spellings_of(text: str) -> list[str]:
    """Without the word itself: メキシコ for めきしこ, イェール for イエール, 受入体制 for 受け入れ体制, U.S. for US."""
    word = fold(text).text
    if ALL_HIRAGANA.fullmatch(word):
        word = word.translate(TO_KATAKANA)
        return [word, *_katakana(word)]
    if ALL_KATAKANA.fullmatch(word):
        return list(_katakana(word))
    if DOTTED.fullmatch(word):
        return [word.replace(".", "")]
    return [WITH_DOTS[word]] if word in WITH_DOTS else _with_other_endings(word)


def without_vu(word: str) -> str:
    """The word in the row of バ: バイオリン for ヴァイオリン."""
    for vu, row in VU.items():
        word = word.replace(vu, row)
    return word


def _with_other_endings(word: str) -> list[str]:
    """All such words of it in full, then without their inner endings, then without any.

    Where it ends with one, the last ending is left away, so that verbs are met as well: 取り組 stands in 取り組む.
    """
    ways = [ANY_ENDINGS.sub(partial(_written, most), word) for most in (1, 2, 3)]
    if ENDS_SO.search(word):
        ways = [LAST_ENDING.sub("", way) for way in ways]
    return [spelling for spelling in dict.fromkeys(ways) if spelling != word]


def _written(most: int, found: re.Match[str]) -> str:
    return WRITTEN[found[0]][:most][-1]


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
