"""Attachments of a backup take the place of those that are there: tried before, and as a whole or not at all."""

import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# What an exchange leaves inside MEDIA_ROOT when that is a mount; no attachment of a backup.
OWN: Final = ".media-"

Moves = list[tuple[Path, Path]]


class Stuck(Exception):
    """Neither put in place nor put back. The text says why."""


@dataclass(frozen=True)
class Exchange:
    target: Path
    incoming: Path
    aside: Path

    @property
    def is_inside(self) -> bool:
        """A mount can't be renamed: there its contents move."""
        return self.incoming.parent == self.target

    def stage(self, source: Path) -> None:
        """This will bring new attachments next to their place and try every move that is in doubt.

        :raises OSError, Stuck: when they could not take it; then nothing is staged.
        """
        try:
            self.incoming.parent.mkdir(parents=True, exist_ok=True)
            self._try()
            if source.is_dir():
                shutil.move(source, self.incoming)
            else:
                self.incoming.mkdir()
        except BaseException:
            self.give_up()
            raise

    def _try(self) -> None:
        with self._aside():
            away = self._away()
            move(away)
            move([(new, old) for old, new in reversed(away)])

    def put(self) -> None:
        """:raises OSError: when the old attachments are where they were.
        :raises Stuck: when they are neither here nor there.
        """
        with self._aside():
            move([*self._away(), *self._onto()])
        if self.is_inside:
            self.incoming.rmdir()

    def give_up(self) -> None:
        shutil.rmtree(self.incoming, ignore_errors=True)

    def _aside(self) -> "Emptied":
        if self.is_inside:
            self.aside.mkdir(exist_ok=True)
        return Emptied(self.aside)

    def _away(self) -> Moves:
        if self.is_inside:
            entries = [entry for entry in self.target.iterdir() if not entry.name.startswith(OWN)]
            return [(entry, self.aside / entry.name) for entry in entries]
        return [(self.target, self.aside)] if self.target.exists() else []

    def _onto(self) -> Moves:
        if self.is_inside:
            return [(entry, self.target / entry.name) for entry in self.incoming.iterdir()]
        return [(self.incoming, self.target)]


@dataclass(frozen=True)
class Emptied:
    """Leaves no empty folder behind."""

    folder: Path

    def __enter__(self) -> None: ...

    def __exit__(self, *_error: object) -> None:
        with suppress(OSError):
            self.folder.rmdir()


def staged(source: Path, media_root: Path, stamp: str) -> Exchange:
    """This will stage attachments beside `media_root`, or inside of it when it can't be moved itself.

    :raises OSError, Stuck: when they can't be put in place; nothing is changed then.
    """
    target = media_root.resolve()
    beside = Exchange(
        target, target.parent / f"{OWN}incoming-{stamp}", target.parent / f"{target.name}-replaced-{stamp}"
    )
    inside = Exchange(target, target / f"{OWN}incoming-{stamp}", target / f"{OWN}replaced-{stamp}")
    try:
        beside.stage(source)
    except OSError:
        if not target.is_dir():
            raise
        inside.stage(source)
        return inside
    return beside


def move(moves: Moves) -> None:
    """All of them, or none.

    :raises Stuck: when some are made and can't be unmade.
    """
    made: Moves = []
    try:
        for old, new in moves:
            old.rename(new)
            made.append((old, new))
    except OSError as error:
        _unmake(reversed(made), error)
        raise


def _unmake(made: Iterable[tuple[Path, Path]], error: OSError) -> None:
    try:
        for old, new in made:
            new.rename(old)
    except OSError as second:
        raise Stuck(f"{error}; {second}") from second
