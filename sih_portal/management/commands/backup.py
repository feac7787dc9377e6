"""`manage.py backup`: database and attachments in one file, while the portal goes on working."""

import subprocess  # git, to name the version
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sih_portal.backups import DATABASE, Manifest, file_name, pack
from sih_portal.copies import CopyFailed, copy_of_the_engine


class Command(BaseCommand):
    help = "Writes database and attachments into one file, which manage.py restore reads. The portal may go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", default="", help="a folder or a file name; VAR_DIR/backups without it")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            path, manifest = back_up(destination(options["to"]))
        except (CopyFailed, OSError) as error:
            raise CommandError(str(error)) from error
        rows = sum(table.rows for table in manifest.state.tables.values())
        self.stdout.write(f"{path}: {len(manifest.state.tables)} tables, {rows} rows, {len(manifest.sha256) - 1} files")
        self.stdout.write("SECRET_KEY (or var/secret-key) is not in it: keep it in another place.")


def destination(named: str) -> Path:
    path = Path(named) if named else settings.VAR_DIR / "backups"
    return path if path.name.endswith(".tar.gz") else path / file_name(timezone.now())


def back_up(target: Path) -> tuple[Path, Manifest]:
    """:raises CopyFailed: when the database can't be copied."""
    if target.exists():
        raise CopyFailed(f"{target} exists. A backup never replaces another one.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
        copy = Path(folder) / DATABASE
        made_at = timezone.now().isoformat()
        state = copy_of_the_engine().save(copy)
        manifest = Manifest(made_at=made_at, portal=version_of_the_portal(), state=state)
        return target, pack(target, database=copy, media=Path(settings.MEDIA_ROOT), manifest=manifest)


def version_of_the_portal() -> str:
    """The commit, where the portal runs from a clone; else ""."""
    command = ["git", "-C", str(settings.BASE_DIR), "describe", "--always", "--dirty"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return ""
    return answer.stdout.strip()
