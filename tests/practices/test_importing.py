"""Loading twice changes nothing, a changed file changes its rows, and what staff edited is kept."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from practices import importing, translations
from practices.models import Edition, GoodPractice, Theme, Transition
from practices.workflow import Steps, take
from sih_portal import loading
from tests.factories.practices import PracticeFactory, staff
from universities import importing as universities
from universities.models import Institution, InstitutionAlias


def load(*flags: str) -> str:
    out = StringIO()
    call_command("load_source", *flags, stdout=out)
    return out.getvalue()


def change_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **replacements: str) -> None:
    """Copies the source's files elsewhere and replaces text in the Kobe case."""
    source = tmp_path / "source"
    for path in importing.SOURCE.rglob("*.toml"):
        target = source / path.relative_to(importing.SOURCE)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        if path.name == "13-kobe.toml":
            for old, new in replacements.items():
                assert old in text
                text = text.replace(old, new)
        target.write_text(text, encoding="utf-8")
    monkeypatch.setattr(importing, "SOURCE", source)


@pytest.mark.django_db
def test_load_without_apply_writes_nothing() -> None:
    report = load()

    assert "practices: 20 to add, 0 to change, 0 unchanged" in report
    assert "Nothing was written" in report
    assert not Institution.objects.exists()


def test_load_twice_changes_nothing(loaded_source: None) -> None:
    before = list(Edition.objects.order_by("pk").values())

    report = load("--apply")

    assert "practices: 0 to add, 0 to change, 20 unchanged" in report
    assert list(Edition.objects.order_by("pk").values()) == before


def test_loaded_cases_are_published_by_an_account_that_cannot_log_in(loaded_source: None) -> None:
    accounts = {(log.by.username, log.by.is_staff, log.by.has_usable_password()) for log in Transition.objects.all()}

    assert accounts == {("source-import", False, False)}


