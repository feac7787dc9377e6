"""The first page of the office: what each role is shown, the links behind the counts, a constant number of queries."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from practices import desk, translations
from practices.admin.index import HEADINGS
from practices.models import GoodPractice
from practices.workflow import Steps, take
from tests.factories.practices import (
    A_MOMENT,
    PracticeFactory,
    ProgrammeActionFactory,
    ThemeFactory,
    archive,
    publish,
    staff,
)
from tests.factories.staff import StaffFactory
from tests.practices.desk import LIST

pytestmark = pytest.mark.django_db
INDEX = "/admin/"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def index(*roles: str) -> Any:
    return client_of(staff(*roles)).get(INDEX)


def drift(practice: GoodPractice, **changes: str) -> None:
    before = translations.places(practice)
    GoodPractice.objects.filter(pk=practice.pk).update(**changes)
    practice.refresh_from_db()
    translations.note(practice, before=before, after=translations.places(practice))


def in_status(status: str, **fields: Any) -> GoodPractice:
    practice: GoodPractice = PracticeFactory(**fields)
    for step in {"in_review": [Steps.SUBMIT], "changes_requested": [Steps.SUBMIT, Steps.REQUEST_CHANGES]}[status]:
        practice = take(step, practice=practice, by=staff("curator", "publisher"), at=A_MOMENT, note="効果を補う")
    return practice


def shown(queues: list[desk.Queue]) -> dict[str, tuple[int, list[str]]]:
    return {queue.name: (queue.count, [case.slug for case in queue.cases]) for queue in queues}


def test_a_curator_finds_own_cases_first() -> None:
    me = staff("curator")
    in_status("changes_requested", slug="theirs")
    in_status("changes_requested", slug="mine", owner=me)
    in_status("in_review", slug="reviewed")
    PracticeFactory(slug="a-draft")
    PracticeFactory(slug="my-draft", owner=me)
    publish(slug="public")

    assert shown(desk.my_work(me)) == {
        "changes_requested": (2, ["mine", "theirs"]),
        "drafts": (2, ["my-draft", "a-draft"]),
    }


def test_a_publisher_finds_what_waits_longest_first() -> None:
    for days, slug in enumerate(("c-first", "b-second", "a-third")):
        practice = PracticeFactory(slug=slug)
        take(Steps.SUBMIT, practice=practice, by=staff("curator"), at=A_MOMENT + timedelta(days=days))
    PracticeFactory()

    assert shown(desk.my_work(staff("publisher"))) == {"in_review": (3, ["c-first", "b-second", "a-third"])}


def test_a_translator_finds_own_language_in_open_cases() -> None:
    drift(PracticeFactory(slug="drifted"), title_en="New")
    drift(PracticeFactory(slug="other"), title_ja="新")
    PracticeFactory(slug="missing", summary_ja="")
    PracticeFactory(slug="part", actions=[("Only English.", "")])
    closed = PracticeFactory(slug="closed", summary_ja="")
    drift(closed, title_en="New")
    publish(closed)

    assert shown(desk.my_work(staff("translator_ja"))) == {
        "my_drifted_ja": (1, ["drifted"]),
        "my_missing_ja": (2, ["missing", "part"]),
    }


@pytest.mark.parametrize(
    ("roles", "queues"),
    [
        (["survey_manager"], []),
        (["translator_en"], ["my_drifted_en", "my_missing_en"]),
        (["publisher", "translator_ja"], ["in_review", "my_drifted_ja", "my_missing_ja"]),
        (["curator", "publisher"], ["changes_requested", "drafts", "in_review"]),
    ],
)
def test_work_is_that_of_the_roles(roles: list[str], queues: list[str]) -> None:
    assert list(shown(desk.my_work(staff(*roles)))) == queues


def test_a_superuser_without_a_role_finds_the_work_of_all() -> None:
    page = client_of(StaffFactory(is_superuser=True)).get(INDEX)

    assert len(page.context["desk"]["work"]) == 7
    assert page.status_code == 200


def test_staff_without_a_role_are_shown_no_desk() -> None:
    PracticeFactory(title_ja="秘密の題名")

    page = client_of(StaffFactory()).get(INDEX)

    assert (page.status_code, page.context["desk"]) == (200, None)
    assert "秘密の題名" not in page.content.decode()


def test_care_is_what_the_data_says() -> None:
    today = date(2026, 4, 2)
    drift(PracticeFactory(slug="d-ja"), title_en="New")
    drift(PracticeFactory(slug="d-en"), title_ja="新")
    PracticeFactory(slug="m-ja", title_ja="")
    PracticeFactory(slug="m-en", effects=[("", "日本語だけ")])
    PracticeFactory(slug="late", review_by=date(2026, 4, 1))
    PracticeFactory(slug="due", review_by=today)
    publish(slug="unconfirmed")
    publish(slug="confirmed", confirmed_on=today)
    rested = PracticeFactory(slug="archived", review_by=date(2020, 1, 1), summary_ja="")
    drift(rested, title_en="New")
    archive(publish(rested))

    assert shown(desk.needs_care(today=today)) == {
        "drifted_ja": (1, ["d-ja"]),
        "drifted_en": (1, ["d-en"]),
        "missing_ja": (1, ["m-ja"]),
        "missing_en": (1, ["m-en"]),
        "review": (1, ["late"]),
        "confirm": (1, ["unconfirmed"]),
    }


def test_a_queue_shows_five_and_counts_all() -> None:
    PracticeFactory.create_batch(7)

    drafts = desk.my_work(staff("curator"))[1]

    assert (drafts.count, len(drafts.cases)) == (7, 5)


def test_coverage_counts_public_cases_and_names_empty_cells() -> None:
    theme, other = ThemeFactory(number=101), ThemeFactory(number=102)
    ProgrammeActionFactory(theme=ThemeFactory(number=110))
    publish(theme=theme, institution__kind="national")
    publish(theme=theme, institution__kind="national")
    publish(theme=other, institution__kind="private")
    PracticeFactory(theme=other, institution__kind="public")
    archive(publish(theme=other, institution__kind="public"))

    table = desk.coverage()

    assert [(row.theme.number, [cell.count for cell in row.cells], row.count) for row in table.rows] == [
        (101, [2, 0, 0, 0], 2),
        (102, [0, 0, 1, 0], 1),
    ]
    assert ([cell.count for cell in table.totals], table.count, table.empty) == ([2, 0, 1, 0], 3, 6)
    page = index("curator").content.decode()
    assert page.count('<span class="desk-none">なし</span>') == 6
    assert "事例のない組合せは6通りです。" in page


def test_a_case_under_revision_is_covered_as_it_is_public() -> None:
    edition = publish()
    take(Steps.REVISE, practice=edition.draft, by=staff("curator"), at=A_MOMENT)
    GoodPractice.objects.update(theme=ThemeFactory())

    assert [row.count for row in desk.coverage().rows] == [1, 0]


def test_last_steps_come_newest_first_with_who_and_why() -> None:
    practice = in_status("changes_requested", title_ja="差し戻された題名")

    steps = desk.last_steps()
    page = index("translator_en").content.decode()

    assert [row.transition.step for row in steps] == ["request_changes", "submit"]
    assert (steps[0].transition.practice, steps[0].transition.note) == (practice, "効果を補う")
    assert all(text in page for text in ("差し戻された題名", "効果を補う", steps[0].transition.by.username))


def test_only_the_ten_latest_steps_are_shown() -> None:
    for _number in range(6):
        in_status("changes_requested")

    assert len(desk.last_steps()) == 10


def test_every_count_leads_to_a_list_of_as_many(loaded_source: None) -> None:
    drift(PracticeFactory(), title_en="New")
    drift(PracticeFactory(review_by=localdate() - timedelta(days=1), summary_ja=""), title_ja="新")
    PracticeFactory(summary_en="")
    in_status("in_review")
    in_status("changes_requested")
    client = client_of(StaffFactory(is_superuser=True))

    context = client.get(INDEX).context["desk"]
    counts = {block.query: block.queue.count for block in (*context["work"], *context["care"])}
    for row in context["coverage"].rows:
        for cell in row.cells:
            counts[f"public=yes&theme__id__exact={row.theme.pk}&institution__kind__exact={cell.kind}"] = cell.count
    listed = {query: client.get(f"{LIST}?{query}").context["cl"].result_count for query in counts}

    assert listed == counts
    assert len(counts) == 13 + 4 * len(context["coverage"].rows)


@pytest.mark.parametrize("role", ["curator", "publisher", "translator_ja", "survey_manager"])
def test_an_empty_desk_says_so(role: str) -> None:
    page = index(role).content.decode()

    assert "対応が必要な事例はありません。" in page
    assert "手続きの記録はまだありません。" in page
    assert "テーマがまだありません。" in page
    assert page.count("desk-empty") + page.count("進める手続きはありません") >= 2


@pytest.mark.parametrize("roles", [["curator", "publisher", "translator_ja", "translator_en"], ["survey_manager"]])
def test_the_page_costs_the_same_with_1_and_30_cases(roles: list[str]) -> None:
    client = client_of(staff(*roles))
    counts = []
    for rows in (range(1), range(1, 30)):
        for number in rows:
            drift(PracticeFactory(summary_ja="", review_by=date(2020, 1, 1)), title_en="New")
            in_status("changes_requested" if number % 2 else "in_review")
            publish(theme=ThemeFactory())
        client.get(INDEX)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(INDEX).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_every_queue_has_words() -> None:
    everybody = StaffFactory(is_superuser=True)
    queues = [*desk.my_work(everybody), *desk.needs_care(today=localdate())]

    assert {queue.name for queue in queues} == set(HEADINGS)
