"""Which code is running: what is kept of an answer is good only as long as the code that made it."""

from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

from django.conf import settings

FOLDERS: Final = ("sih_portal", "universities", "practices", "survey", "templates")
# Packages, by their versions. Catalogues count as Django reads them, compiled.
FILES: Final = ("requirements.txt",)
LEFT_OUT: Final = {".pyc", ".po"}


@cache
def code_hash() -> str:
    """The same in every worker process that runs the same files; read once, when it is first asked for."""
    digest = blake2b(digest_size=12)
    for path in _files():
        digest.update(str(path.relative_to(settings.BASE_DIR)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    found = (path for folder in FOLDERS for path in (settings.BASE_DIR / folder).rglob("*"))
    yield from sorted(path for path in found if path.is_file() and path.suffix not in LEFT_OUT)
    yield from (settings.BASE_DIR / name for name in FILES)
