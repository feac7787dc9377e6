"""The survey at the desk: who keeps it, what a release fixes, and that figures are only read."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sih_portal.models import DataVersion
from sih_portal.roles import Role
from survey.models import Caveat, Figure, Indicator, Release, Round
from tests.factories.practices import ThemeFactory, staff
from tests.factories.survey import (
    CaveatFactory,
    FigureFactory,
    GroupFactory,
    IndicatorFactory,
    ItemFactory,
    ReleaseFactory,
    RoundFactory,
)
from tests.practices.desk import errors, filled

pytestmark = pytest.mark.django_db

RECORDS = [RoundFactory, IndicatorFactory, CaveatFactory]
RELEASED = [ReleaseFactory, FigureFactory]


def logged_in(*roles: str) -> Client:
    client = Client()
    client.force_login(staff(*roles))
    return client


@pytest.fixture
def manager() -> Client:
    return logged_in("survey_manager")


def page(row: Any, verb: str = "change") -> str:
    return reverse(f"admin:survey_{row._meta.model_name}_{verb}", args=[row.pk])


def listed(model: Any, verb: str = "changelist") -> str:
    return reverse(f"admin:survey_{model._meta.model_name}_{verb}")


def opened(client: Client, row: Any, **changes: Any) -> dict[str, Any]:
    form = filled(client.get(page(row)))
    return form | {name.replace("__", "-"): value for name, value in changes.items()}


def part_errors(response: Any) -> list[str]:
    formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
    found = [name for formset in formsets for form in formset.forms for name in form.errors]
    return found + ["formset" for formset in formsets if formset.non_form_errors()]


@pytest.mark.parametrize("make", RECORDS)
@pytest.mark.parametrize(("role", "keeps"), [(role, role == Role.SURVEY_MANAGER) for role in Role])
def test_survey_managers_keep_records_the_others_read(make: Any, role: Role, keeps: bool) -> None:
    client, row = logged_in(role), make()

    shown = client.get(page(row))

    assert (shown.status_code, shown.context["has_change_permission"]) == (200, keeps)
    assert client.get(listed(row, "add")).status_code == (200 if keeps else 403)
    assert client.post(page(row), {"title_ja": "偽"}).status_code == (409 if keeps else 403)
    assert client.post(page(row, "delete"), {"post": "yes"}).status_code == (302 if keeps else 403)
    assert type(row).objects.exists() != keeps


@pytest.mark.parametrize("make", RELEASED)
@pytest.mark.parametrize("role", [*Role, "superuser"])
def test_nobody_writes_what_a_release_holds(make: Any, role: str) -> None:
    row, client = make(), logged_in(role)
    if role == "superuser":
        client.force_login(User.objects.create_superuser("root"))
    stored = type(row).objects.values().get()

    answers = [client.get(page(row)), client.get(listed(row)), client.get(listed(row, "add"))]
    answers += [client.post(page(row, verb), {"post": "yes", "value": 99}) for verb in ("change", "delete")]
    several = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    client.post(listed(row), several)

    assert [answer.status_code for answer in answers] == [200, 200, 403, 403, 403]
    assert type(row).objects.values().get() == stored


@pytest.mark.parametrize(
    ("make", "changes"),
    [
        (RoundFactory, {"code": "other", "is_synthetic": "on", "state": "draft"}),
        (IndicatorFactory, {"code": "other", "unit": "persons"}),
        (CaveatFactory, {"number": 99, "round": 99}),
    ],
)
def test_what_a_release_needs_never_changes(manager: Client, make: Any, changes: dict[str, Any]) -> None:
    row = make()
    fixed = type(row).objects.values(*changes).get()

    response = manager.post(page(row), opened(manager, row, **changes, title_ja="新しい題名"))

    assert response.status_code == 302
    assert type(row).objects.get().title_ja == "新しい題名"
    assert type(row).objects.values(*changes).get() == fixed


@pytest.mark.parametrize("name", ["indicator", "round"])
@pytest.mark.parametrize("published_at", [None, timezone.now()])
def test_what_a_release_names_stays(manager: Client, name: str, published_at: Any) -> None:
    figure = FigureFactory(release__published_at=published_at)
    row = {"indicator": figure.indicator, "round": figure.release.round}[name]
    several = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}

    assert manager.post(page(row, "delete"), {"post": "yes"}).status_code == 403
    manager.post(listed(row), several)

    assert type(row).objects.filter(pk=row.pk).exists()


def test_manager_adds_a_round_in_preparation(manager: Client) -> None:
    texts = {"code": "next", "title_ja": "次の調査", "first_year": 2010, "last_year": 2013, "state": "published"}
    source = {"provenance": "reference", "reference_ja": "実施要項"}

    manager.post(listed(Round, "add"), filled(manager.get(listed(Round, "add"))) | texts | source)

    stored = Round.objects.get()
    assert (stored.code, stored.state, Round.objects.public().exists()) == ("next", Round.State.DRAFT, False)


def test_manager_adds_an_indicator_with_items_and_themes(manager: Client) -> None:
    theme, address = ThemeFactory(), listed(Indicator, "add")
    form = filled(manager.get(address)) | {"code": "q4", "title_ja": "分野", "unit": "percent", "sensitivity": "A"}
    form |= {"themes": [theme.pk], "provenance": "summary", "locator": "V-4(4), p. 9", "items-TOTAL_FORMS": 1}
    form |= {"items-0-code": "lab", "items-0-label_ja": "研究室", "items-0-position": 1}

    manager.post(address, form)

    indicator = Indicator.objects.get()
    assert ([row.code for row in indicator.items.all()], list(indicator.themes.all())) == (["lab"], [theme])


@pytest.mark.parametrize(
    ("make", "changes", "field"),
    [
        (RoundFactory, {"last_year": 2004}, "last_year"),
        (RoundFactory, {"title_ja": "", "title_en": ""}, "title_ja"),
        (RoundFactory, {"locator": ""}, "locator"),
        (CaveatFactory, {"title_ja": "", "title_en": ""}, "title_ja"),
        *(
            (IndicatorFactory, {name: headline}, name)
            for name, headline in [
                ("headline_ja", "採択機関の{pilot"),
                ("headline_ja", "採択機関の{}"),
                ("headline_en", "{pilot!r} of the pilots"),
                ("headline_en", "{{pilot}} of the pilots"),
                ("headline_en", "{other/mean/2008/x} each"),
            ]
        ),
    ],
)
def test_what_can_not_be_is_said_at_the_field(manager: Client, make: Any, changes: dict[str, Any], field: str) -> None:
    row = make()

    response = manager.post(page(row), opened(manager, row, **changes))

    assert list(errors(response)) == [field]


def test_headline_may_name_figures(manager: Client) -> None:
    row, headline = IndicatorFactory(), "{pilot}と{inter_university/mean}、{other/ratio/2005-2008}"

    manager.post(page(row), opened(manager, row, headline_ja=headline))

    row.refresh_from_db()
    assert row.headline_ja == headline


def test_number_of_a_point_to_know_stands_once_in_its_round(manager: Client) -> None:
    first, address = CaveatFactory(), listed(Caveat, "add")
    form = filled(manager.get(address)) | {"round": first.round.pk, "number": first.number, "title_ja": "留意点"}

    response = manager.post(address, form | {"provenance": "summary", "locator": "V, p. 10"})

    assert list(errors(response)) == ["__all__"]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"items__0__code": "other"}, ["code"]),
        ({"items__0__DELETE": "on"}, ["formset"]),
        ({"items__0__label_ja": "", "items__0__label_en": ""}, ["label_ja"]),
    ],
)
def test_item_that_figures_tell_of_stays(manager: Client, changes: dict[str, Any], found: list[str]) -> None:
    item = ItemFactory()
    FigureFactory(indicator=item.indicator, item=item.code, release__published_at=None)

    response = manager.post(page(item.indicator), opened(manager, item.indicator, **changes))

    assert part_errors(response) == found
    assert item.indicator.items.get().code == item.code


@pytest.mark.parametrize("changes", [{"items__0__code": "other"}, {"items__0__DELETE": "on"}])
def test_item_no_figure_tells_of_may_go(manager: Client, changes: dict[str, Any]) -> None:
    item = ItemFactory()
    FigureFactory(item=item.code)

    manager.post(page(item.indicator), opened(manager, item.indicator, **changes))

    assert not item.indicator.items.filter(code=item.code).exists()


@pytest.mark.parametrize("make", RECORDS)
def test_second_of_two_saves_is_a_conflict_and_keeps_its_text(manager: Client, make: Any) -> None:
    row = make()
    mine, theirs = opened(manager, row, title_ja="私の題名"), opened(manager, row, title_ja="別の題名")
    manager.post(page(row), theirs)

    response = manager.post(page(row), mine)

    row.refresh_from_db()
    assert (response.status_code, row.title_ja) == (409, "別の題名")
    assert filled(response)["title_ja"] == "私の題名"
    assert manager.post(page(row), filled(response)).status_code == 302


def test_conflict_at_an_item_is_told(manager: Client) -> None:
    indicator = ItemFactory().indicator
    mine, theirs = (opened(manager, indicator, items__0__label_ja=label) for label in ("私の細目", "別の細目"))
    manager.post(page(indicator), theirs)

    response = manager.post(page(indicator), mine)

    assert response.status_code == 409
    assert [(row.theirs, row.yours) for row in response.context["clash"].both] == [("別の細目", "私の細目")]


def public_and_hidden(make: Any) -> list[Any]:
    """A record that a public release shows, and its twins: unreleased, superseded, made up."""
    now = timezone.now()
    superseded = {"published_at": now, "superseded_at": now}
    releases: list[dict[str, Any]] = [{}, {"published_at": None}, superseded, {"round__is_synthetic": True}]
    figures = [FigureFactory(release=ReleaseFactory(**fields)) for fields in releases]
    if make is IndicatorFactory:
        return [figure.indicator for figure in figures]
    rounds = [figure.release.round for figure in figures]
    return [CaveatFactory(round=row) for row in rounds] if make is CaveatFactory else rounds


@pytest.mark.parametrize("make", RECORDS)
def test_saving_tells_the_caches_of_what_is_public_and_of_nothing_else(manager: Client, make: Any) -> None:
    told = []
    for row in public_and_hidden(make):
        before = DataVersion.objects.current()
        manager.post(page(row), opened(manager, row, title_ja="新しい題名"))
        told.append(DataVersion.objects.current() != before)

    assert set(type(row).objects.values_list("title_ja", flat=True)) == {"新しい題名"}
    assert told == [True, False, False, False]


@pytest.mark.parametrize(("before", "after"), [("A", "C"), ("C", "A")])
def test_indicator_that_becomes_internal_or_is_so_no_more_tells_the_caches(
    manager: Client, before: str, after: str
) -> None:
    indicator = FigureFactory(indicator__sensitivity=before).indicator
    version = DataVersion.objects.current()

    manager.post(page(indicator), opened(manager, indicator, sensitivity=after))

    indicator.refresh_from_db()
    assert indicator.sensitivity == after
    assert DataVersion.objects.current() != version


@pytest.mark.parametrize("at_once", [True, False])
def test_deleting_tells_the_caches_of_what_was_public_and_of_nothing_else(manager: Client, at_once: bool) -> None:
    told = []
    for row in public_and_hidden(CaveatFactory):
        before = DataVersion.objects.current()
        several = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        manager.post(listed(row) if at_once else page(row, "delete"), several)
        told.append(DataVersion.objects.current() != before)

    assert not Caveat.objects.exists()
    assert told == [True, False, False, False]


@pytest.mark.parametrize(
    ("model", "query", "status"),
    [
        *((Figure, f"{name}__id__exact=abc", 302) for name in ("indicator", "group", "release", "release__round")),
        (Figure, f"indicator__id__exact={10**30}", 200),
        (Figure, "verdict__exact=guessed", 200),
        (Figure, "note_ja__regex=((((a%2B)%2B)%2B)%2B)", 400),
        (Figure, "indicator__sensitivity__exact=C", 400),
        (Figure, "o=99.-99&p=abc&q=%25_%27%22", 200),
        (Caveat, "indicators__id__exact=abc", 302),
        (Caveat, "indicators__isnull=perhaps", 200),
        (Round, "state__exact=secret", 200),
        (Release, "round__id__exact=-1", 200),
    ],
)
def test_odd_filters_are_refused_or_find_nothing(manager: Client, model: Any, query: str, status: int) -> None:
    for code in ("pilot", "other"):
        CaveatFactory(round=FigureFactory(group=GroupFactory(code=code)).release.round)
    Caveat.objects.earliest("pk").indicators.set(Indicator.objects.all())

    assert manager.get(f"{listed(model)}?{query}").status_code == status


@pytest.mark.parametrize("make", [*RECORDS, *RELEASED])
def test_list_costs_the_same_with_1_and_30_rows(manager: Client, make: Any) -> None:
    counts = []
    for rows in (1, 29):
        for _number in range(rows):
            make()
        with CaptureQueriesContext(connection) as counted:
            assert manager.get(listed(make._meta.model)).status_code == 200
        counts.append(len(counted))

    assert counts[0] == counts[1]


def test_release_leads_to_its_figures(manager: Client) -> None:
    release = ReleaseFactory()
    for code in ("pilot", "other"):
        FigureFactory(release=release, group=GroupFactory(code=code), value=57, verdict="compatible", note_ja="仮定")
    FigureFactory()
    address = f"{listed(Figure)}?release__id__exact={release.pk}"

    assert f'<a href="{address}">2</a>' in manager.get(page(release)).content.decode()
    shown = manager.get(address)

    assert {row.release for row in shown.context["cl"].result_list} == {release}
    text = shown.content.decode()
    assert [text.count(f">{told}</td>") for told in ("57%", "仮定の下で一致", "仮定")] == [2, 2, 2]


def test_index_names_the_survey_in_japanese(manager: Client) -> None:
    apps = {row["app_label"]: row for row in manager.get("/admin/").context["app_list"]}

    assert str(apps["survey"]["name"]) == "アンケート調査"
    names = {model["object_name"] for model in apps["survey"]["models"]}
    assert names >= {"Round", "Indicator", "Caveat", "Release", "Figure"}
