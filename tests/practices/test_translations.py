"""Which translations have drifted: the table of saves, and what is remembered over parts, imports and declarations."""

from typing import Any

import pytest

from practices import translations
from practices.models import Action, GoodPractice, TextPair
from practices.models.desk import texts_of
from practices.translations import Both, OtherLanguage
from tests.factories.practices import PracticeFactory, staff

pytestmark = pytest.mark.django_db
A = Both("Staff were sent.", "職員を派遣した。")


def write(practice: GoodPractice, place: str, text: Both | None) -> None:
    """What a form does to one text; None deletes the part."""
    kind, _line, rest = place.partition("-")
    if not rest:
        practice.summary_en, practice.summary_ja = text or ("", "")
        practice.save()
        return
    number = int(rest.partition("-")[0])
    rows: Any = getattr(practice, kind)
    if text is None:
        rows.filter(number=number).delete()
    else:
        rows.update_or_create(number=number, defaults={"text_en": text.en, "text_ja": text.ja})


def save(practice: GoodPractice, text: Both | None, place: str = "summary") -> None:
    before = translations.places(GoodPractice.objects.get(pk=practice.pk))
    write(practice, place, text)
    translations.note(practice, before=before, after=translations.places(practice))


def drifted(practice: GoodPractice) -> dict[str, str]:
    return {drift.place: drift.language for drift in translations.drifted(practice)}


def stored(practice: GoodPractice) -> dict[str, str]:
    rows = TextPair.objects.filter(practice=practice).exclude(drifted="")
    return dict(rows.values_list("place", "drifted"))


SAVES = {
    "nothing changed": ([A, A], ""),
    "English changed": ([A, A._replace(en="Staff were trained.")], "ja"),
    "Japanese changed": ([A, A._replace(ja="職員を研修に出した。")], "en"),
    "both changed in one save": ([A, Both("Staff were trained.", "職員を研修に出した。")], ""),
    "the translation follows": (
        [A, A._replace(en="Staff were trained."), Both("Staff were trained.", "職員を研修に出した。")],
        "",
    ),
    "the source changes again": ([A, A._replace(en="Staff went."), A._replace(en="Staff were trained.")], "ja"),
    "the source goes back": ([A, A._replace(en="Staff were trained."), A], ""),
    "the source goes back as the translation changes": (
        [A, A._replace(en="Staff were trained."), A._replace(ja="職員を研修に出した。")],
        "",
    ),
    "followed, then Japanese changed": (
        [
            A,
            A._replace(en="Trained."),
            Both("Trained.", "研修に出した。"),
            Both("Trained.", "海外研修に出した。"),
        ],
        "en",
    ),
    "blanks and line ends": ([A, Both("  Staff were\r\n sent. ", "職員を\n派遣した。\n")], ""),
    "width of letters": ([Both("In 2008.", "2008年（H20）。"), Both("In 2008.", "２００８年(H20)。")], ""),
    "one language was missing and still is": ([A._replace(ja=""), Both("Staff were trained.", "")], ""),
    "a missing translation was filled": ([A._replace(ja=""), A, A._replace(en="Staff were trained.")], "ja"),
    "filled after the source changed": ([A, A._replace(ja=""), Both("New.", ""), Both("New.", "新しい。")], ""),
    "emptied in a drift and put back": (
        [A, A._replace(en="New."), Both("New.", ""), A._replace(en="New.")],
        "ja",
    ),
    "a translation was emptied": ([A, A._replace(en="New."), Both("New.", "")], ""),
    "both emptied": ([A, A._replace(en="New."), Both("", "")], ""),
}


@pytest.mark.parametrize("place", ["summary", "actions-1-text"])
@pytest.mark.parametrize(("texts", "language"), SAVES.values(), ids=SAVES)
def test_saves_leave_the_drift_of_the_table(texts: list[Both], language: str, place: str) -> None:
    practice = PracticeFactory(summary_en=texts[0].en, summary_ja=texts[0].ja, actions=[texts[0]])

    for text in texts[1:]:
        save(practice, text, place)

    assert drifted(practice) == stored(practice) == ({place: language} if language else {})


