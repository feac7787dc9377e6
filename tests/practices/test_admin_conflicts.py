"""Two people at one case: nobody's save is lost, and no text that was typed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from practices.workflow import Steps, take
from tests.factories.practices import A_MOMENT, PracticeFactory, ThemeFactory, publish, staff
from tests.practices.desk import change_page, filled, looked_at, opened, step_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(client: Client) -> Client:
    client.force_login(staff("curator"))
    return client


@pytest.fixture
def translator() -> Client:
    client = Client()
    client.force_login(staff("translator_en"))
    return client


def three_actions() -> Any:
    return PracticeFactory(actions=[("One.", "一"), ("Two.", "二"), ("Three.", "三")])


def told(response: Any, whose: str) -> list[tuple[str, str, str]]:
    """Label, stored and typed text of the differences that the page shows."""
    return [(row.label, row.theirs, row.yours) for row in getattr(response.context["clash"], whose)]


def test_text_of_a_part_deleted_meanwhile_comes_back_as_a_new_part(curator: Client) -> None:
    practice = three_actions()
    mine = opened(curator, practice, actions__1__text_ja="書き直した二", actions__2__text_ja="書き直した三")
    curator.post(change_page(practice), opened(curator, practice, actions__1__DELETE="on"))

    response = curator.post(change_page(practice), mine)

    assert response.status_code == 409
    assert told(response, "both") == [("取組2", "", "書き直した二\nTwo.")]
    assert told(response, "yours") == [("取組3：本文（日本語）", "三", "書き直した三")]
    assert curator.post(change_page(practice), filled(response)).status_code == 302
    rows = practice.actions.order_by("position").values_list("number", "position", "text_ja")
    assert list(rows) == [(1, 1, "一"), (4, 2, "書き直した二"), (3, 3, "書き直した三")]


def test_a_part_that_came_back_can_be_left_deleted(curator: Client) -> None:
    practice = three_actions()
    mine = opened(curator, practice, actions__1__text_ja="書き直した二")
    curator.post(change_page(practice), opened(curator, practice, actions__1__DELETE="on"))

    response = curator.post(change_page(practice), mine)
    left = dict.fromkeys(("actions-2-text_ja", "actions-2-text_en"), "")

    assert filled(response)["actions-2-text_ja"] == "書き直した二"
    assert curator.post(change_page(practice), filled(response) | left).status_code == 302
    assert list(practice.actions.order_by("position").values_list("number", flat=True)) == [1, 3]


def test_a_part_that_others_deleted_and_nobody_wrote_in_stays_deleted(curator: Client) -> None:
    practice = three_actions()
    mine = opened(curator, practice, title_ja="私の題名")
    curator.post(change_page(practice), opened(curator, practice, actions__1__DELETE="on"))

    response = curator.post(change_page(practice), mine)

    assert told(response, "theirs") == [("取組2", "", "二\nTwo.")]
    assert curator.post(change_page(practice), filled(response)).status_code == 302
    assert list(practice.actions.order_by("position").values_list("number", flat=True)) == [1, 3]


def test_a_part_that_both_deleted_stays_deleted(curator: Client) -> None:
    practice = three_actions()
    mine = opened(curator, practice, actions__1__DELETE="on", actions__3__text_ja="四")
    practice.actions.get(number=2).delete()

    response = curator.post(change_page(practice), mine)

    assert response.status_code == 302
    assert list(practice.actions.order_by("position").values_list("text_ja", flat=True)) == ["一", "三", "四"]


def test_text_of_all_parts_deleted_meanwhile_comes_back(curator: Client) -> None:
    practice = PracticeFactory()
    mine = opened(curator, practice, actions__0__text_ja="前の文", actions__1__text_ja="新しい文")
    practice.actions.all().delete()

    response = curator.post(change_page(practice), mine)
    curator.post(change_page(practice), filled(response))

    assert list(practice.actions.order_by("position").values_list("text_ja", flat=True)) == ["前の文", "新しい文"]


def test_what_a_translator_typed_into_a_deleted_part_is_shown(curator: Client, translator: Client) -> None:
    practice = three_actions()
    mine = opened(translator, practice, actions__1__text_en="Not to be lost.", title_en="A title to keep")
    curator.post(change_page(practice), opened(curator, practice, actions__1__DELETE="on"))

    response = translator.post(change_page(practice), mine)

    assert response.status_code == 409
    assert told(response, "yours") == [("題名（英語）", "Case 0", "A title to keep")]
    assert told(response, "both") == [("取組2", "", "Not to be lost.")]
    assert translator.post(change_page(practice), opened(translator, practice)).status_code == 302


def test_the_second_of_two_forms_is_refused_and_keeps_its_text(curator: Client) -> None:
    practice = PracticeFactory()
    mine, theirs = opened(curator, practice, title_ja="私の題名"), opened(curator, practice, title_ja="別の題名")
    curator.post(change_page(practice), theirs)

    response = curator.post(change_page(practice), mine)

    practice.refresh_from_db()
    again = filled(response)
    assert (response.status_code, practice.title_ja) == (409, "別の題名")
    assert (again["title_ja"], again["seen"]) == ("私の題名", "1")
    assert curator.post(change_page(practice), again).status_code == 302


def test_what_only_others_changed_is_taken_over(curator: Client) -> None:
    practice, theme = PracticeFactory(), ThemeFactory()
    mine = opened(curator, practice, title_ja="私の題名")
    theirs = {"summary_ja": "別の要約", "review_by": "2030-04-01", "themes": [theme.pk]}
    curator.post(change_page(practice), opened(curator, practice) | theirs)

    response = curator.post(change_page(practice), mine)
    curator.post(change_page(practice), filled(response))

    practice.refresh_from_db()
    assert [row[0] for row in told(response, "theirs")] == ["概要（日本語）", "見直し期限", "関連するテーマ"]
    assert (practice.title_ja, practice.summary_ja, practice.review_by) == ("私の題名", "別の要約", date(2030, 4, 1))
    assert list(practice.themes.all()) == [theme]


def test_a_choice_of_none_is_taken_for_one(curator: Client) -> None:
    practice = PracticeFactory(themes=[ThemeFactory()])
    mine = opened(curator, practice)
    mine.pop("themes")
    curator.post(change_page(practice), opened(curator, practice, title_ja="別の題名"))

    response = curator.post(change_page(practice), mine)
    curator.post(change_page(practice), filled(response))

    assert [row[0] for row in told(response, "yours")] == ["関連するテーマ"]
    assert not practice.themes.exists()


def test_the_stored_text_is_taken_where_it_was_ticked(curator: Client) -> None:
    practice = PracticeFactory()
    texts = {"title_ja": "私の題名", "summary_ja": "私の要約", "actions__0__text_ja": "私の取組"}
    mine = opened(curator, practice, **texts)
    others = {name: text.replace("私", "別") for name, text in texts.items()}
    curator.post(change_page(practice), opened(curator, practice, **others))

    response = curator.post(change_page(practice), mine)
    rows = response.context["clash"].both
    takes = [row.take for row in rows if row.name != "summary_ja"]
    curator.post(change_page(practice), filled(response) | {"take": takes})

    practice.refresh_from_db()
    assert [row.name for row in rows] == ["title_ja", "summary_ja", "actions-0-text_ja"]
    assert (practice.title_ja, practice.summary_ja) == ("別の題名", "私の要約")
    assert practice.actions.get().text_ja == "別の取組"


def test_a_text_that_was_given_up_and_typed_in_is_asked_for_again(curator: Client) -> None:
    practice = PracticeFactory()
    mine = opened(curator, practice, title_ja="私の題名")
    curator.post(change_page(practice), opened(curator, practice, title_ja="別の題名"))

    response = curator.post(change_page(practice), mine)
    take = {"take": response.context["clash"].both[0].take, "title_ja": "もっと良い題名"}
    response = curator.post(change_page(practice), filled(response) | take)

    assert (response.status_code, filled(response)["title_ja"]) == (409, "もっと良い題名")
    assert told(response, "both") == [("題名（日本語）", "別の題名", "もっと良い題名")]
    assert curator.post(change_page(practice), filled(response)).status_code == 302


def test_a_choice_is_asked_for_again_when_the_stored_text_changed_again(curator: Client) -> None:
    practice = PracticeFactory()
    mine = opened(curator, practice, title_ja="私の題名")
    curator.post(change_page(practice), opened(curator, practice, title_ja="別の題名"))
    response = curator.post(change_page(practice), mine)
    take = {"take": response.context["clash"].both[0].take}
    curator.post(change_page(practice), opened(curator, practice, title_ja="第三の題名"))

    again = curator.post(change_page(practice), filled(response) | take)

    assert told(again, "both") == [("題名（日本語）", "第三の題名", "私の題名")]


def test_a_part_added_by_others_stands_in_the_form(curator: Client) -> None:
    practice = PracticeFactory()
    mine = opened(curator, practice, actions__1__text_ja="私の取組")
    curator.post(change_page(practice), opened(curator, practice, actions__1__text_ja="別の取組"))

    response = curator.post(change_page(practice), mine)
    curator.post(change_page(practice), filled(response))

    assert told(response, "theirs") == [("取組2", "別の取組", "")]
    assert told(response, "yours") == [("取組", "", "私の取組")]
    rows = practice.actions.order_by("position").values_list("number", "text_ja")
    assert list(rows) == [(1, "行動した。"), (2, "別の取組"), (3, "私の取組")]


def test_a_changed_part_is_deleted_only_knowingly(curator: Client) -> None:
    practice = three_actions()
    mine = opened(curator, practice, actions__0__DELETE="on", actions__1__DELETE="on")
    curator.post(change_page(practice), opened(curator, practice, actions__1__text_ja="書き直した二"))

    response = curator.post(change_page(practice), mine)
    curator.post(change_page(practice), filled(response))

    assert [row[0] for row in told(response, "both")] == ["取組2"]
    assert told(response, "yours") == [("取組1", "一\nOne.", "")]
    assert list(practice.actions.order_by("position").values_list("text_ja", flat=True)) == ["書き直した二", "三"]


@pytest.mark.parametrize(
    ("theirs", "mine", "whose", "expected"),
    [
        ({"actions__2__position": "1"}, {}, "theirs", ["三", "一", "二"]),
        ({"title_en": "Other"}, {"actions__2__position": "1"}, "yours", ["三", "一", "二"]),
        ({"actions__2__position": "1"}, {"actions__0__position": "2"}, "both", ["二", "一", "三"]),
    ],
)
def test_the_order_of_parts_is_merged(
    curator: Client, theirs: dict[str, str], mine: dict[str, str], whose: str, expected: list[str]
) -> None:
    practice = three_actions()
    form = opened(curator, practice, **mine)
    curator.post(change_page(practice), opened(curator, practice, **theirs))

    response = curator.post(change_page(practice), form)
    curator.post(change_page(practice), filled(response))

    assert [row[0] for row in told(response, whose)] == ["取組：並び順"]
    assert list(practice.actions.order_by("position").values_list("text_ja", flat=True)) == expected


def test_a_page_of_unknown_making_leaves_every_choice_to_the_person(curator: Client) -> None:
    practice = PracticeFactory()
    mine = opened(curator, practice, title_ja="私の題名", made_from="forged")
    curator.post(change_page(practice), opened(curator, practice, summary_ja="別の要約"))

    response = curator.post(change_page(practice), mine)

    assert [row[0] for row in told(response, "both")] == ["題名（日本語）", "概要（日本語）"]
    assert filled(response)["summary_ja"] == "行ったこと。"


def test_the_page_names_who_was_first(curator: Client) -> None:
    practice, other = PracticeFactory(), Client()
    colleague = staff("curator")
    colleague.last_name, colleague.first_name = "山田", "花子"
    colleague.save()
    other.force_login(colleague)
    mine = opened(curator, practice, title_ja="私の題名")
    other.post(change_page(practice), opened(other, practice, title_ja="別の題名"))

    response = curator.post(change_page(practice), mine)

    assert response.context["clash"].change.by == colleague
    assert "山田 花子" in response.content.decode()


def test_the_words_that_differ_are_marked(curator: Client) -> None:
    practice = PracticeFactory(summary_en="The office was opened in London.")
    mine = opened(curator, practice, summary_en="The office was opened in Paris.")
    theirs = opened(curator, practice, summary_en="The office was opened in Rome.")
    curator.post(change_page(practice), theirs)

    page = curator.post(change_page(practice), mine).content.decode()

    assert "The office was opened in <mark>Rome</mark>." in page
    assert "The office was opened in <mark>Paris</mark>." in page


@pytest.mark.parametrize("kind", ["actions", "effects"])
def test_a_change_of_a_part_alone_conflicts(curator: Client, kind: str) -> None:
    practice = PracticeFactory()
    mine = opened(curator, practice, **{f"{kind}__0__text_ja": "私の文"})
    curator.post(change_page(practice), opened(curator, practice, **{f"{kind}__0__text_ja": "別の文"}))

    response = curator.post(change_page(practice), mine)

    assert response.status_code == 409
    assert getattr(practice, kind).get().text_ja == "別の文"


@pytest.mark.parametrize("seen", ["", "x", "-1", "99", str(10**30)])
def test_a_forged_count_of_edits_is_a_conflict(curator: Client, seen: str) -> None:
    practice = PracticeFactory()

    response = curator.post(change_page(practice), opened(curator, practice, seen=seen, title_ja="別の題名"))

    practice.refresh_from_db()
    assert (response.status_code, practice.edits) == (409, 0)


def test_text_typed_while_the_case_was_submitted_is_shown(curator: Client) -> None:
    practice = PracticeFactory()
    form = opened(curator, practice, title_ja="失いたくない題名", actions__0__text_en="Not to be lost.")
    take(Steps.SUBMIT, practice=practice, by=staff("curator"), at=A_MOMENT)

    response = curator.post(change_page(practice), form)

    assert response.status_code == 409
    assert [row[2] for row in told(response, "yours")] == ["失いたくない題名", "Not to be lost."]
    assert "失いたくない題名" in response.content.decode()


def test_a_part_deleted_by_somebody_else_is_no_server_error(curator: Client) -> None:
    practice = PracticeFactory()
    form = opened(curator, practice, title_ja="私の題名")
    practice.actions.all().delete()

    response = curator.post(change_page(practice), form)

    assert response.status_code == 200
    assert filled(response)["title_ja"] == "私の題名"


def test_a_step_on_an_outdated_page_is_taken_only_knowingly(curator: Client) -> None:
    edition, publisher = publish(), Client()
    practice = edition.draft
    publisher.force_login(staff("publisher"))
    page = filled(publisher.get(change_page(practice))) | {"note": "役目を終えた。"}
    curator.post(step_page(practice, "revise"), looked_at(practice))
    curator.post(change_page(practice), opened(curator, practice, title_ja="別の題名"))

    response = publisher.post(step_page(practice, "archive"), page)

    practice.refresh_from_db()
    assert (response.status_code, practice.status) == (409, "draft")
    assert [(row.label, row.theirs) for row in response.context["clash"].differences] == [
        ("題名（日本語）", "別の題名")
    ]
    assert response.context["note_form"]["note"].value() == "役目を終えた。"
    again = response.context["marks"] | {"note": "役目を終えた。"}
    assert publisher.post(step_page(practice, "archive"), again).status_code == 302


def test_a_case_edited_in_review_is_published_only_after_reading(curator: Client) -> None:
    practice = PracticeFactory()
    take(Steps.SUBMIT, practice=practice, by=staff("curator"), at=A_MOMENT)
    mine, other = Client(), Client()
    for client in (mine, other):
        client.force_login(staff("publisher"))
    page = opened(mine, practice, _step="publish")
    other.post(change_page(practice), opened(other, practice, title_ja="別の題名"))

    response = mine.post(change_page(practice), page)

    assert response.status_code == 409
    assert told(response, "theirs")[0][1] == "別の題名"
    assert not practice.editions.exists()


def test_of_two_saves_at_once_one_wins(transactional_db: None) -> None:
    practice, user = PracticeFactory(), staff("curator")
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(user)
    forms = [opened(client, practice, title_ja=f"第{number}案") for number, client in enumerate(clients)]

    def save(number: int) -> int:
        try:
            return clients[number].post(change_page(practice), forms[number]).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(save, (0, 1)))

    practice.refresh_from_db()
    assert (statuses, practice.edits) == ([302, 409], 1)


def test_a_conflict_alone_is_not_called_an_error_below(curator: Client) -> None:
    practice = PracticeFactory()
    form = opened(curator, practice, title_en="Mine")
    curator.post(change_page(practice), opened(curator, practice, title_en="Theirs"))

    alone = curator.post(change_page(practice), form)
    with_another = curator.post(change_page(practice), form | {"slug": ""})

    assert [(page.status_code, "errornote" in page.content.decode()) for page in (alone, with_another)] == [
        (409, False),
        (409, True),
    ]
