"""Two people at one case: nobody's save is lost, and no text that was typed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection
from django.test import Client

from practices.workflow import Steps, take
from tests.factories.practices import A_MOMENT, PracticeFactory, ThemeFactory, publish, staff
from tests.practices.desk import change_page, filled, looked_at, opened, step_page, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(client: Client) -> Client:
    client.force_login(staff("curator"))
    return client


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
