"""Typed reads of environment variables: each error names the variable and the cure."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

ENV = environ.Env()
# One that knows when nobody can say whether a mail arrived.
WATCHING: Final = {"django.core.mail.backends.smtp.EmailBackend": "sih_portal.smtp.EmailBackend"}
# How mail leaves, and the port where the address names none.
MAIL_PORTS: Final = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465, "filemail": None, "consolemail": None}
# A cache that is gone must not take the pages with it.
FORGIVING: Final = {"django.core.cache.backends.redis.RedisCache": "sih_portal.redis_cache.ForgivingRedisCache"}
SHORTEST_KEY: Final = 50
FEWEST_SIGNS: Final = 5  # different characters, as `check --deploy` counts them
SAMPLES: Final = ("django-insecure-", "change-me", "changeme", "secret-key", "your-secret")


def text(name: str, default: str = "") -> str:
    return str(ENV.str(name, default=default)).strip()


def flag(name: str, *, default: bool = False) -> bool:
    raw = text(name, str(default)).lower()
    if raw not in {"true", "false", "1", "0", "yes", "no", "on", "off"}:
        raise ImproperlyConfigured(f"{name}={raw!r} is neither true nor false. Write {name}=true or {name}=false.")
    return raw in {"true", "1", "yes", "on"}


def whole_number(name: str, default: int) -> int:
    raw = text(name, str(default))
    if not raw.isascii() or not raw.isdigit():
        raise ImproperlyConfigured(f"{name}={raw!r} is not a whole number. Write for example {name}={default}.")
    return int(raw)


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def choice(name: str, allowed: Sequence[str], default: str) -> str:
    raw = text(name, default)
    if raw not in allowed:
        raise ImproperlyConfigured(f"{name}={raw!r} is not known. Write one of: {', '.join(allowed)}.")
    return raw


def database(name: str, default: str) -> dict[str, Any]:
    """:raises ImproperlyConfigured: when the address is not one of SQLite or PostgreSQL."""
    raw = text(name, default)
    if not raw.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise ImproperlyConfigured(
            f"{name} must be sqlite:///path or postgres://user:password@host:port/name, not {raw.split(':')[0]!r}."
        )
    return dict(environ.Env.db_url_config(raw))


def cache(name: str, default: str) -> dict[str, object]:
    """:raises ImproperlyConfigured: when the address names no cache Django has."""
    try:
        config = dict(environ.Env.cache_url_config(text(name, default)))
    except Exception as error:
        raise ImproperlyConfigured(
            f"{name} is not a cache address. Write locmemcache:// or redis://host:6379/0."
        ) from error
    return config | {"BACKEND": FORGIVING.get(config["BACKEND"], config["BACKEND"])}


def mail(name: str, default: str) -> dict[str, Any]:
    """Django's settings of mail by their names.

    :raises ImproperlyConfigured: when the address names no way by which mail leaves. `smtps` is refused too: some
        mean STARTTLS by it and some TLS from the beginning.
    """
    raw = text(name, default)
    scheme = raw.partition(":")[0]
    try:
        config = dict(environ.Env.email_url_config(raw))
        config["EMAIL_PORT"] = config["EMAIL_PORT"] or MAIL_PORTS[scheme]
    except (ValueError, KeyError, ImproperlyConfigured):
        # Without its words and its cause: they may hold the password.
        raise ImproperlyConfigured(
            f"{name} must be smtp+tls://user:password@host:587 (STARTTLS), smtp+ssl://…:465 (TLS), smtp://host:25 "
            "or filemail:///folder. Signs of the password that an address can't hold are written like %40."
        ) from None
    return config | {"EMAIL_BACKEND": WATCHING.get(config["EMAIL_BACKEND"], config["EMAIL_BACKEND"])}


def secret_key(name: str, *, production: bool, kept_in: Path) -> str:
    """The signing key: from the environment in production, else one made once and kept in a file.

    :raises ImproperlyConfigured: in production when the variable is missing, too short or a sample.
    """
    value = text(name)
    if production and not is_strong(value):
        raise ImproperlyConfigured(
            f"PRODUCTION=true needs {name} with at least {SHORTEST_KEY} random characters, and no sample. "
            "Make one: python -c 'import secrets; print(secrets.token_urlsafe(50))'."
        )
    if value:
        return value
    if not kept_in.exists():
        kept_in.parent.mkdir(parents=True, exist_ok=True)
        kept_in.touch(mode=0o600)
        kept_in.write_text(get_random_secret_key() + get_random_secret_key(), encoding="ascii")
    return kept_in.read_text(encoding="ascii").strip()


def is_strong(key: str) -> bool:
    is_long = len(key) >= SHORTEST_KEY and len(set(key)) >= FEWEST_SIGNS
    return is_long and not any(sample in key.lower() for sample in SAMPLES)


def required(name: str, *, production: bool, cure: str, default: str = "") -> str:
    """:raises ImproperlyConfigured: in production when the variable is missing."""
    value = text(name, default)
    if production and not text(name):
        raise ImproperlyConfigured(f"PRODUCTION=true needs {name}. {cure}")
    return value
