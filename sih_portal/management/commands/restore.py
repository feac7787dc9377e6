"""`manage.py restore <file>`: brings back what `manage.py backup` wrote, after looking at every byte of it."""

import sqlite3
import tempfile
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from sih_portal.backups import DATABASE, MEDIA, BadBackup, Manifest, file_name, unpack
from sih_portal.copies import Copy, CopyFailed, copy_of_the_engine
from sih_portal.management.commands.backup import back_up
from sih_portal.media_exchange import Exchange, Stuck, staged


class Command(BaseCommand):
    help = "Brings back a backup into an empty database; with --replace also over one that holds something."
    # The database may be missing or empty: what checks would say of it is what this command mends.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--replace", action="store_true", help="keep what is there as a backup, then replace it")

    def handle(self, *_args: Any, **options: Any) -> None:
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.VAR_DIR) as folder:
            try:
                restored = self.replace_database(Path(options["file"]), Path(folder), replace=options["replace"])
            except (BadBackup, CopyFailed, DatabaseError, OSError) as error:
                raise CommandError(f"Nothing was changed. {error}") from error
            except Stuck as error:
                raise CommandError(f"The database was not changed, but attachments moved: {error}") from error
        self.replace_media(restored)
        self.compare(restored)

    def replace_database(self, source: Path, folder: Path, *, replace: bool) -> "Restored":
        """Everything that can be known to fail fails before the database is touched."""
        manifest = unpack(source, folder)
        copy = copy_of_the_engine()
        refuse_misfits(manifest, copy)
        exchange = staged(folder / MEDIA, Path(settings.MEDIA_ROOT), f"{timezone.now():%Y%m%d-%H%M%S}")
        try:
            kept = self.make_room(copy, replace=replace)
            copy.bring_back(folder / DATABASE)
        except BaseException:
            exchange.give_up()
            raise
        return Restored(manifest, copy, exchange, kept)

    def make_room(self, copy: Copy, *, replace: bool) -> Path | None:
        if copy.is_empty():
            return None
        if not replace:
            raise CopyFailed("The database holds something. Add --replace (make restore … REPLACE=1) to replace it.")
        kept, _manifest = back_up(settings.VAR_DIR / "backups" / f"before-restore-{file_name(timezone.now())}")
        self.stdout.write(f"What was there is kept: {kept}")
        return kept

    def replace_media(self, restored: "Restored") -> None:
        exchange = restored.exchange
        try:
            exchange.put()
        except OSError as error:
            where = f"those from before are still in {exchange.target}"
            raise CommandError(restored.half_told(where, error)) from error
        except Stuck as error:
            where = f"those from before are in {exchange.aside} and {exchange.target}"
            raise CommandError(restored.half_told(where, error)) from error

    def compare(self, restored: "Restored") -> None:
        manifest = restored.manifest
        try:
            is_same = restored.copy.state() == manifest.state
        except (CopyFailed, DatabaseError, sqlite3.Error) as error:
            raise CommandError(f"Database and attachments were replaced, but can't be checked: {error}") from error
        if not is_same:
            raise CommandError("The database is not what the backup held. Don't start the portal; look at both.")
        self.stdout.write(
            f"Restored the backup of {manifest.made_at}: {len(manifest.state.tables)} tables, as they were."
        )
        self.stdout.write("Now run manage.py migrate, then start the portal with the SECRET_KEY it had.")


@dataclass(frozen=True)
class Restored:
    """A database that is the backup's, with attachments that wait for their place."""

    manifest: Manifest
    copy: Copy
    exchange: Exchange
    kept: Path | None

    def half_told(self, where: str, error: Exception) -> str:
        before = (
            f"Database and attachments from before: {self.kept}." if self.kept else "The database was empty before."
        )
        return (
            f"The database is now the backup's. {before} The attachments are NOT the backup's: {where}; "
            f"those of the backup wait in {self.exchange.incoming}. Don't start the portal; "
            f"mend this and restore again with --replace. {error}"
        )


def refuse_misfits(manifest: Manifest, copy: Copy) -> None:
    """:raises CopyFailed: when this database or this portal can't take the backup."""
    if manifest.state.engine != copy.engine:
        raise CopyFailed(f"The backup is of {manifest.state.engine}; DATABASE_URL names {copy.engine}.")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or {}}
    if newer := sorted(set(manifest.state.migrations) - known):
        raise CopyFailed(f"A newer portal made the backup; this one does not know {', '.join(newer)}.")
