"""Files that people upload to harm us, or that other programs broke: one list for every page that takes a table."""

from tests.hostile_files.archives import archive_files
from tests.hostile_files.building import HostileFile
from tests.hostile_files.cells import cell_files
from tests.hostile_files.texts import text_files
from tests.hostile_files.workbooks import workbook_files

__all__ = ("HostileFile", "hostile_files")


def hostile_files() -> list[HostileFile]:
    """All of them, each with an id of its own; their contents are made when they are asked for."""
    return [*text_files(), *archive_files(), *workbook_files(), *cell_files()]
