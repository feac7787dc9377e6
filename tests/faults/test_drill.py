"""The drill: back up while people save, bring it back elsewhere, start what came back and use it."""

import gzip
import io
import json
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2  # type: ignore[import-untyped]
import pytest

from tests.faults.conftest import Make
from tests.faults.load import MEMBERS, under_load
from tests.faults.portal import Portal
from tests.run import ROOT

SMOKE = (
    *("/ja/", "/en/practices/?q=students", "/ja/practices/?q=%E7%95%99%E5%AD%A6", "/en/themes/1/"),
    *("/api/v1/practices/?page_size=100", "/admin/login/", "/sitemap.xml", "/readyz"),
)


def back_up(portal: Portal, name: str = "backup.tar.gz") -> Path:
    path = portal.folder / name
    portal.manage("backup", "--to", str(path))
    return path


def restore(portal: Portal, path: Path, *options: str) -> str:
    """What the command says; its errors too."""
    done = portal.manage("restore", str(path), *options, check=False)
    return f"{done.returncode} {done.stdout}{done.stderr}"


def manifest(path: Path) -> dict[str, Any]:
    with tarfile.open(path) as archive:
        text: Any = archive.extractfile("manifest.json")
        told: dict[str, Any] = json.load(text)
    return told


def rewrite(path: Path, **changes: Any) -> Path:
    """The same backup with another manifest."""
    target = path.with_name("rewritten.tar.gz")
    with tarfile.open(path) as old, tarfile.open(target, "w:gz") as new:
        for entry in old:
            content: Any = old.extractfile(entry)
            data = content.read()
            if entry.name == "manifest.json":
                data = json.dumps({**json.loads(data), **changes}).encode()
                entry.size = len(data)
            new.addfile(entry, io.BytesIO(data))
    return target


def test_backup_under_load_comes_back_and_serves(portal: Portal, make_portal: Make) -> None:
    portal.manage("load_source", "--apply", "--verbosity", "0")
    cases = portal.make_cases(MEMBERS)
    attachment = portal.folder / "media" / "attachments" / "表.pdf"
    attachment.parent.mkdir(parents=True)
    attachment.write_bytes(b"figures")

    with portal.served() as server, under_load(server, cases, portal.folder / "ledger") as load:
        load.wait_for_saves(MEMBERS)
        before = [(member.case, member.acknowledged[-1]) for member in load.members if member.acknowledged]
        backup = back_up(portal)
        load.wait_for_saves(MEMBERS)
    other = make_portal("other")
    said = restore(other, backup)

    assert said.startswith("0 Restored the backup of ")
    assert other.read_cases().keys() == set(cases)
    stored = other.read_cases()
    assert [case for case, number in before if stored[case][0] < number] == []
    assert load.losses(portal) == []
    assert (other.folder / "media" / "attachments" / "表.pdf").read_bytes() == b"figures"
    again = manifest(back_up(other))
    assert again["state"] == manifest(backup)["state"]
    with other.served() as restored:
        assert {path: restored.get(path).status for path in SMOKE} == dict.fromkeys(SMOKE, 200)
        assert json.loads(restored.get("/api/v1/practices/?page_size=100").body)["count"] == 20
        assert "<mark>" in restored.get("/en/practices/?q=students").text


def test_backup_is_for_its_owner_and_holds_no_key(portal: Portal) -> None:
    path = back_up(portal)

    with tarfile.open(path) as archive:
        names = archive.getnames()
    assert path.stat().st_mode & 0o777 == 0o600
    assert names == ["database", "manifest.json"]
    assert list(portal.folder.glob(".*")) == []


def test_database_that_holds_something_is_replaced_only_when_told(portal: Portal, make_portal: Make) -> None:
    path = back_up(portal)
    (case,) = portal.make_cases(1)

    refused = restore(portal, path)
    replaced = restore(portal, path, "--replace")

    assert refused.startswith("1 CommandError: Nothing was changed. The database holds something.")
    assert replaced.startswith("0 What was there is kept: ")
    assert portal.read_cases() == {}
    (kept,) = (portal.folder / "backups").glob("before-restore-*.tar.gz")
    other = make_portal("other")
    restore(other, kept)
    assert other.read_cases().keys() == {case}


def test_portal_goes_on_while_its_database_is_replaced(portal: Portal) -> None:
    path = back_up(portal)
    portal.make_cases(1)

    with portal.served() as server:
        before = server.get("/readyz").status
        said = restore(portal, path, "--replace")
        after = [server.get(path).status for path in ("/readyz", "/en/practices/")]

    assert (before, said[0], after) == (200, "0", [200, 200])


def test_backup_of_a_newer_portal_is_refused_with_words(portal: Portal, make_portal: Make) -> None:
    path = back_up(portal)
    state = manifest(path)["state"]
    newer = rewrite(path, state={**state, "migrations": [*state["migrations"], "practices.9999_from_the_future"]})

    said = restore(make_portal("other"), newer)

    assert said.startswith("1 CommandError: Nothing was changed. A newer portal made the backup")
    assert "practices.9999_from_the_future" in said


