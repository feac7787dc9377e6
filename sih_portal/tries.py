"""How often one network may fail at something before it has to wait: counted in the cache, and not at all without one.

Each process counts for itself where the cache is in its own memory.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.http import HttpRequest

from sih_portal.signing_in import network


@dataclass(frozen=True)
class Limit:
    """After `most` failures within a window of so many seconds, a network waits until the window ends."""

    name: str
    most: int
    window: int

    def wait(self, request: HttpRequest, *, at: datetime) -> int:
        """For how many seconds the network of the visitor has to wait; 0 when it may try now."""
        key = self._key(request, at)
        if not key or cache.get(key, 0) < self.most:
            return 0
        return self.window - int(at.timestamp()) % self.window

    def count(self, request: HttpRequest, *, at: datetime) -> None:
        """This will note a failure."""
        if key := self._key(request, at):
            cache.add(key, 0, self.window)
            # Unless it went just now.
            with suppress(ValueError):
                cache.incr(key)

    def _key(self, request: HttpRequest, at: datetime) -> str:
        """Of this window; "" where nobody knows the network, or everybody would share one count."""
        who = network(request)
        return f"tries:{self.name}:{who}:{int(at.timestamp()) // self.window}" if who else ""
