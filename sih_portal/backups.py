"""One file that holds everything the portal keeps: database and attachments, with a manifest that proves them whole.

Packing takes the database as it is at one moment, while the portal goes on working; attachments follow, so that
every file which that moment names is there. `secret-key` stays out: a stolen backup must not sign sessions.
"""

import gzip
import hashlib
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final

from sih_portal.media_exchange import OWN

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DATABASE: Final = "database"
MEDIA: Final = "media"
BLOCK: Final = 1 << 20
OWNER_ONLY: Final = 0o600


class BadBackup(Exception):
    """The file is not a whole backup. The text says what is wrong with it."""


@dataclass(frozen=True)
class Table:
    rows: int
    md5: str  # of all rows, in whatever order


@dataclass(frozen=True)
class State:
    """What the database held at the moment of the copy."""

    engine: str
    migrations: list[str]
    tables: dict[str, Table]


@dataclass(frozen=True)
class Manifest:
    made_at: str
    portal: str  # commit or version; "" when unknown
    state: State
    sha256: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def written(self) -> bytes:
        return json.dumps(asdict(self), indent=2, sort_keys=True).encode("ascii")


def read_manifest(text: bytes) -> Manifest:
    """:raises BadBackup: when it is none that this portal knows how to read."""
    try:
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise BadBackup(f"The backup has format {told['format']}; this portal reads format {FORMAT}.")
        state = told.pop("state")
        tables = {name: Table(**table) for name, table in state.pop("tables").items()}
        return Manifest(**told, state=State(**state, tables=tables))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadBackup("The manifest can't be read.") from error


def file_name(at: datetime) -> str:
    return f"sih-portal-{at:%Y%m%d-%H%M%S}.tar.gz"


def pack(target: Path, *, database: Path, media: Path, manifest: Manifest) -> Manifest:
    """This will write the backup: under another name until all of it is on the disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)  # for its owner only
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _write(file, {DATABASE: database, **dict(_attachments(media))}, manifest)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(target.parent)
    return manifest


def _write(file: BinaryIO, members: Mapping[str, Path], manifest: Manifest) -> None:
    with tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as archive:
        for name, path in members.items():
            manifest.sha256[name] = _add(archive, name, path)
        text = manifest.written()
        with tempfile.TemporaryFile() as content:
            content.write(text)
            content.seek(0)
            archive.addfile(_entry(MANIFEST, len(text)), content)


def _attachments(media: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(media.rglob("*")) if media.is_dir() else []:
        parts = path.relative_to(media).parts
        if path.is_file() and not path.is_symlink() and not parts[0].startswith(OWN):
            yield str(PurePosixPath(MEDIA, *parts)), path


class Hashing:
    """Reads a file and hashes what was read."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size)
        self.hash.update(block)
        return block


def _add(archive: tarfile.TarFile, name: str, path: Path) -> str:
    with path.open("rb") as file:
        hashing: Any = Hashing(file)
        archive.addfile(_entry(name, os.fstat(file.fileno()).st_size), hashing)
        return str(hashing.hash.hexdigest())


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, OWNER_ONLY
    return entry


def unpack(source: Path, folder: Path) -> Manifest:
    """Unpacks a backup into an empty folder and compares every file with the manifest.

    :raises BadBackup: when one byte of it is not as it was written.
    """
    try:
        _read_to_the_end(source)
        with tarfile.open(source, mode="r:gz") as archive:
            found = {entry.name: _extract(archive, entry, folder) for entry in archive}
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        raise BadBackup(f"{source} is damaged or no backup: {error}") from error
    if found.pop(MANIFEST, None) is None:
        raise BadBackup(f"{source} holds no manifest.")
    manifest = read_manifest((folder / MANIFEST).read_bytes())
    if found != manifest.sha256:
        wrong = sorted(name for name, _hash in found.items() ^ manifest.sha256.items())
        raise BadBackup(f"{source} is damaged: {', '.join(dict.fromkeys(wrong))}")
    return manifest


def _read_to_the_end(source: Path) -> None:
    """The checksum of the whole stands at the end, where reading the archive would not come."""
    with gzip.open(source) as file:
        while file.read(BLOCK):
            pass


def _extract(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> str:
    """:raises BadBackup: for an entry that is no plain file below the folder."""
    parts = PurePosixPath(entry.name).parts
    content = archive.extractfile(entry) if entry.isfile() else None
    if content is None or not parts or ".." in parts or entry.name.startswith("/"):
        raise BadBackup(f"The backup holds something that is no file of it: {entry.name!r}")
    target = folder.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    hashing: Any = Hashing(content)  # type: ignore[arg-type]
    with target.open("xb") as file:
        shutil.copyfileobj(hashing, file, BLOCK)
    target.chmod(OWNER_ONLY)
    return str(hashing.hash.hexdigest())


def sync_folder(folder: Path) -> None:
    """This will make sure that a new name in a folder outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def table_of(rows: Iterable[object]) -> Table:
    """Number and md5 of rows, the same in whatever order they come."""
    hashes = sorted(hashlib.md5(repr(row).encode(), usedforsecurity=False).digest() for row in rows)
    return Table(rows=len(hashes), md5=hashlib.md5(b"".join(hashes), usedforsecurity=False).hexdigest())
