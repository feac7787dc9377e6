"""The cache in Redis, for several machines: when it does not answer, everything is a miss and nothing an error."""

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any, Final, TypeVar

from django.core.cache.backends import redis as django_redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

Result = TypeVar("Result")
PAUSE: Final = 10  # seconds without another try, so that no page waits for it again and again
# Seconds; its client would try again three times, and sleep in between.
PATIENCE: Final = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "retry": Retry(NoBackoff(), 0)}
logger = logging.getLogger(__name__)


class ForgivingRedisCache(django_redis.RedisCache):
    """What pages and the API's rate ask of a cache. Reading goes on without it: then no rate is kept."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        params["OPTIONS"] = PATIENCE | params.get("OPTIONS", {})
        super().__init__(server, params)
        self.silent_until = 0.0

    def get(self, *arguments: Any, **options: Any) -> Any:
        default = arguments[1] if len(arguments) > 1 else options.get("default")
        return self._try(default, super().get, *arguments, **options)

    def set(self, *arguments: Any, **options: Any) -> None:
        self._try(None, super().set, *arguments, **options)

    def add(self, *arguments: Any, **options: Any) -> bool:
        return self._try(False, super().add, *arguments, **options)  # noqa: FBT003  (what it gives then)

    def touch(self, *arguments: Any, **options: Any) -> bool:
        return self._try(False, super().touch, *arguments, **options)  # noqa: FBT003

    def incr(self, *arguments: Any, **options: Any) -> int:
        return self._try(0, super().incr, *arguments, **options)

    def delete(self, *arguments: Any, **options: Any) -> bool:
        return self._try(False, super().delete, *arguments, **options)  # noqa: FBT003

    def get_many(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        return self._try({}, super().get_many, *arguments, **options)

    def set_many(self, *arguments: Any, **options: Any) -> list[Any]:
        return self._try([], super().set_many, *arguments, **options)

    def delete_many(self, *arguments: Any, **options: Any) -> None:
        self._try(None, super().delete_many, *arguments, **options)

    def has_key(self, *arguments: Any, **options: Any) -> bool:
        return self._try(False, super().has_key, *arguments, **options)  # noqa: FBT003

    def clear(self) -> None:
        self._try(None, super().clear)

    def _try(self, otherwise: Result, call: Callable[..., Result], *arguments: Any, **options: Any) -> Result:
        if monotonic() < self.silent_until:
            return otherwise
        try:
            return call(*arguments, **options)
        except (RedisError, OSError):
            self.silent_until = monotonic() + PAUSE
            logger.warning("The cache does not answer; going on without it for %d seconds.", PAUSE)
            return otherwise
