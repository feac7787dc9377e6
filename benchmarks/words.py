"""The words of the made-up cases: terms with a share of the cases each, and a long tail of words nobody asks for."""

from itertools import product
from typing import Final

# Term -> the share of the cases that have it. Queries so hit from a thousandth of the cases to nearly all.
ENGLISH: Final = {
    "university": 0.94,
    "international": 0.80,
    "students": 0.60,
    "exchange": 0.37,
    "headquarters": 0.30,
    "agreement": 0.24,
    "scholarship": 0.15,
    "staff training": 0.13,
    "overseas office": 0.10,
    "joint degree": 0.06,
    "dormitory": 0.05,
    "alumni network": 0.03,
    "risk management": 0.02,
    "summer school": 0.02,
    "immigration": 0.01,
    "telemedicine": 0.005,
    "quarantine": 0.001,
}
JAPANESE: Final = {
    "国際": 0.85,
    "大学": 0.80,
    "グローバル": 0.55,
    "留学": 0.30,
    "職員": 0.25,
    "協定": 0.22,
    "留学生": 0.20,
    "単位": 0.16,
    "国際交流協定": 0.14,
    "東京都": 0.12,
    "奨学金": 0.12,
    "海外拠点": 0.10,
    "京都": 0.08,
    "外国人研究者": 0.08,
    "危機管理": 0.05,
    "ダブル・ディグリー": 0.04,
    "同窓会": 0.03,
    "学生宿舎": 0.03,
    "遠隔講義": 0.01,
    "在留資格": 0.005,
    "防疫体制": 0.001,
}
# As offices type them: wide Latin letters, narrow katakana. They are found by their usual spelling.
ODDITIES: Final = {"ＵＲＡ": 0.04, "ｸﾞﾛｰﾊﾞﾙ人材": 0.05, "ＦＤ研修": 0.03, "ｶﾞｲﾄﾞﾗｲﾝ": 0.02, "第２期": 0.05}

FREQUENT: Final = (
    "the of and to in for a on with by from as at an is was were its their which that this each all new more has "
    "have been after before during through between within under over into also where when who two three first "
    "office programme research education support faculty system plan project course year committee member centre "
    "partner group result report meeting activity service language region network policy information"
)
ONSETS: Final = ("b", "br", "c", "cl", "d", "f", "g", "gr", "h", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "v")
NUCLEI: Final = ("a", "e", "i", "o", "u", "ai", "ea", "io")
CODAS: Final = ("l", "m", "n", "r", "s", "ct", "nd", "rt", "ve", "tion")

JAPANESE_FREQUENT: Final = (
    "教育 研究 支援 学生 教員 組織 体制 整備 推進 戦略 本部 事務 連携 交流 計画 事業 実施 "
    "設置 評価 情報 制度 活動 機能 業務 担当 共同 派遣 受入 開催 分野 人材 育成 課題 改善 "
    "全学 部局 学長 会議 委員会 専門 地域 英語 科目 授業 学部 大学院 期間 向上 充実 強化 促進 "
    "導入 作成 提供 窓口 相談 説明会 報告書"
)
JAPANESE_KANJI: Final = (
    "安案位育印円演応加果河賀改械害街各覚完官管関観願希季旗器機議求泣給挙漁協鏡競極訓軍郡群径景芸欠結建"
)
KATAKANA: Final = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロ"
JOINTS: Final = (
    "の",
    "を",
    "に",
    "と",
    "が",
    "は",
    "で",
    "や",
    "による",
    "における",
    "として",
    "のため、",
    "するとともに、",
    "し、",
)
ENDINGS: Final = ("した。", "を行った。", "を進めている。", "することとした。", "が可能となった。", "に努めている。")


def english_tail() -> list[str]:
    """Some 27,000 words that sound English and mean nothing, those made of fewer syllables first."""
    one = ["".join(parts) for parts in product(ONSETS, NUCLEI, CODAS)]
    syllables = ["".join(parts) for parts in product(ONSETS, ("a", "e", "i", "o"))]
    two = ["".join(parts) for parts in product(syllables, one[::5])]
    return one + two


def japanese_tail() -> list[str]:
    """Some 4,000 compounds of two kanji or four katakana."""
    pairs = ["".join(parts) for parts in product(JAPANESE_KANJI, repeat=2)]
    foreign = ["".join(parts) for parts in product(KATAKANA[::4], KATAKANA[1::5], "ーン", KATAKANA[2::5])]
    return pairs + foreign
