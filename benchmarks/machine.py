"""What the figures were measured on, and how busy it was."""

import os
import platform
from pathlib import Path
from typing import Any, Final

import django
from django.db import connection

from sih_portal.deployed import code_hash

VERSIONS: Final = {
    "sqlite": ("SQLite", "SELECT sqlite_version()"),
    "postgresql": ("PostgreSQL", "SHOW server_version"),
}


def described() -> dict[str, Any]:
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "django": django.get_version(),
    }


def database() -> str:
    name, question = VERSIONS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(question)
        return f"{name} {cursor.fetchone()[0].split()[0]}"


def load() -> float:
    """How many processes wanted a core at once in the last minute; this one counts too."""
    return round(os.getloadavg()[0], 2)


def code() -> str:
    return code_hash()


def resident_mb() -> float:
    """What this process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or "unknown")
