"""Pages of publications and events."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from practices.models import Chapter, Event
from tests.factories.practices import (
    PracticeFactory,
    PublicationFactory,
    ThemeFactory,
    archive,
    publish,
    staff,
)
from tests.practices.desk import filled
from tests.practices.test_record_views import page

pytestmark = pytest.mark.django_db


def chapter(publication: Any, number: int, **fields: Any) -> Chapter:
    made: Chapter = Chapter.objects.create(publication=publication, number=number, **fields)
    return made


def event(slug: str, **fields: Any) -> Event:
    usual = {"kind": "symposium", "year": 2008, "provenance": "reference", "reference_en": "a page"}
    made: Event = Event.objects.create(slug=slug, **usual | fields)
    return made


def test_publications_stand_in_the_order_of_time(client: Client) -> None:
    undated = PublicationFactory(year=None)
    later = PublicationFactory(year=2010, month=2)
    earlier = PublicationFactory(year=2007, month=4)

    assert list(client.get("/ja/publications/").context["publications"]) == [earlier, later, undated]


def test_publication_lists_public_practices_only(client: Client) -> None:
    report = PublicationFactory(slug="report")
    public = publish(publication=report, theme=ThemeFactory(number=3))
    first = publish(publication=report, theme=ThemeFactory(number=1))
    publish(publication=PublicationFactory())
    PracticeFactory(publication=report)
    archive(publish(publication=report))

    assert list(client.get("/ja/publications/report/").context["practices"]) == [first, public]


def test_publication_links_its_chapters_to_their_themes(client: Client) -> None:
    report = PublicationFactory(slug="report")
    chapter(report, 2, title_en="Outline")
    chapter(report, 5, title_en="Results").themes.set([ThemeFactory(number=9), ThemeFactory(number=2)])

    shown = page(client, "/en/publications/report/")

    assert shown.index("Outline") < shown.index("/en/themes/2/") < shown.index("/en/themes/9/")
    assert 'aria-label="Themes of chapter 2"' not in shown


def test_theme_links_to_the_chapter_that_treats_it(client: Client) -> None:
    theme = ThemeFactory(number=2)
    chapter(PublicationFactory(slug="report"), 5, title_en="Results").themes.add(theme)

    assert 'href="/en/publications/report/#chapter-5"' in page(client, "/en/themes/2/")


def test_missing_japanese_title_is_english_and_says_so_in_the_markup(client: Client) -> None:
    PublicationFactory(slug="report", title_en="The report", title_ja="")

    assert '<h1><span lang="en">The report</span></h1>' in page(client, "/ja/publications/report/")


def test_publication_without_facts_gives_reasons_instead_of_blanks(client: Client) -> None:
    PublicationFactory(slug="report", year=None, url="", publisher_en="", publisher_ja="")

    shown = page(client, "/en/publications/report/")

    assert shown.count('<span class="unknown">') == 3
    assert "No published practice names this publication as its source." in shown


def test_publication_can_be_cited(client: Client) -> None:
    PublicationFactory(slug="report", title_ja="報告書", publisher_ja="学振", year=2010, month=2)

    shown = page(client, "/ja/publications/report/")

    assert '<span lang="ja">学振</span>『<cite lang="ja">報告書</cite>』、2010年2月（平成22年2月）' in shown


def test_practice_links_to_its_source(client: Client) -> None:
    edition = publish(publication=PublicationFactory(slug="report"))

    assert 'href="/ja/publications/report/"' in page(client, f"/ja/practices/{edition.slug}/")


def test_unknown_publication_is_not_found(client: Client) -> None:
    assert client.get("/ja/publications/nothing/").status_code == 404


def test_events_stand_in_the_order_of_time(client: Client) -> None:
    year_only = event("a", year=2007)
    second = event("b", year=2008, month=2)
    first = event("c", year=2008, month=2, held_on=date(2008, 2, 5))
    earliest = event("d", year=2006, month=11, held_on=date(2006, 11, 15))

    assert list(client.get("/ja/events/").context["events"]) == [earliest, year_only, first, second]


def test_event_shows_what_is_known(client: Client) -> None:
    event("sympo", title_ja="公開シンポジウム", held_on=date(2006, 1, 30), year=2006, month=1, attendance=220)

    japanese, english = page(client, "/ja/events/"), page(client, "/en/events/")

    assert "2006年1月30日（平成18年1月30日）" in japanese
    assert "220名" in japanese
    assert '<article class="publication" id="sympo"' in japanese
    assert '<span lang="ja">公開シンポジウム</span>' in english


def test_address_of_an_event_stands_once_and_is_a_link(client: Client) -> None:
    address = "http://www.jsps.go.jp/a.html?b&c"
    event("sympo", url=address, reference_ja="jsps.go.jp/a.html?b&c（<約220名>）")

    shown = page(client, "/ja/events/")

    link = f'<a href="{escape(address)}" rel="external">jsps.go.jp/a.html?b&amp;c</a>'
    assert f"出典資料：{link}（&lt;約220名&gt;）" in shown
    assert shown.count("a.html") == 2


def test_address_that_the_source_does_not_name_stands_by_itself(client: Client) -> None:
    event("sympo", url="https://example.ac.jp/a", reference_ja="別の記録")

    assert "https://example.ac.jp/a</a>" in page(client, "/ja/events/")


def test_event_without_title_or_figure_says_so(client: Client) -> None:
    event("seminar", kind="seminar", month=2)

    shown = page(client, "/en/events/")

    assert '<h2 id="seminar-title">Seminar</h2>' in shown
    assert "February 2008 <small" in shown
    assert "— <small>no figure is known</small>" in shown


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("path", ["publications/", "events/"])
def test_list_of_nothing_is_a_page(client: Client, language: str, path: str) -> None:
    page(client, f"/{language}/{path}")


def test_loaded_events_are_the_four_of_the_public_pages(loaded_source: None) -> None:
    found = Event.objects.in_time_order().values_list("held_on", "year", "month", "attendance")

    assert list(found) == [
        (date(2006, 1, 30), 2006, 1, 220),
        (date(2006, 11, 15), 2006, 11, 180),
        (None, 2008, 2, 162),
        (None, 2008, 2, 180),
    ]


def test_loaded_chapters_are_linked_where_a_title_names_results_and_recommendations(loaded_source: None) -> None:
    linked = {(row.publication.slug, row.number): row.themes.count() for row in Chapter.objects.exclude(themes=None)}

    assert linked == {("final-report", 5): 10}


def test_somebody_elses_themes_of_a_chapter_are_not_overwritten(client: Client) -> None:
    client.force_login(staff("curator"))
    report = PublicationFactory()
    part = chapter(report, 1, title_en="One")
    address = f"/admin/practices/publication/{report.pk}/change/"
    mine = filled(client.get(address))
    part.themes.add(ThemeFactory(number=4))

    response = client.post(address, mine)

    assert response.status_code == 409
    assert [theme.number for theme in part.themes.all()] == [4]
