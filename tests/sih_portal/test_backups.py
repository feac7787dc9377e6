"""A backup is whole or refused."""

import os
import tarfile
from pathlib import Path

import pytest

from sih_portal import copies
from sih_portal.backups import BadBackup, Manifest, State, Table, pack, read_manifest, table_of, unpack

STATE = State(engine="sqlite", migrations=["practices.0001"], tables={"case": Table(rows=2, md5="abc")})


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of a database and one attachment, both of bytes that do not compress."""
    media = tmp_path / "media"
    (media / "attachments").mkdir(parents=True)
    (media / "attachments" / "a.pdf").write_bytes(os.urandom(500))
    (media / "link").symlink_to("/etc/passwd")
    database = tmp_path / "db"
    database.write_bytes(os.urandom(2000))
    target = tmp_path / "backups" / "b.tar.gz"
    pack(target, database=database, media=media, manifest=Manifest(made_at="now", portal="abc", state=STATE))
    return target


def unpacked(source: Path, folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    unpack(source, folder)
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_backup_unpacks_to_what_was_packed(backup: Path, tmp_path: Path) -> None:
    files = unpacked(backup, tmp_path / "out")

    assert files.keys() == {"database", "manifest.json", "media/attachments/a.pdf"}
    assert files["database"] == (tmp_path / "db").read_bytes()
    assert read_manifest(files["manifest.json"]).state == STATE
    assert [path.name for path in backup.parent.iterdir()] == ["b.tar.gz"]


def test_every_flipped_byte_is_found(backup: Path, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    expected = unpacked(backup, tmp_path / "expected")
    unfound = []
    for place in range(0, len(whole), 7):
        backup.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            files = unpacked(backup, tmp_path / f"out-{place}")
        except BadBackup:
            continue
        unfound += [place] if files != expected else []

    assert unfound == []


@pytest.mark.parametrize("size", [0, 1, 100, -1])
def test_cut_backup_is_refused(backup: Path, tmp_path: Path, size: int) -> None:
    backup.write_bytes(backup.read_bytes()[:size])

    with pytest.raises(BadBackup, match="is damaged or no backup"):
        unpack(backup, tmp_path)


@pytest.mark.parametrize("name", ["../outside", "/absolute", "media/../../outside"])
def test_entry_outside_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "bad.tar.gz", "w:gz") as archive:
        archive.addfile(tarfile.TarInfo(name))

    with pytest.raises(BadBackup, match="no file of it"):
        unpack(tmp_path / "bad.tar.gz", tmp_path / "out")


def test_backup_without_manifest_is_refused(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "bad.tar.gz", "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("database"))

    with pytest.raises(BadBackup, match="holds no manifest"):
        unpack(tmp_path / "bad.tar.gz", tmp_path)


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"format": 1}', b"\xff", b'{"format": 2}'])
def test_strange_manifest_is_refused(text: bytes) -> None:
    with pytest.raises(BadBackup):
        read_manifest(text)


def test_interrupted_backup_leaves_nothing(tmp_path: Path) -> None:
    manifest = Manifest(made_at="now", portal="", state=STATE)

    with pytest.raises(FileNotFoundError):
        pack(tmp_path / "b.tar.gz", database=tmp_path / "absent", media=tmp_path / "media", manifest=manifest)

    assert list(tmp_path.iterdir()) == []


def test_what_is_told_of_a_table_does_not_depend_on_the_order_of_rows() -> None:
    rows = [(1, "a"), (2, None), (3, b"c")]

    assert table_of(rows) == table_of(reversed(rows))
    assert table_of(rows) != table_of([(1, "a"), (2, None), (3, b"d")])
    assert table_of([(1,), (1,)]) != table_of([(1,)])


def program(folder: Path, version: str) -> Path:
    path = folder / version / "bin" / "pg_dump"
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.3'\n")
    path.chmod(0o755)
    return path


def test_program_of_the_servers_version_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "PROGRAMS", tmp_path)
    monkeypatch.setattr("shutil.which", lambda _name: None)
    programs = {version: program(tmp_path, version) for version in ("13", "15", "17")}

    assert copies.find_program("pg_dump", 15) == programs["15"]
    assert copies.find_program("pg_dump", 14) == programs["15"]


@pytest.mark.parametrize(("there", "said"), [(["13"], "found only 13"), ([], "found none")])
def test_missing_or_older_program_is_named_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: list[str], said: str
) -> None:
    for version in there:
        program(tmp_path, version)
    monkeypatch.setattr(copies, "PROGRAMS", tmp_path)
    monkeypatch.setattr("shutil.which", lambda _name: None)

    with pytest.raises(copies.CopyFailed, match=rf"{said}.*apt install postgresql-client-99"):
        copies.find_program("pg_dump", 99)
