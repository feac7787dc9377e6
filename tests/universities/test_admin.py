"""Records that are public when saved: who keeps them, what is refused, and what may vanish."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from practices.models import Concept, ConceptLabel, Edition, ProgrammeAction, Theme, Transition
from practices.permissions import Role
from tests.factories.practices import (
    ConceptFactory,
    PracticeFactory,
    PublicationFactory,
    RecommendationFactory,
    ThemeFactory,
    publish,
    staff,
)
from tests.factories.universities import (
    AliasFactory,
    HeadquartersFactory,
    InstitutionFactory,
    OverseasBaseFactory,
    ProgrammeFactory,
)
from tests.practices.desk import errors, filled
from universities.models import Institution, Participation

pytestmark = pytest.mark.django_db

ADD = "/admin/universities/institution/add/"


def logged_in(*roles: str) -> Client:
    client = Client()
    client.force_login(staff(*roles))
    return client


def page(row: Any, verb: str = "change") -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/{verb}/"


def inline_errors(response: Any) -> list[str]:
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    return [name for formset in formsets for form in formset.forms for name in form.errors] + [
        "formset" for formset in formsets if formset.non_form_errors()
    ]


@pytest.fixture
def curator() -> Client:
    return logged_in("curator")


def new_institution(client: Client, **changes: Any) -> dict[str, Any]:
    texts = {"slug": "keio", "name_ja": "慶應義塾大学", "kind": "private", "prefecture": "13"}
    return filled(client.get(ADD)) | texts | {"provenance": "summary", "locator": "I-4, p. 1"} | changes


def test_a_curator_adds_an_institution_with_short_names(curator: Client) -> None:
    form = new_institution(curator, **{"aliases-0-label": "慶大"})

    curator.post(ADD, form)

    institution = Institution.objects.get()
    assert (institution.region, [alias.label for alias in institution.aliases.all()]) == ("kanto", ["慶大"])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"locator": ""}, "locator"),
        ({"provenance": "reference"}, "reference_ja"),
        ({"name_ja": ""}, "name_ja"),
        ({"ror": "02kpeqv85"}, "__all__"),
        ({"ror": "nonsense"}, "ror"),
        ({"slug": "taken"}, "slug"),
    ],
)
def test_what_the_database_would_refuse_is_said_at_the_field(
    curator: Client, changes: dict[str, str], field: str
) -> None:
    InstitutionFactory(ror="02kpeqv85", slug="taken")

    response = curator.post(ADD, new_institution(curator, **changes))

    assert list(errors(response)) == [field]


def test_a_short_name_of_another_institution_is_refused(curator: Client) -> None:
    AliasFactory(label="Keio")

    response = curator.post(ADD, new_institution(curator, **{"aliases-0-label": "KEIO"}))

    assert inline_errors(response) == ["__all__"]


def test_a_short_name_typed_twice_is_refused(curator: Client) -> None:
    form = new_institution(curator, **{"aliases-TOTAL_FORMS": 2, "aliases-0-label": "Keio", "aliases-1-label": "KEIO"})

    response = curator.post(ADD, form)

    assert inline_errors(response) == ["label"]


def test_a_label_of_a_concept_typed_twice_is_refused(curator: Client) -> None:
    concept, words = ConceptFactory(), {"language": "en", "relation": "alternative"}
    form = filled(curator.get(page(concept))) | {"labels-TOTAL_FORMS": 2}
    form |= {f"labels-{index}-{name}": value for index in (0, 1) for name, value in words.items()}
    form |= {"labels-0-label": "travel", "labels-1-label": "Travel"}

    response = curator.post(page(concept), form)

    assert inline_errors(response) == ["label"]
    assert not ConceptLabel.objects.exists()


@pytest.mark.parametrize("years", [{"first_fiscal_year": 2010}, {"grant_min_jpy": 5}, {"grant_max_jpy": ""}])
def test_ranges_of_a_programme_are_whole(curator: Client, years: dict[str, Any]) -> None:
    programme = ProgrammeFactory(grant_min_jpy=1, grant_max_jpy=4)

    response = curator.post(page(programme), filled(curator.get(page(programme))) | years)

    assert list(errors(response)) in (["last_fiscal_year"], ["grant_max_jpy"])


@pytest.mark.parametrize(("year", "month", "field"), [(20100, 2, "year"), ("", 2, "year"), (2010, 13, "month")])
def test_a_month_and_year_that_can_not_be_are_refused(curator: Client, year: Any, month: int, field: str) -> None:
    publication = PublicationFactory()

    response = curator.post(page(publication), filled(curator.get(page(publication))) | {"year": year, "month": month})

    assert list(errors(response)) == [field]


def test_a_public_id_never_changes(curator: Client) -> None:
    institution = InstitutionFactory(slug="keio")

    curator.post(page(institution), filled(curator.get(page(institution))) | {"slug": "other", "name_en": "New"})

    institution.refresh_from_db()
    assert (institution.slug, institution.name_en) == ("keio", "New")


@pytest.mark.parametrize(("role", "keeps"), [(role, role in {Role.CURATOR, Role.PUBLISHER}) for role in Role])
def test_curators_and_publishers_keep_records_the_others_read(role: Role, keeps: bool) -> None:
    client, institution = logged_in(role), InstitutionFactory()

    assert client.get(page(institution)).context["has_change_permission"] == keeps
    assert client.post(page(institution), {"name_ja": "偽"}).status_code == (409 if keeps else 403)
    assert client.get(ADD).status_code == (200 if keeps else 403)


def test_a_reader_sees_the_parts_of_a_record() -> None:
    base = OverseasBaseFactory(name_ja="ロンドン事務所")

    assert "ロンドン事務所" in logged_in("translator_en").get(page(base.institution)).content.decode()


@pytest.mark.parametrize("name", ["institution", "theme", "concept", "headquarters", "publication", "further theme"])
def test_what_a_published_case_names_stays(curator: Client, name: str) -> None:
    concept, theme = ConceptFactory(), ThemeFactory()
    edition = publish(concepts=[concept], themes=[theme], with_headquarters=True, publication=PublicationFactory())
    row: Any = {"concept": concept, "further theme": theme}.get(name) or getattr(edition, name)

    response = curator.post(page(row, "delete"), {"post": "yes"})

    assert response.status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


def test_the_recommendation_of_a_published_case_stays(curator: Client) -> None:
    recommendation = RecommendationFactory(theme=publish().theme)

    assert curator.post(page(recommendation, "delete"), {"post": "yes"}).status_code == 403


def test_a_recommendation_has_the_number_of_its_theme(curator: Client) -> None:
    address = "/admin/practices/recommendation/add/"
    texts = {"number": 7, "theme": ThemeFactory(number=8).pk, "title_ja": "提言"}
    form = filled(curator.get(address)) | texts | {"provenance": "summary", "locator": "IV, p. 7"}

    assert list(errors(curator.post(address, form))) == ["number"]


def test_what_a_draft_names_is_shown_as_protected(curator: Client) -> None:
    institution = PracticeFactory().institution

    response = curator.post(page(institution, "delete"), {"post": "yes"})

    assert (response.status_code, len(response.context["protected"])) == (200, 1)


def named_by_an_action_of_the_programme() -> Any:
    source = {"provenance": "summary", "locator": "III-10, p. 6"}
    action = ProgrammeAction(theme=ThemeFactory(), number=1, publication=PublicationFactory(), text_ja="刊行", **source)
    action.save()
    return action.publication


def broader_than_another() -> Any:
    return ConceptFactory(broader=ConceptFactory()).broader


@pytest.mark.parametrize("make", [named_by_an_action_of_the_programme, broader_than_another])
@pytest.mark.parametrize("at_once", [True, False])
def test_what_another_record_names_is_shown_as_protected(curator: Client, make: Any, at_once: bool) -> None:
    row = make()
    several = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}

    response = curator.post(f"/admin/practices/{row._meta.model_name}/" if at_once else page(row, "delete"), several)

    assert (response.status_code, len(response.context["protected"])) == (200, 1)
    assert type(row).objects.filter(pk=row.pk).exists()


def test_deleting_several_at_once_keeps_what_is_published(curator: Client) -> None:
    published, free = publish().theme, ThemeFactory()
    action = {"action": "delete_selected", "_selected_action": [published.pk, free.pk], "post": "yes"}

    curator.post("/admin/practices/theme/", action)

    assert set(Theme.objects.all()) == {published, free}


def test_a_record_nobody_names_can_be_deleted(curator: Client) -> None:
    concept = ConceptFactory()

    curator.post(page(concept, "delete"), {"post": "yes"})

    assert not Concept.objects.exists()


def test_a_participation_with_headquarters_stays(curator: Client) -> None:
    institution = HeadquartersFactory().participation.institution
    form = filled(curator.get(page(institution))) | {"participations-0-DELETE": "on"}

    response = curator.post(page(institution), form)

    assert inline_errors(response) == ["formset"]
    assert Participation.objects.exists()


@pytest.mark.parametrize(
    ("path", "make"),
    [
        ("institution", InstitutionFactory),
        ("headquarters", HeadquartersFactory),
        ("programme", ProgrammeFactory),
    ],
)
def test_a_list_costs_the_same_with_1_and_30_rows(curator: Client, path: str, make: Any) -> None:
    counts = []
    for rows in (1, 29):
        for number in range(rows):
            make(slug=f"{path}-{rows}-{number}")
        with CaptureQueriesContext(connection) as counted:
            assert curator.get(f"/admin/universities/{path}/").status_code == 200
        counts.append(len(counted))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("model", [Edition, Transition])
def test_editions_and_log_are_not_in_the_admin(model: Any) -> None:
    assert not admin.site.is_registered(model)


@pytest.mark.parametrize("address", ["/admin/auth/user/", "/admin/auth/group/", "/admin/auth/user/add/"])
def test_accounts_are_for_superusers(curator: Client, address: str) -> None:
    assert curator.get(address).status_code == 403


@pytest.mark.parametrize(("accepts", "cookie", "language"), [("en", "", "ja"), ("ja", "en", "en"), ("en", "fr", "ja")])
def test_the_desk_speaks_japanese_unless_chosen_otherwise(
    curator: Client, accepts: str, cookie: str, language: str
) -> None:
    if cookie:
        curator.post("/admin/language/", {"language": cookie, "next": "/admin/"})

    response = curator.get("/admin/", headers={"accept-language": accepts})

    assert f'<html lang="{language}"' in response.content.decode()
