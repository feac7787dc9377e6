"""Two people at one public record: the second is told, keeps the text, and saves knowingly."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from practices.models import Chapter, Concept, ConceptLabel, Event, Publication, Theme
from tests.factories.practices import ConceptFactory, PublicationFactory, RecommendationFactory, ThemeFactory, staff
from tests.factories.universities import AliasFactory, HeadquartersFactory, InstitutionFactory, ProgrammeFactory
from tests.practices.desk import filled
from universities.models import Institution, InstitutionAlias

pytestmark = pytest.mark.django_db


def make_event() -> Event:
    return Event.objects.create(
        slug="forum", kind="symposium", year=2008, title_ja="会議", provenance="summary", locator="I, p. 1"
    )


RECORDS: list[tuple[Callable[..., Any], str]] = [
    (InstitutionFactory, "name_ja"),
    (HeadquartersFactory, "name_ja"),
    (ProgrammeFactory, "name_ja"),
    (ThemeFactory, "title_ja"),
    (RecommendationFactory, "title_ja"),
    (ConceptFactory, "pref_label_ja"),
    (PublicationFactory, "title_ja"),
    (make_event, "title_ja"),
]


@pytest.fixture
def curator(client: Client) -> Client:
    client.force_login(staff("curator"))
    return client


def page(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def opened(client: Client, row: Any, **changes: Any) -> dict[str, Any]:
    return filled(client.get(page(row))) | {name.replace("__", "-"): value for name, value in changes.items()}


@pytest.mark.parametrize(("make", "name"), RECORDS)
def test_the_second_of_two_forms_is_refused_and_saves_knowingly(curator: Client, make: Any, name: str) -> None:
    row = make()
    mine, theirs = opened(curator, row, **{name: "私の名"}), opened(curator, row, **{name: "別の名"})
    curator.post(page(row), theirs)

    response = curator.post(page(row), mine)

    row.refresh_from_db()
    assert (response.status_code, getattr(row, name), filled(response)[name]) == (409, "別の名", "私の名")
    assert curator.post(page(row), filled(response)).status_code == 302
    row.refresh_from_db()
    assert getattr(row, name) == "私の名"


@pytest.mark.parametrize(("make", "name"), RECORDS)
def test_one_form_alone_is_saved(curator: Client, make: Any, name: str) -> None:
    row = make()

    assert curator.post(page(row), opened(curator, row, **{name: "私の名"})).status_code == 302


@pytest.mark.parametrize(("make", "name"), RECORDS)
def test_the_fingerprint_is_on_the_page_of_who_may_save(curator: Client, make: Any, name: str) -> None:
    row, reader = make(), Client()
    reader.force_login(staff("translator_en"))

    shown = ['name="seen"' in client.get(page(row)).content.decode() for client in (curator, reader)]

    assert shown == [True, False]


@pytest.mark.parametrize("seen", ["", "x", None])
def test_a_forged_fingerprint_is_a_conflict(curator: Client, seen: str | None) -> None:
    institution = InstitutionFactory()
    form = opened(curator, institution, name_ja="偽")
    form.pop("seen") if seen is None else form.update(seen=seen)

    assert curator.post(page(institution), form).status_code == 409
    assert Institution.objects.get().name_ja != "偽"


def test_a_short_name_alone_conflicts(curator: Client) -> None:
    institution = AliasFactory(label="京大").institution
    mine = opened(curator, institution, aliases__0__label="私の略称")
    curator.post(page(institution), opened(curator, institution, aliases__0__label="別の略称"))

    response = curator.post(page(institution), mine)

    assert (response.status_code, filled(response)["aliases-0-label"]) == (409, "私の略称")
    assert InstitutionAlias.objects.get().label == "別の略称"


def test_a_related_concept_alone_conflicts(curator: Client) -> None:
    concept, other = ConceptFactory(), ConceptFactory()
    mine = opened(curator, concept, pref_label_ja="私の語")
    curator.post(page(other), opened(curator, other, related=[concept.pk]))

    assert curator.post(page(concept), mine).status_code == 409
    assert list(Concept.objects.get(pk=concept.pk).related.all()) == [other]


def test_a_part_added_meanwhile_conflicts(curator: Client) -> None:
    publication = PublicationFactory()
    mine = opened(curator, publication, title_ja="私の題名")
    Chapter.objects.create(publication=publication, number=1, title_ja="第一章")

    assert curator.post(page(publication), mine).status_code == 409
    assert Publication.objects.get().title_ja != "私の題名"


def test_the_text_of_a_part_deleted_meanwhile_comes_back(curator: Client) -> None:
    concept = ConceptFactory(synonyms=["travel", "mobility"])
    mine = opened(curator, concept, labels__0__label="journeys", labels__1__label="movement")
    ConceptLabel.objects.all().first().delete()  # type: ignore[union-attr]

    response = curator.post(page(concept), mine)

    assert response.status_code == 409
    assert curator.post(page(concept), filled(response)).status_code == 302
    assert sorted(concept.labels.values_list("label", flat=True)) == ["journeys", "movement"]


def test_of_two_saves_at_once_one_wins(transactional_db: None) -> None:
    institution, user = InstitutionFactory(), staff("curator")
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(user)
    forms = [opened(client, institution, name_ja=f"第{number}案") for number, client in enumerate(clients)]

    def save(number: int) -> int:
        try:
            return clients[number].post(page(institution), forms[number]).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(save, (0, 1))) == [302, 409]


def test_a_record_edited_elsewhere_does_not_conflict(curator: Client) -> None:
    theme, other = ThemeFactory(), ThemeFactory()
    mine = opened(curator, theme, title_ja="私の題名")
    curator.post(page(other), opened(curator, other, title_ja="別の題名"))

    assert curator.post(page(theme), mine).status_code == 302
    assert set(Theme.objects.values_list("title_ja", flat=True)) == {"私の題名", "別の題名"}
