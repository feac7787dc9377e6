"""The search page and the page of a case, as a reader without an account gets them."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains
from pytest_django.fixtures import Settings

from practices.models import Attachment, Edition
from tests.factories.practices import (
    ConceptFactory,
    PracticeFactory,
    PublicationFactory,
    RecommendationFactory,
    ThemeFactory,
    archive,
    publish,
)
from tests.factories.universities import AliasFactory, InstitutionFactory

pytestmark = pytest.mark.django_db

LIST = "/en/practices/"


def titles(client: Client, query: str) -> list[str]:
    response = client.get(f"{LIST}?{query}")
    return [str(card.title.text) for card in response.context["cards"]]


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_list_marks_words_and_names_the_places(client: Client) -> None:
    publish(slug="a", title_en="Staff abroad", summary_en="Plain.", actions=[("They sent staff away.", "")])

    response = client.get(f"{LIST}?q=staff")

    assertContains(response, "<mark>Staff</mark> abroad")
    assertContains(response, "They sent <mark>staff</mark> away.")
    assertContains(response, '<a href="/en/practices/a/#action-1">Action 1</a>', html=True)
    assertContains(response, "<strong>1</strong> practice for “staff”", html=True)


def test_list_escapes_what_was_asked_and_what_was_found(client: Client) -> None:
    publish(title_en="<script>staff</script>")

    response = client.get(f"{LIST}?q=%3Cscript%3Estaff")

    assertContains(response, "&lt;<mark>script&gt;staff</mark>&lt;/script&gt;")
    assertNotContains(response, "<script>")


def test_facets_escape_what_they_offer(client: Client) -> None:
    publish(institution=InstitutionFactory(name_en='<i>A</i> & "B"'))
    publish()

    response = client.get(LIST)

    assertContains(response, "<span>&lt;i&gt;A&lt;/i&gt; &amp; &quot;B&quot;</span>")
    assertNotContains(response, "<i>A")


def test_list_in_japanese_shows_an_english_title_with_its_language(client: Client) -> None:
    publish(slug="a", title_en="Staff abroad", title_ja="")

    response = client.get("/ja/practices/")

    assertContains(response, '<a href="/ja/practices/a/"><span lang="en">Staff abroad</span></a>', html=True)


def test_list_ignores_nonsense_with_a_notice(client: Client) -> None:
    publish(title_en="One")

    response = client.get(f"{LIST}?theme=999&colour=red&page=7&view=cube&sort=luck&page_size=0")

    assert [refusal.name for refusal in response.context["refusals"]] == [
        "theme", "colour", "sort", "page_size", "page", "view",
    ]  # fmt: skip
    assert [card.title.text for card in response.context["cards"]] == ["One"]
    assertContains(response, "<code>page=7</code> There are fewer pages than that.", html=True)


@pytest.mark.parametrize("q", ["%00", "%ED%A0%80", "a" * 201, "+".join("a" * 21)])
def test_list_refuses_words_that_cannot_be_searched_for(client: Client, q: str) -> None:
    assert client.get(f"{LIST}?q={q}").status_code == 400


def test_chips_take_away_one_value_and_keep_the_rest(client: Client) -> None:
    institution = InstitutionFactory(kind="private", name_en="Keio")
    publish(theme=ThemeFactory(number=21, short_en="Bases"), institution=institution)

    response = client.get(f"{LIST}?q=acted&theme=21&kind=private&page_size=5&page=1")

    assert [chip.label for chip in response.context["chips"]] == [
        "Theme 21 Bases",
        "Kind of institution Private university",
    ]
    assertContains(response, 'href="?q=acted&amp;kind=private&amp;page_size=5"')
    assertContains(response, '<a href="?q=acted">Remove all</a>', html=True)


def test_facets_show_chosen_values_first_and_empty_ones_last(client: Client) -> None:
    for kind in ("national", "public", "private"):
        publish(institution=InstitutionFactory(kind=kind, prefecture="13" if kind == "national" else "26"))

    response = client.get(f"{LIST}?kind=private&region=kinki")

    facets = {facet.name: [value.value for value in facet.values] for facet in response.context["facets"]}
    assert facets["kind"] == ["private", "public", "national"]
    assert facets["region"] == ["kinki", "kanto"]


@pytest.mark.parametrize(("themes", "shown", "folded"), [(10, 10, 0), (11, 8, 3)])
def test_a_facet_folds_its_values_after_eight_when_it_saves_three(
    client: Client, themes: int, shown: int, folded: int
) -> None:
    for number in range(themes):
        publish(theme=ThemeFactory(number=31 + number))

    facet = client.get(f"{LIST}").context["facets"][0]

    assert (len(facet.values), len(facet.more), facet.opens) == (shown, folded, False)


def test_synonyms_are_named_and_can_be_switched_off(client: Client) -> None:
    concept = ConceptFactory(slug="base", pref_label_en="overseas base", synonyms=["foreign bureau"])
    publish(title_en="Quiet", concepts=[concept])

    widened = client.get(f"{LIST}?q=foreign+bureau")
    narrow = client.get(f"{LIST}?q=foreign+bureau&expand=0")

    assertContains(widened, '<a href="?q=foreign+bureau&amp;expand=0">[switch off]</a>', html=True)
    assertContains(narrow, '<a href="?q=foreign+bureau">[switch on]</a>', html=True)
    assert [len(widened.context["cards"]), len(narrow.context["cards"])] == [1, 0]


def test_nothing_near_claims_no_nearness(client: Client) -> None:
    publish(concepts=[ConceptFactory(pref_label_en="funding", pref_label_ja="外部資金")])

    response = client.get("/ja/practices/?q=寿司")

    assertContains(response, "事例の多いキーワード")
    assertNotContains(response, "近いキーワード")


def test_relaxed_search_names_the_word_that_no_case_has(client: Client) -> None:
    publish(title_en="Staff training", summary_en="")

    assertContains(client.get(f"{LIST}?q=staff+zebra"), "In no practice: zebra")


def test_card_explains_a_short_name(client: Client) -> None:
    kyoto = InstitutionFactory(name_ja="京都大学", name_en="Kyoto University")
    AliasFactory(institution=kyoto, label="京大")
    publish(institution=kyoto)

    short, full = (client.get(f"/ja/practices/?q={name}") for name in ("京大", "京都大学"))

    assertContains(short, "機関の略称・別称による一致：京大")
    assertNotContains(full, "機関の略称・別称による一致")


def test_results_can_be_skipped_to(client: Client) -> None:
    link = '<a class="skip-link" href="#count">Skip to the results</a>'

    assertContains(client.get(LIST), link, html=True)


def test_nothing_found_offers_neighbours_and_themes(client: Client) -> None:
    concept = ConceptFactory(slug="funding", pref_label_ja="外部資金")
    publish(theme=ThemeFactory(number=21, short_ja="海外拠点"), concepts=[concept])

    response = client.get("/ja/practices/?q=奨学金")

    assertContains(response, "条件に合う事例はありません")
    assertContains(response, '<a class="chip" href="?concept=funding">外部資金</a>', html=True)
    assertContains(response, '<a href="?theme=21">21 海外拠点</a>', html=True)


def test_filters_that_hide_every_hit_are_named_as_the_cause(client: Client) -> None:
    publish(title_en="Staff", institution=InstitutionFactory(kind="national"))
    publish(title_en="Other", institution=InstitutionFactory(kind="private"))

    response = client.get(f"{LIST}?q=staff&kind=private")

    assertContains(response, "Without the filters there is 1 practice.")


def test_table_and_pages_keep_the_query(client: Client) -> None:
    for number in range(3):
        publish(title_en=f"Case {number}")

    response = client.get(f"{LIST}?sort=title&view=table&page_size=2&page=2")

    assert [card.title.text for card in response.context["cards"]] == ["Case 2"]
    assertContains(response, 'rel="prev" href="?sort=title&amp;page_size=2&amp;view=table&amp;page=1"')
    assertContains(response, 'href="/api/v1/practices/?sort=title&amp;lang=en&amp;format=csv"')


def test_list_in_any_view_shows_only_what_is_public(client: Client) -> None:
    PracticeFactory(title_en="Draft on staff")
    archive(publish(title_en="Archived on staff"))
    publish(title_en="Public on staff")

    assert [titles(client, query) for query in ("", "view=table", "q=staff")] == [["Public on staff"]] * 3


def test_practice_shows_parts_with_anchors_and_the_result_of_its_theme(client: Client) -> None:
    theme = ThemeFactory(number=21, result_en="All went well.")
    RecommendationFactory(theme=theme, title_en="Go abroad")
    publish(slug="a", theme=theme, actions=[("One", ""), ("Two", "")], publication=PublicationFactory(month=2))

    response = client.get("/en/practices/a/")

    assertContains(response, 'id="action-2"')
    assertContains(response, 'href="#effect-1"')
    assertContains(response, "As reported in February 2010")
    assertContains(response, "All went well.")
    assertContains(response, "Go abroad")


def test_practice_headings_stand_only_over_texts(client: Client) -> None:
    publish(slug="a", lessons_ja="早く始める。")

    response = client.get("/en/practices/a/")

    assert [str(label) for _field, label in response.context["further_texts"]] == ["Lessons"]
    assertContains(response, '<div lang="ja"><p>早く始める。</p></div>', html=True)


def test_practice_headquarters_never_look_current(client: Client) -> None:
    publish(slug="a", with_headquarters=True, publication=PublicationFactory())

    assertContains(client.get("/en/practices/a/"), "[as of 2010]")


def test_related_practices_say_why(client: Client) -> None:
    theme = ThemeFactory()
    shared, other = ConceptFactory(pref_label_en="visa"), ConceptFactory()
    publish(slug="a", theme=theme, concepts=[shared])
    publish(slug="b", theme=theme)
    publish(slug="c", concepts=[shared, other])
    publish(slug="d", concepts=[other])
    archive(publish(slug="e", theme=theme))

    related = client.get("/en/practices/a/").context["related"]

    assert [(row.practice.slug, row.has_same_theme, row.shared_concepts) for row in related] == [
        ("b", True, []),
        ("c", False, [shared]),
    ]


def test_practice_that_was_never_public_is_not_found(client: Client) -> None:
    PracticeFactory(slug="draft")

    assert client.get("/en/practices/draft/").status_code == 404


def test_archived_practice_is_gone_without_its_text(client: Client) -> None:
    archive(publish(slug="a", title_en="Canary"))

    response = client.get("/en/practices/a/")

    assertNotContains(response, "Canary", status_code=410)


@pytest.fixture
def case_with_file(tmp_path: Path, settings: Settings) -> Edition:
    settings.MEDIA_ROOT = tmp_path
    practice = PracticeFactory(slug="a")
    file = SimpleUploadedFile("plan.pdf", b"%PDF-1.7")
    Attachment.objects.create(practice=practice, number=1, file=file, title_en="The plan")
    return publish(practice)


def test_attachment_comes_as_a_download(client: Client, case_with_file: Edition) -> None:
    response: Any = client.get("/ja/practices/a/attachments/1/")

    assert b"".join(response.streaming_content) == b"%PDF-1.7"
    assert response.headers["Content-Disposition"] == 'attachment; filename="a-1.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_attachment_is_refused_with_its_case(client: Client, case_with_file: Edition) -> None:
    missing = client.get("/ja/practices/a/attachments/2/").status_code
    archive(case_with_file)

    assert [missing, client.get("/ja/practices/a/attachments/1/").status_code] == [404, 410]


def test_attachment_whose_file_is_lost_is_not_found(client: Client, case_with_file: Edition, tmp_path: Path) -> None:
    Path(case_with_file.attachments.get().file.path).unlink()

    assert client.get("/ja/practices/a/attachments/1/").status_code == 404


@pytest.mark.parametrize("path", ["/ja/", LIST, f"{LIST}?q=acted", f"{LIST}?view=table&theme=21", "/ja/practices/a/"])
def test_queries_are_the_same_for_1_and_for_30_cases(client: Client, path: str) -> None:
    theme, concept = ThemeFactory(number=21), ConceptFactory()
    RecommendationFactory(theme=theme)
    other = publish(slug="b", theme=theme, concepts=[concept])
    publish(slug="a", theme=theme, themes=[other.theme], concepts=[concept], with_headquarters=True)
    few = queries(client, path)
    for _number in range(29):
        publish(theme=theme, themes=[ThemeFactory()], concepts=[ConceptFactory(), concept], with_headquarters=True)

    assert queries(client, path) == few


@pytest.mark.parametrize("path", ["/ja/", LIST, "/en/practices/a/"])
def test_public_pages_are_the_same_for_everybody(client: Client, admin_client: Client, path: str) -> None:
    publish(slug="a")

    anonymous, staff = client.get(path), admin_client.get(path)

    assert anonymous.content == staff.content
    assert [anonymous.cookies, anonymous.headers.get("Vary"), staff.headers.get("Vary")] == [{}, None, None]
