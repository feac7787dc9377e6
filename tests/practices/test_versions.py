"""The versions of a case under their own addresses: what they show, for how long, and that they stay the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import connection, models
from django.test import Client

from practices.differences import differences
from practices.importing import source_account
from practices.models import Attachment, Edition, GoodPractice
from practices.models.desk import PARTS
from practices.workflow import Steps, restore, take
from tests.canaries import canary_names, fill
from tests.factories.practices import A_MOMENT, ConceptFactory, PracticeFactory, ThemeFactory, archive, publish, staff

pytestmark = pytest.mark.django_db
PAGE = "/ja/practices/a-case/"
DAYS = count(1)


def address(version: int, language: str = "ja") -> str:
    return f"/{language}/practices/a-case/versions/{version}/"


def next_version(edition: Edition, **texts: str) -> Edition:
    """The edition after the current one, published a day later, with some texts changed."""
    at = A_MOMENT + timedelta(days=next(DAYS))
    take(Steps.REVISE, practice=edition.draft, by=staff("curator"), at=at)
    GoodPractice.objects.filter(pk=edition.draft_id).update(**texts)
    return publish(edition.draft, at=at)


def text_of(client: Client, path: str) -> str:
    return " ".join(client.get(path).content.decode().split())


def article(client: Client, path: str) -> bytes:
    response = client.get(path)
    assert response.status_code == 200
    _head, _tag, rest = response.content.partition(b"<article")
    return rest.partition(b"</article>")[0]


def test_an_old_version_shows_its_own_text_and_leads_to_the_current_one(client: Client) -> None:
    next_version(publish(slug="a-case", title_ja="古い題名"), title_ja="新しい題名")

    page = text_of(client, address(1))

    assert "<h1>古い題名 </h1>".replace(" ", "") in page.replace(" ", "")
    assert f'<a href="{PAGE}">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert "canonical" not in page


def test_the_current_version_has_an_address_too(client: Client, settings: Any) -> None:
    next_version(publish(slug="a-case"), title_ja="新しい題名")

    page = text_of(client, address(2))

    assert "新しい題名" in page
    assert f'<link rel="canonical" href="{settings.SITE_URL}{PAGE}">' in page
    assert "noindex" not in page


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_version_tells_in_both_languages_what_it_changed(client: Client, language: str) -> None:
    first = publish(slug="a-case", summary_ja="費用を分けた。", summary_en="Costs were shared.")
    next_version(first, summary_ja="費用を三者で分けた。", summary_en="Costs were split.")

    response = client.get(address(2, language))

    assert [(row.place, row.language) for row in response.context["found"]] == [("summary", "ja"), ("summary", "en")]
    page = " ".join(response.content.decode().split())
    assert ["三者で" in page, 'lang="ja">費用を<ins>' in page, "shared" in page] == [True, True, True]


def test_the_first_version_and_one_without_a_change_say_so(client: Client) -> None:
    next_version(publish(slug="a-case"))

    assert "This is the first version" in text_of(client, address(1, "en"))
    assert "the two versions say the same" in text_of(client, address(2, "en"))


def test_the_page_of_a_case_lists_its_versions(client: Client) -> None:
    next_version(publish(slug="a-case"))

    response = client.get(PAGE)

    assert [(row.number, row.is_current) for row in response.context["versions"]] == [(2, True), (1, False)]
    page = response.content.decode()
    assert [address(number) in page for number in (1, 2, 3)] == [True, True, False]


def test_who_published_is_named_by_full_name_only(client: Client) -> None:
    first = publish(slug="a-case")
    User.objects.filter(pk=first.published_by_id).update(username="secret-login", first_name="花子", last_name="山田")
    second = next_version(first)
    User.objects.filter(pk=second.published_by_id).update(username="other-login", first_name="", last_name="")
    Edition.objects.filter(pk=next_version(second).pk).update(published_by=source_account())

    page = text_of(client, PAGE) + text_of(client, address(2))

    assert ["山田 花子" in page, "secret-login" in page, "other-login" in page, "source-import" in page] == [
        *(True, False, False, False)
    ]
    assert [(row.by, row.is_loaded) for row in client.get(PAGE).context["versions"]] == [
        *(("", True), ("", False), ("山田 花子", False)),
    ]


def test_versions_that_never_were_are_not_found(client: Client) -> None:
    publish(slug="a-case")
    PracticeFactory(slug="draft")

    paths = [address(2), address(0), "/ja/practices/a-case/versions/x/", "/ja/practices/a-case/versions/9999999/"]
    paths += ["/ja/practices/draft/versions/1/", "/ja/practices/nothing/versions/1/"]

    assert {client.get(path).status_code for path in paths} == {404}


def test_versions_of_an_archived_case_are_gone(client: Client) -> None:
    archive(next_version(publish(slug="a-case", title_ja="古い題名")), at=A_MOMENT + timedelta(days=999))

    answers = [client.get(address(number)) for number in (1, 2)]

    assert [answer.status_code for answer in answers] == [410, 410]
    assert "古い題名" not in answers[0].content.decode()


def test_a_file_of_an_old_version_stays_at_its_address(client: Client, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    practice = PracticeFactory(slug="a-case")
    Attachment.objects.create(practice=practice, number=1, title_ja="様式", file=ContentFile(b"first", name="a.pdf"))
    first = publish(practice)
    take(Steps.REVISE, practice=practice, by=staff("curator"), at=A_MOMENT)
    practice.attachments.all().delete()
    second = publish(practice, at=A_MOMENT + timedelta(days=1))
    file = f"{address(1)}attachments/1/"

    response: Any = client.get(file)

    assert (b"".join(response.streaming_content), file in text_of(client, address(1))) == (b"first", True)
    assert {client.get(f"{path}attachments/1/").status_code for path in (PAGE, address(2))} == {404}
    archive(second, at=A_MOMENT + timedelta(days=2))
    assert (client.get(file).status_code, first.attachments.count()) == (410, 1)


def test_the_article_of_a_version_stays_the_same_to_the_byte(client: Client) -> None:
    """The banner, the list of versions and what is related may change; what was published may not."""
    concept, theme = ConceptFactory(), ThemeFactory()
    first = publish(slug="a-case", with_headquarters=True, concepts=[concept], theme=theme, lessons_ja="学んだこと")
    then = article(client, address(1))

    second = next_version(first, title_ja="二", lessons_ja="", context_ja="背景")
    GoodPractice.objects.update(theme=ThemeFactory())
    next_version(second, title_ja="三")
    publish(concepts=[concept], theme=theme)

    assert article(client, address(1)) == then
    assert article(client, address(3)) != then
    assert "学んだこと".encode() in then


@contextmanager
def new_field() -> Iterator[None]:
    """A migration that adds a text to what a case says, run and taken back."""
    added: list[tuple[Any, Any]] = []
    try:
        for model in (GoodPractice, Edition):
            field: Any = models.TextField("outlook (Japanese)", blank=True, default="")
            field.contribute_to_class(model, "outlook_ja")
            added.append((model, field))
            with connection.schema_editor() as editor:
                editor.add_field(model, field)
        yield
    finally:
        for model, field in added:
            with connection.schema_editor() as editor:
                editor.remove_field(model, field)
            model._meta.local_fields.remove(field)
            model._meta._expire_cache()
            delattr(model, "outlook_ja")


@pytest.mark.django_db(transaction=True)
def test_a_field_added_by_a_migration_changes_no_old_version_and_is_carried_on(client: Client) -> None:
    first = next_version(publish(slug="a-case"), title_ja="二")
    then = article(client, address(1))

    with new_field():
        first = Edition.objects.get(pk=first.pk)
        second = next_version(first, outlook_ja="見通し")
        now = article(client, address(1))
        found = client.get(address(3)).context["found"]
        draft = take(Steps.REVISE, practice=second.draft, by=staff("curator"), at=A_MOMENT)
        back = restore(draft, first, by=staff("curator"), at=A_MOMENT, seen=draft.edits)
        desk: Any = GoodPractice.objects.get(pk=back.pk)

        assert now == then
        assert [(row.place, row.language, row.new) for row in found] == [("outlook", "ja", "見通し")]
        assert (Edition.objects.get(pk=second.pk).outlook_ja, desk.outlook_ja) == ("見通し", "")  # type: ignore[attr-defined]
        assert differences(first, desk) == []


PLACES = [
    *(f"/{language}/{path}" for language in ("ja", "en") for path in (
        "", "practices/", "practices/?q=kanaria", "practices/?view=table&sort=title", "practices/a-case/",
        "practices/a-case/versions/1/", "themes/", "themes/6/", "institutions/", "institutions/a-university/",
        "practices/feed/",
    )),
    *(f"/api/v1/{path}" for path in (
        "practices/", "practices/?q=kanaria", "practices/?updated_since=2020-01-01", "practices/a-case/",
        "practices/?format=csv", "practices/?format=jsonl", "actions/", "effects/", "actions/a-case:action-1/",
        "actions/?format=csv", "concepts/", "themes/", "institutions/a-university/",
    )),
    "/sitemap.xml",
]  # fmt: skip


@pytest.mark.parametrize("status", ["draft", "changes_requested", "in_review"])
def test_an_open_revision_changes_no_byte_of_what_is_public(client: Client, status: str) -> None:
    practice = PracticeFactory(slug="a-case", theme=ThemeFactory(number=6), institution__slug="a-university")
    Attachment.objects.create(practice=practice, number=1, title_ja="様式", file="attachments/a.pdf")
    publish(practice)
    other = PracticeFactory(concepts=[ConceptFactory()], themes=[ThemeFactory()])
    before = {path: whole(client, path) for path in PLACES}

    canaries = rewritten(take(Steps.REVISE, practice=practice, by=staff("curator"), at=A_MOMENT), other)
    GoodPractice.objects.update(status=status)

    assert {path for path in PLACES if whole(client, path) != before[path]} == set()
    assert len(canaries) > 30


def whole(client: Client, path: str) -> tuple[int, bytes, str | None]:
    """Status, body and ETag; the ETag too would tell that somebody writes."""
    response: Any = client.get(path)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, content, response.headers.get("ETag")


def rewritten(draft: GoodPractice, other: GoodPractice) -> list[str]:
    """Puts a canary into every text of the draft, its parts and new parts, and the other's records in its relations."""
    names, canaries = canary_names(), list[str]()
    draft.theme, draft.institution = other.theme, other.institution
    draft.first_fiscal_year, draft.confirmed_on = 2007, A_MOMENT.date()
    draft.concepts.set(other.concepts.all())
    draft.themes.set(other.themes.all())
    fill(draft, names, canaries)
    for kind, model in PARTS.items():
        for part in [*getattr(draft, kind).all(), new_part(model, draft)]:
            fill(part, names, canaries)
    return canaries


def new_part(model: Any, draft: GoodPractice) -> Any:
    part = model(practice=draft, number=9, position=9)
    part.url, part.file = "https://kanaria.example/", "attachments/kanaria.pdf"
    return part