def test_backup_of_another_engine_is_refused_with_words(portal: Portal, make_portal: Make) -> None:
    path = back_up(portal)
    other = rewrite(path, state={**manifest(path)["state"], "engine": "oracle"})

    assert "Nothing was changed. The backup is of oracle; DATABASE_URL names " in restore(make_portal("other"), other)


def test_backup_never_replaces_another(portal: Portal) -> None:
    path = back_up(portal)
    before = path.read_bytes()

    done = portal.manage("backup", "--to", str(path), check=False)

    assert (done.returncode, "A backup never replaces another one." in done.stderr) == (1, True)
    assert path.read_bytes() == before


@contextmanager
def in_use(portal: Portal) -> Iterator[None]:
    """Somebody reads on PostgreSQL, writes on SQLite: as long as that lasts, no database is replaced."""
    address = portal.settings.get("DATABASE_URL")
    database: Any = psycopg2.connect(address) if address else sqlite3.connect(portal.folder / "db.sqlite3")
    statement = "SELECT 1 FROM practices_goodpractice" if address else "BEGIN IMMEDIATE"
    database.cursor().execute(statement)
    try:
        yield
    finally:
        database.close()


def attach(portal: Portal, content: bytes) -> Path:
    path = portal.folder / "media" / "attachments" / "表.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def left_over(portal: Portal) -> list[str]:
    return sorted(path.name for path in portal.folder.rglob("*") if "incoming" in path.name or "replaced" in path.name)


def test_restore_into_a_database_in_use_ends_with_words(portal: Portal) -> None:
    path = back_up(portal)
    (case,) = portal.make_cases(1)
    attachment = attach(portal, b"old")

    with in_use(portal):
        said = restore(portal, path, "--replace")

    assert "CommandError: Nothing was changed. Somebody is still reading or writing" in said
    assert "stop the portal first" in said
    assert portal.read_cases().keys() == {case}
    assert (attachment.read_bytes(), left_over(portal)) == (b"old", [])


def test_attachments_that_fail_after_the_database_are_told_truly(portal: Portal) -> None:
    attachment = attach(portal, b"new")
    path = back_up(portal)
    portal.make_cases(1)
    attach(portal, b"old")
    command = [sys.executable, "manage.py", "restore", str(path), "--replace"]

    with in_use(portal):
        restoring = subprocess.Popen(command, cwd=ROOT, env=portal.environment(), stderr=subprocess.PIPE, text=True)
        while restoring.poll() is None and not list(portal.folder.glob("backups/before-restore-*.tar.gz")):
            time.sleep(0.05)
        (incoming,) = portal.folder.glob(".media-incoming-*")
        shutil.rmtree(incoming)
    said = restoring.communicate()[1]

    (kept,) = (portal.folder / "backups").glob("before-restore-*.tar.gz")
    assert "Nothing was changed" not in said
    assert "The database is now the backup's." in said
    assert f"from before: {kept}." in said
    assert f"NOT the backup's: those from before are still in {portal.folder / 'media'}" in said
    assert portal.read_cases() == {}
    assert attachment.read_bytes() == b"old"


def test_attachments_that_can_not_be_put_in_place_leave_the_database(portal: Portal) -> None:
    path = back_up(portal)
    (case,) = portal.make_cases(1)
    (portal.folder / "media").symlink_to("/proc/nowhere/media")

    said = restore(portal, path, "--replace")

    assert said.startswith("1 CommandError: Nothing was changed.")
    assert portal.read_cases().keys() == {case}


@pytest.mark.parametrize("make_portal", ["sqlite"], indirect=True)
def test_attachments_on_a_mount_come_back(portal: Portal) -> None:
    attachment = attach(portal, b"new")
    path = back_up(portal)
    attach(portal, b"old")
    media = portal.folder / "media"
    if subprocess.run(["mount", "--bind", media, media], check=False, capture_output=True).returncode:
        pytest.skip("Nobody may mount here.")
    try:
        said = restore(portal, path, "--replace")
        again = restore(portal, back_up(portal, "again.tar.gz"), "--replace")
    finally:
        subprocess.run(["umount", media], check=True)

    assert (said[0], again[0]) == ("0", "0")
    assert attachment.read_bytes() == b"new"
    assert b"old" in [kept.read_bytes() for kept in media.glob(".media-replaced-*/attachments/*")]
    with tarfile.open(portal.folder / "again.tar.gz") as archive:
        assert [name for name in archive.getnames() if "replaced" in name] == []


@pytest.mark.parametrize("make_portal", ["sqlite"], indirect=True)
def test_file_that_is_no_backup_is_refused_with_words(portal: Portal, tmp_path: Path) -> None:
    path = tmp_path / "notes.tar.gz"
    path.write_bytes(gzip.compress(b"not a tar file"))

    said = [restore(portal, path), restore(portal, tmp_path / "absent.tar.gz")]

    assert ["is damaged or no backup" in one for one in said] == [True, True]
