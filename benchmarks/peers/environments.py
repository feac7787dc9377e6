"""An environment for each peer that the portal does not bring: made once, and never the portal's own."""

import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import django

DJANGO: Final = f"Django=={django.get_version()}"
# What each peer needs; the versions are kept where they are, so that figures can be compared.
NEEDED: Final = {
    "modelsearch": ["modelsearch==1.3.*", DJANGO],
    "datasette": ["datasette==0.65.*"],
    "django-ninja": ["django-ninja==1.*", DJANGO],
}


@dataclass(frozen=True)
class Environment:
    """Where a peer is installed, or in `missing` why it is not."""

    name: str
    folder: Path
    missing: str = ""

    @property
    def python(self) -> str:
        return str(self.folder / "bin" / "python")

    @property
    def version(self) -> str:
        question = f"from importlib.metadata import version; print(version({self.name!r}))"
        return subprocess.run([self.python, "-c", question], capture_output=True, text=True, check=True).stdout.strip()


def prepared(name: str, folder: Path) -> Environment:
    """This will install a peer into `folder`; one that can't be is told, and no error."""
    done = folder / "installed"
    wanted = " ".join(NEEDED[name])
    if done.exists() and done.read_text(encoding="utf-8") == wanted:
        return Environment(name, folder)
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(folder)],
        [str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", *NEEDED[name]],
    ):
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        if answer.returncode:
            reason = (answer.stderr.strip() or answer.stdout.strip()).splitlines()[-1:]
            return Environment(name, folder, missing="; ".join(["it could not be installed", *reason]))
    done.write_text(wanted, encoding="utf-8")
    return Environment(name, folder)


def portal_packages() -> str:
    """Where the portal's own packages are, for a peer that runs inside it."""
    return sysconfig.get_paths()["purelib"]
