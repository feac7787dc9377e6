"""Figures are released as a whole: loading twice releases once, and a changed file makes the next release."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from sih_portal.models import DataVersion
from survey import importing
from survey.models import Figure, Group, Indicator, Release


def load(*flags: str) -> str:
    out = StringIO()
    call_command("load_source", *flags, stdout=out)
    return out.getvalue()


def change_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    change_file("ROUND_FILE", tmp_path, monkeypatch, old, new)


def change_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    """The file `name`, elsewhere, with one text replaced."""
    file: Path = getattr(importing, name)
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    changed = tmp_path / file.name
    changed.write_text(text.replace(old, new), encoding="utf-8")
    monkeypatch.setattr(importing, name, changed)


@pytest.mark.django_db
def test_load_without_apply_releases_nothing() -> None:
    assert "figures of sih-fy2008: 128 to release" in load()
    assert not Release.objects.exists()


def test_load_twice_releases_once(loaded_source: None) -> None:
    before = list(Figure.objects.order_by("pk").values()), DataVersion.objects.current()

    report = load("--apply")

    assert "to release" not in report
    assert (list(Figure.objects.order_by("pk").values()), DataVersion.objects.current()) == before


def test_changed_figure_is_a_new_release(loaded_source: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = DataVersion.objects.current()
    change_figures(tmp_path, monkeypatch, '["share", "", "75", "30"]', '["share", "", "75", "31"]')

    load("--apply")

    first, second = Release.objects.order_by("number")
    assert (first.superseded_at, second.superseded_at) == (second.published_at, None)
    shares = Figure.objects.filter(indicator__code="s3", group__code="other")
    assert [row.value for row in (shares.get(release=first), shares.public().get())] == [30, 31]
    assert DataVersion.objects.current() != before


def test_renamed_group_keeps_its_figures(loaded_source: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = list(Figure.objects.order_by("pk").values()), DataVersion.objects.current()
    change_file("GROUPS_FILE", tmp_path, monkeypatch, '"採択機関以外"', '"その他の機関"')

    assert "groups: 0 to add, 1 to change, 15 unchanged" in load("--apply")

    assert Group.objects.get(code="other").name_ja == "その他の機関"
    assert list(Figure.objects.order_by("pk").values()) == before[0]
    assert DataVersion.objects.current() != before[1]
    assert re.findall(r"([1-9]\d*) to (?:add|change)", load()) == []


def test_text_edited_here_is_kept(loaded_source: None) -> None:
    Indicator.objects.filter(code="s1a").update(title_ja="国際本部の設置")

    assert "kept: edited here: s1a" in load("--apply")
    assert Indicator.objects.get(code="s1a").title_ja == "国際本部の設置"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('["share", "", "75", "30"]', '["share", "", "75"]', "does not fit the groups"),
        ('["share", "", "75", "30"]', '["share", "", "75", "thirty"]', "'thirty' is not a number"),
    ],
)
def test_file_that_cannot_be_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str
) -> None:
    change_figures(tmp_path, monkeypatch, old, new)

    with pytest.raises(CommandError, match=f"sih-fy2008.toml, table 8: .*{said}"):
        load("--apply")
    assert not Release.objects.exists()