def test_every_column_in_two_languages_is_a_place() -> None:
    practice = PracticeFactory(actions=[("One.", "一"), ("Two.", "二")])
    practice.links.create(number=3, url="https://example.org/", label_en="A link", label_ja="リンク")
    practice.attachments.create(number=1, title_en="A file", title_ja="資料")

    texts = translations.places(practice)

    assert len(texts_of(GoodPractice)) == 11
    assert list(texts)[11:] == [
        *("actions-1-text", "actions-2-text", "effects-1-text", "links-3-label", "attachments-1-title")
    ]
    assert (texts["summary"], texts["actions-2-text"]) == (("What was done.", "行ったこと。"), ("Two.", "二"))


def test_a_drift_tells_the_source_then_and_now() -> None:
    practice = PracticeFactory(summary_en=A.en, summary_ja=A.ja)

    save(practice, A._replace(en="Staff were trained."))
    save(practice, A._replace(en="Staff were trained abroad."))

    (drift,) = translations.drifted(practice)
    assert (drift.label, drift.source_then, drift.source_now) == (
        "概要（日本語）",
        "Staff were sent.",
        "Staff were trained abroad.",
    )


def test_a_deleted_part_has_not_drifted_and_returns_as_it_was() -> None:
    practice, place = PracticeFactory(actions=[A]), "actions-1-text"
    save(practice, A._replace(en="New."), place)

    save(practice, None, place)
    assert drifted(practice) == stored(practice) == {}

    save(practice, A._replace(en="New."), place)
    assert drifted(practice) == stored(practice) == {place: "ja"}


def test_a_new_part_under_a_number_used_before_is_in_step() -> None:
    practice, place = PracticeFactory(actions=[A]), "actions-1-text"
    save(practice, A._replace(en="New."), place)
    save(practice, None, place)

    save(practice, Both("Another.", "別の文。"), place)

    assert drifted(practice) == stored(practice) == {}


def test_a_part_keeps_its_drift_when_others_go_and_come() -> None:
    practice = PracticeFactory(actions=[("One.", "一"), A])
    save(practice, A._replace(en="New."), "actions-2-text")

    save(practice, None, "actions-1-text")
    save(practice, Both("Three.", "三"), "actions-3-text")

    assert drifted(practice) == stored(practice) == {"actions-2-text": "ja"}


def test_stored_and_computed_agree_over_every_chain_of_saves() -> None:
    texts = [A, A._replace(en="Two."), A._replace(ja="二"), Both("Two.", "二"), Both("", A.ja), Both(A.en, "")]
    for first in texts:
        practice = PracticeFactory(summary_en=first.en, summary_ja=first.ja)
        for second in texts:
            for third in texts:
                save(practice, second)
                save(practice, third)
                assert drifted(practice) == stored(practice)


def test_declared_unchanged_is_in_step_until_the_next_change() -> None:
    practice = PracticeFactory(summary_en=A.en, summary_ja=A.ja)
    save(practice, A._replace(en="Staff were sent out."))

    settled = translations.declare_unchanged(practice, chosen=["summary"], by=staff("translator_ja"))
    assert [drift.place for drift in settled] == ["summary"]
    assert drifted(practice) == stored(practice) == {}

    save(practice, A)
    assert drifted(practice) == {"summary": "ja"}


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("translator_en", "draft"),
        ("survey_manager", "draft"),
        ("translator_ja", "in_review"),
        ("curator", "in_review"),
        ("curator", "published"),
    ],
)
def test_declaring_is_refused_where_editing_is(role: str, status: str) -> None:
    practice = PracticeFactory(summary_en=A.en, summary_ja=A.ja)
    save(practice, A._replace(en="New."))
    practice.status = status

    with pytest.raises(OtherLanguage):
        translations.declare_unchanged(practice, chosen=["summary"], by=staff(role))

    assert drifted(practice) == {"summary": "ja"}


def test_noting_costs_two_queries_for_any_number_of_texts(django_assert_num_queries: Any) -> None:
    practice = PracticeFactory()
    one, many = {"title": A}, dict.fromkeys(("title", "summary", "context"), A._replace(en="New."))

    for before, after, queries in ((one, one, 0), ({}, one, 2), (one, many, 2)):
        with django_assert_num_queries(queries):
            translations.note(practice, before=before, after=after)


def test_pairs_of_a_case_go_with_it() -> None:
    practice = PracticeFactory(summary_en=A.en, summary_ja=A.ja)
    save(practice, A._replace(en="New."))

    practice.delete()

    assert (TextPair.objects.count(), Action.objects.count()) == (0, 0)
