from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message
from django.core.management import CommandError, call_command

from sih_portal import catalogue

PAGE = """{% load i18n %}
  <h1>{% translate "Good practices" %}</h1>
 {% blocktranslate count n=n trimmed %}{{ n }} case{% plural %}{{ n }} cases{% endblocktranslate %}
{% include "a.html" with title=_("Themes") only %}
"""
CODE = """
from django.utils.translation import gettext_lazy as _, pgettext_lazy
a = _("status")
b = pgettext_lazy("of a case", "open")
"""


@pytest.fixture
def house(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project of one page and one module, with no catalogue yet."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "practices").mkdir()
    (tmp_path / "practices" / "models.py").write_text(CODE, encoding="utf-8")
    settings.BASE_DIR = tmp_path
    monkeypatch.setattr(catalogue, "PO_FILE", tmp_path / "ja" / "django.po")
    return tmp_path


def translate(texts: dict[str, str]) -> None:
    """Fills in the committed catalogue as a translator would."""
    po = catalogue.PO_FILE.read_text(encoding="utf-8")
    for source, japanese in texts.items():
        for slot in ("msgstr", "msgstr[0]"):
            po = po.replace(f'"{source}"\n{slot} ""', f'"{source}"\n{slot} "{japanese}"')
    catalogue.PO_FILE.write_text(po, encoding="utf-8")


def test_messages_of_code_and_pages_are_found(house: Path) -> None:
    found = {catalogue.key(message) for message in catalogue.messages(catalogue.extracted())}

    assert found == {
        ("Good practices", None),
        (("%(n)s case", "%(n)s cases"), None),
        ("Themes", None),
        ("status", None),
        ("open", "of a case"),
    }


def test_update_keeps_translations_drops_the_obsolete_and_repeats_itself(house: Path) -> None:
    catalogue.update()
    translate({"Good practices": "事例", "status": "状態"})
    (house / "practices" / "models.py").write_text("", encoding="utf-8")

    catalogue.update()
    first = catalogue.PO_FILE.read_bytes()
    catalogue.update()

    assert catalogue.PO_FILE.read_bytes() == first
    assert "事例" in first.decode()
    assert "状態" not in first.decode()


def test_problems_name_each_gap(house: Path) -> None:
    catalogue.update()
    translate({"Good practices": "事例", "Themes": "テーマ", "open": "公開", "%(n)s cases": "%(m)s 件"})
    (house / "practices" / "new.py").write_text('from x import _\n_("a new text")\n', encoding="utf-8")

    assert catalogue.problems() == [
        "not in the catalogue: 'a new text'",
        "not translated: 'status'",
        "placeholders differ: '%(n)s case'",
    ]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (Message("{n} left", "残り {n}"), []),
        (Message("{n} left", "残り"), ["placeholders differ"]),
        (Message(("one case", "%(n)s cases"), ("%(n)s 件",)), []),
        (Message(("one case", "%(n)s cases"), ("",)), ["not translated"]),
        (Message("draft", "下書き", flags=["fuzzy"]), ["marked as fuzzy"]),
    ],
)
def test_flaws_of_a_translation(message: Message, expected: list[str]) -> None:
    assert list(catalogue.flaws(message)) == expected


def test_compiled_catalogue_stands_beside_its_source(house: Path) -> None:
    catalogue.update()

    call_command("catalogue", "compile")

    assert catalogue.PO_FILE.with_suffix(".mo").read_bytes()[:4] == b"\xde\x12\x04\x95"


def test_check_fails_with_the_list_of_gaps(house: Path) -> None:
    call_command("catalogue", "update")

    with pytest.raises(CommandError, match="not translated: 'Themes'"):
        call_command("catalogue", "check")


def test_the_catalogue_of_the_portal_is_complete() -> None:
    assert catalogue.problems() == []


# The verdict on a figure that its own source contradicts is a term of the field, and stands as it is.
@pytest.mark.parametrize(
    ("word", "instead"),
    [
        ("または", "又は"),
        ("SIHポータル", "SIH ポータル"),
        ("その他のテーマ", "関連するテーマ"),
        ("主たる", "主な"),
        ("推進した要因", "促進要因"),
        ("妨げとなった要因", "阻害要因"),
        ("応用可能性", "他機関での活用可能性"),
        ("原資料", "出典"),
    ],
)
def test_one_word_stands_for_one_thing(word: str, instead: str) -> None:
    translated = [text for message in catalogue.messages(catalogue.kept()) for text in catalogue.texts(message.string)]

    assert [text for text in translated if word in text] == []
    assert any(instead in text for text in translated)


# 区分 is the group that an institution belongs to.
def test_sections_of_a_questionnaire_have_a_word_of_their_own() -> None:
    about = [message for message in catalogue.messages(catalogue.kept()) if "section" in str(message.id).casefold()]
    translated = [text for message in about for text in catalogue.texts(message.string)]

    assert [text for text in translated if "区分" in text] == []
    assert any("セクション" in text for text in translated)
