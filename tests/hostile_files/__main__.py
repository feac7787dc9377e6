"""Reads each hostile file in a process of its own with little memory and time: `python -m tests.hostile_files 150 4`.

The numbers are megabytes beyond what the process has when it starts to read, and seconds of computing. Tells, for
each file that ends otherwise than expected, how it ended.
"""

import io
import os
import resource
import sys
from pathlib import Path
from typing import Final

from django.conf import settings

settings.configure(USE_I18N=False)

from sih_portal import spreadsheets  # noqa: E402  (messages need settings)
from tests.hostile_files import HostileFile, hostile_files  # noqa: E402

MB: Final = 1024 * 1024
ENDS: Final = {0: "read", 1: "refused", 2: "raised"}


def ending(file: HostileFile, *, megabytes: int, seconds: int) -> str:
    """How the reading of a file ends; a process without memory raises, one without time is ended by a signal."""
    content = io.BytesIO(file.content)
    if not (child := os.fork()):
        os._exit(_read(content, file.name, megabytes, seconds))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return ENDS.get(code, f"ended by signal {-code}")


def _read(content: io.BytesIO, name: str, megabytes: int, seconds: int) -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    memory = pages * resource.getpagesize() + megabytes * MB
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    try:
        spreadsheets.read(content, name=name)
    except spreadsheets.Refused:
        return 1
    except BaseException:  # noqa: BLE001  (whatever it is, it is what we look for)
        return 2
    return 0


def main(megabytes: str, seconds: str) -> None:
    for file in hostile_files():
        end = ending(file, megabytes=int(megabytes), seconds=int(seconds))
        if end != file.expect:
            sys.stdout.write(f"{file.id}: {end} instead of {file.expect}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
