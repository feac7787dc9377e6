"""The settings as a fresh process reads them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

READ = """
import json
from sih_portal import settings
print(json.dumps({name: getattr(settings, name, None) for name in %r}, default=str))
"""
PRODUCTION = {
    "PRODUCTION": "true",
    "SECRET_KEY": "k9x2p7" * 10,
    "SITE_URL": "https://sih.example.ac.jp/",
    "ALLOWED_HOSTS": "sih.example.ac.jp",
}


def start(tmp_path: Path, environment: dict[str, str], *names: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", READ % (names,)],
        env={"VAR_DIR": str(tmp_path), **environment},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def read(tmp_path: Path, environment: dict[str, str], *names: str) -> dict[str, object]:
    values: dict[str, object] = json.loads(start(tmp_path, environment, *names).stdout)
    return values


def test_a_laptop_needs_no_variable_and_never_debugs(tmp_path: Path) -> None:
    values = read(tmp_path, {}, "DEBUG", "PRODUCTION", "SITE_URL", "SECURE_SSL_REDIRECT", "TIME_ZONE")

    assert values == {
        "DEBUG": False,
        "PRODUCTION": False,
        "SITE_URL": "http://127.0.0.1:8000",
        "SECURE_SSL_REDIRECT": None,
        "TIME_ZONE": "Asia/Tokyo",
    }


@pytest.mark.parametrize("missing", ["SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS"])
def test_production_refuses_to_start_without(tmp_path: Path, missing: str) -> None:
    environment = {name: value for name, value in PRODUCTION.items() if name != missing}

    process = start(tmp_path, environment)

    assert process.returncode == 1
    assert f"PRODUCTION=true needs {missing}" in process.stderr


def test_production_is_https_only_and_never_debugs(tmp_path: Path) -> None:
    names = ("DEBUG", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")

    values = read(tmp_path, {**PRODUCTION, "DEBUG": "true"}, *names)

    assert values == {
        "DEBUG": False,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
    }


def test_sqlite_waits_for_its_turn_and_reaches_the_disk(tmp_path: Path) -> None:
    database = read(tmp_path, {}, "DATABASE")["DATABASE"]

    assert isinstance(database, dict)
    assert database["OPTIONS"] == {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
    }


@pytest.mark.parametrize(
    ("address", "name", "expected"),
    [
        ("sqlite:////tmp/portal.sqlite3?timeout=1", "timeout", 1),
        ("postgres://h/p?sslmode=require", "sslmode", "require"),
    ],
)
def test_address_of_the_database_may_set_its_options(tmp_path: Path, address: str, name: str, expected: object) -> None:
    database = read(tmp_path, {"DATABASE_URL": address}, "DATABASE")["DATABASE"]

    assert isinstance(database, dict)
    assert database["OPTIONS"][name] == expected


@pytest.mark.parametrize(("environment", "expected"), [({}, "plain"), (PRODUCTION, "json")])
def test_logs_are_for_machines_in_production(tmp_path: Path, environment: dict[str, str], expected: str) -> None:
    assert read(tmp_path, environment, "LOG_FORMAT")["LOG_FORMAT"] == expected


def test_former_keys_are_read_from_the_environment(tmp_path: Path) -> None:
    values = read(tmp_path, {**PRODUCTION, "SECRET_KEY_FALLBACKS": "former, one before"}, "SECRET_KEY_FALLBACKS")

    assert values["SECRET_KEY_FALLBACKS"] == ["former", "one before"]


def test_gunicorn_refuses_to_start_with_wrong_settings(tmp_path: Path) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0"],
        env={"VAR_DIR": str(tmp_path), **PRODUCTION, "SECRET_KEY": "django-insecure-" + "k9x2p7" * 10},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert process.returncode == 1
    assert "PRODUCTION=true needs SECRET_KEY" in process.stderr


def test_postgresql_is_asked_whether_it_still_lives(tmp_path: Path) -> None:
    values = read(tmp_path, {"DATABASE_URL": "postgres://sih@db.example/portal"}, "DATABASE")["DATABASE"]

    assert isinstance(values, dict)
    assert (values["CONN_HEALTH_CHECKS"], values["OPTIONS"]) == (True, {"connect_timeout": 3})
