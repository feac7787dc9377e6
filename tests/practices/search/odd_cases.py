"""Made-up cases with what typing, old books and other scripts leave in texts, to stand beside the programme's own."""

from typing import Any, Final

from tests.factories.practices import ThemeFactory, publish
from tests.factories.universities import InstitutionFactory

# Slug -> (title, summary, action, effect), each (English, Japanese).
ODD_CASES: Final[dict[str, list[tuple[str, str]]]] = {
    "odd-half-width": [
        ("Half-width texts (URA)", "ｸﾞﾛｰﾊﾞﾙ･ﾈｯﾄﾜｰｸ"),
        ("An ＥＵ－Japan office", "ﾀﾞﾌﾞﾙ･ﾃﾞｨｸﾞﾘｰのﾘｴｿﾞﾝ･ｵﾌｨｽ、ＵＲＡを配置。ｦｵｸﾉ㌔"),
        ("", "ﾀｲの㈱学振が㍻元年に開設した。"),
        ("", "ﾊﾟｰﾄﾅｰのｶ゛ｸｾｲ"),
    ],
    "odd-old-forms": [
        ("Old forms", "廣島の學藝と慶應の國際交流"),
        ("", "渡邊氏は濱松へ、齋藤氏は臺灣の大學へ。"),
        ("", "經濟學部が獨逸語の圖書を扱う。"),
        ("", "広島の学芸を當時から続ける。"),
    ],
    "odd-marks": [
        ("Iteration marks", "人々の佐々木・〆切・々"),
        ("", "いすゞの金子みすゞ、バナヽ、学問のすゝめ、あゝ、つゞく"),
        ("", "か\u3099くせいの自主的な活動とは\u309aーとなー。ワヷヸ・ヴェール、さーびす残業ーー"),
        ("", "𠮷野家の𠮷田、髙橋、﨑山、神\ufa19社、禰󠄀宜"),
    ],
    "odd-dots": [
        ("Dots", "ダブル・ディグリー・プログラム"),
        ("", "国際部・国際課・ア・イ・ウ、タイ・メキシコ、東京・京都"),
        ("", "ダブルディグリーと国際部国際課。・先頭のアイ・"),
        ("", "インド・インドネシア・タイ王国・スタイル・タイ"),
    ],
    "odd-places": [
        ("Places", "東京都と京都、東北大学と北大"),
        ("", "北京大学、南京大学、東京大学、台北大学、京大"),
        ("", "タイムリーなインドネシア語のスタイル、ムエタイ、タイタイ"),
        ("", "東京都大会、東大北京大京都、インドネ"),
    ],
    "odd-scripts": [
        ("Ünïcödé café naïve, e\u0301te\u0301 and İstanbul", "拠点Mexico拠点5つ"),
        ("Москва Ελλάς ΟΔΟΣ עברית العربية ภาษาไทย", "한국 서울대학교と中国の国际交流😀🇯🇵👨\u200d👩\u200d👧"),
        ("It's O'Neil; 100% of C:\\temp_dir *a* \"b\" a&b|!c <-> d:* NEAR(e f)", "100%の達成_率、C:\\temp、It's"),
        ("zero\u200bwidth soft\u00adhyphen ﬁnance ½ x² 𝔘𝔫𝔦", "ゼロ\u200b幅の空白\ufeff、①②③、Ⅳ章"),
    ],
}


def publish_odd_cases() -> None:
    theme, institution = ThemeFactory(), InstitutionFactory(name_ja="架空学園", name_en="Made-up College", slug="odd")
    for slug, ((title_en, title_ja), (summary_en, summary_ja), action, effect) in ODD_CASES.items():
        texts: dict[str, Any] = {
            "title_en": title_en,
            "title_ja": title_ja,
            "summary_en": summary_en,
            "summary_ja": summary_ja,
            "actions": [action],
            "effects": [effect],
        }
        publish(slug=slug, theme=theme, institution=institution, **texts)