def test_changed_file_becomes_a_new_edition(
    loaded_source: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_case(tmp_path, monkeypatch, 国際専門人材="国際業務の専門人材")

    report = load("--apply")

    edition = Edition.objects.public().get(institution__slug="kobe")
    assert "practices: 0 to add, 1 to change, 19 unchanged" in report
    assert (edition.version, "国際業務の専門人材" in edition.title_ja) == (2, True)
    assert (edition.actions.count(), edition.effects.count()) == (1, 3)


def test_a_file_changed_in_one_language_leaves_the_other_to_be_checked(
    loaded_source: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_case(tmp_path, monkeypatch, 国際専門人材="国際業務の専門人材")

    load("--apply")

    drifts = [drift for case in GoodPractice.objects.order_by("slug") for drift in translations.drifted(case)]
    assert {drift.language for drift in drifts} == {"en"}
    assert ("title", "国際専門人材" in drifts[0].source_then) == (drifts[0].place, True)


def test_edited_case_is_kept(loaded_source: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    GoodPractice.objects.filter(institution__slug="kobe").update(lessons_ja="担当者の追記。")
    change_case(tmp_path, monkeypatch, 国際専門人材="国際業務の専門人材")

    report = load("--apply")

    assert "kept: edited here: kobe-specialists-on-the-job-training" in report
    assert Edition.objects.public().get(institution__slug="kobe").version == 1


def test_case_opened_for_revision_is_kept(loaded_source: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    practice = GoodPractice.objects.get(institution__slug="kobe")
    at = practice.transitions.latest("at").at + timedelta(hours=1)
    take(Steps.REVISE, practice=practice, by=staff("curator"), at=at)
    change_case(tmp_path, monkeypatch, 国際専門人材="国際業務の専門人材")

    report = load("--apply")

    practice.refresh_from_db()
    assert "kept: edited here: kobe-specialists-on-the-job-training" in report
    assert practice.status == "draft"


@pytest.mark.parametrize("deed", ["revised", "edited", "written"])
def test_case_that_staff_takes_between_plan_and_apply_is_kept_and_the_rest_goes_on(
    loaded_source: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    practice = GoodPractice.objects.get(institution__slug="kobe")
    change_case(tmp_path, monkeypatch, 国際専門人材="国際業務の専門人材")
    plan = importing.plan_cases()
    (record,) = plan.changed
    other = loading.Record("new", record.content | {"slug": "new-case"})
    at = timezone.now()
    match deed:
        case "revised":
            take(Steps.REVISE, practice=practice, by=staff("curator"), at=at)
        case "edited":
            GoodPractice.objects.filter(pk=practice.pk).update(lessons_ja="担当者の追記。")
        case "written":
            PracticeFactory(slug="written")
            plan.changed = [loading.Record("written", record.content | {"slug": "written"})]
    plan.changed.append(other)
    before = list(GoodPractice.objects.order_by("pk").values())

    kept = importing.apply_cases(plan, at=at, progress=lambda _line: None)

    assert kept == plan.changed[:1]
    assert list(GoodPractice.objects.exclude(slug="new-case").order_by("pk").values()) == before
    assert Edition.objects.public().filter(slug="new-case").count() == 1


def test_load_lists_the_case_that_staff_revises_meanwhile(
    loaded_source: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_case(tmp_path, monkeypatch, 国際専門人材="国際業務の専門人材")
    plan = importing.plan_cases()
    monkeypatch.setattr(importing, "plan_cases", lambda: plan)
    practice = GoodPractice.objects.get(institution__slug="kobe")
    take(Steps.REVISE, practice=practice, by=staff("curator"), at=timezone.now())

    assert "kept: edited here: kobe-specialists-on-the-job-training" in load("--apply")


def test_edited_theme_is_kept(loaded_source: None) -> None:
    Theme.objects.filter(number=3).update(short_ja="外部資金")

    report = load("--apply")

    assert "themes: 0 to add, 0 to change, 9 unchanged\n  kept: edited here: 3\n" in report
    assert Theme.objects.get(number=3).short_ja == "外部資金"


@pytest.mark.parametrize(
    ("replacement", "message"),
    [
        ({"theme = 6": "theme = 77"}, "13-kobe.toml: theme names 77, which does not exist"),
        ({"title_ja": "titel_ja"}, "13-kobe.toml: unknown name 'titel_ja'"),
        ({"[[action]]": "[[action"}, "13-kobe.toml: Expected"),
    ],
)
@pytest.mark.django_db
def test_broken_file_names_the_place_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replacement: dict[str, str], message: str
) -> None:
    change_case(tmp_path, monkeypatch, **replacement)

    with pytest.raises(CommandError) as caught:
        load("--apply")

    assert str(caught.value).startswith(message)
    assert not Institution.objects.exists()


def test_short_name_may_move_to_another_institution(
    loaded_source: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in universities.SOURCE.glob("*.toml"):
        text = path.read_text(encoding="utf-8").replace('"東大"', '"XX"').replace('"北大"', '"東大"')
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(universities, "SOURCE", tmp_path)

    report = load("--apply")

    assert "institutions: 0 to add, 2 to change, 18 unchanged" in report
    assert InstitutionAlias.objects.get(label="東大").institution.slug == "hokkaido"


def test_column_added_later_does_not_look_like_an_edit() -> None:
    content = dict.fromkeys(importing.EVENTS.columns) | {"slug": "event", "year": 2008}

    now = loading.content_hash(importing.EVENTS, content)

    older = replace(importing.EVENTS, columns=tuple(name for name in importing.EVENTS.columns if name != "place_en"))
    assert now == loading.content_hash(older, {name: content[name] for name in older.columns})


def test_value_the_database_refuses_names_the_place(
    loaded_source: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_case(tmp_path, monkeypatch, 国際専門人材="国際業務の専門人材")
    themes = importing.SOURCE / "themes.toml"
    themes.write_text(themes.read_text(encoding="utf-8").replace("III-4, p. 3", ""), encoding="utf-8")

    with pytest.raises(CommandError, match=r"themes.toml, theme 4: the database refuses it: .*names_its_source"):
        load("--apply")


def test_record_that_stands_twice_is_refused() -> None:
    records = [loading.Record("here", {"number": 1}), loading.Record("there", {"number": 1})]

    with pytest.raises(loading.SourceError, match=r"there: \(1,\) stands twice"):
        loading.sort_out(loading.Plan(importing.THEMES), records, {})
