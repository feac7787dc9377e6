import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from sih_portal import environment
from sih_portal.apps import OWN_APPS

NAME = "SIH_TEST_VARIABLE"


@pytest.mark.parametrize(
    ("written", "expected"),
    [("true", True), ("ON", True), (" 1 ", True), ("false", False), ("0", False), ("No", False)],
)
def test_flag_reads_what_people_write(monkeypatch: pytest.MonkeyPatch, written: str, expected: bool) -> None:
    monkeypatch.setenv(NAME, written)

    assert environment.flag(NAME) is expected


def test_flag_names_the_variable_and_the_cure_when_it_is_nonsense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "perhaps")

    with pytest.raises(ImproperlyConfigured, match=f"^{NAME}='perhaps' is neither true nor false. Write {NAME}=true"):
        environment.flag(NAME)


@pytest.mark.parametrize("written", ["-1", "8000.5", "eight", "٣", "²"])
def test_whole_number_refuses_everything_else(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv(NAME, written)

    with pytest.raises(ImproperlyConfigured, match=f"^{NAME}=.* is not a whole number"):
        environment.whole_number(NAME, 8000)


def test_whole_number_falls_back_to_its_default() -> None:
    assert environment.whole_number(NAME, 8000) == 8000


def test_choice_names_what_may_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "xml")

    with pytest.raises(ImproperlyConfigured, match=f"^{NAME}='xml' is not known. Write one of: plain, json.$"):
        environment.choice(NAME, ("plain", "json"), "plain")


def test_database_refuses_another_engine_without_showing_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "mysql://user:secret@host/name")

    with pytest.raises(ImproperlyConfigured) as caught:
        environment.database(NAME, "sqlite:///db")

    assert "mysql" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_database_reads_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "postgres://sih:word@db.example:5433/portal")

    database = environment.database(NAME, "sqlite:///db")

    assert (database["ENGINE"], database["HOST"], database["PORT"]) == (
        "django.db.backends.postgresql",
        "db.example",
        5433,
    )


def test_cache_refuses_what_django_has_no_cache_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "carrier-pigeon://roof")

    with pytest.raises(ImproperlyConfigured, match=f"^{NAME} is not a cache address"):
        environment.cache(NAME, "locmemcache://")


@pytest.mark.parametrize(
    ("written", "port", "tls", "ssl"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp+tls://sih:w%40rd@mail.example", 587, True, False),
        ("smtp+ssl://sih:w%40rd@mail.example", 465, False, True),
        ("smtp+tls://sih:w%40rd@mail.example:2587", 2587, True, False),
    ],
)
def test_mail_reads_the_way_to_a_server(
    monkeypatch: pytest.MonkeyPatch, written: str, port: int, tls: bool, ssl: bool
) -> None:
    monkeypatch.setenv(NAME, written)

    mail = environment.mail(NAME, "")

    assert (mail["EMAIL_BACKEND"], mail["EMAIL_HOST"]) == ("sih_portal.smtp.EmailBackend", "mail.example")
    assert (mail["EMAIL_PORT"], mail.get("EMAIL_USE_TLS", False), mail.get("EMAIL_USE_SSL", False)) == (port, tls, ssl)
    assert mail["EMAIL_HOST_PASSWORD"] in {None, "w@rd"}


@pytest.mark.parametrize(
    "written", ["smtps://sih:secret@mail.example", "sih:secret@mail", "smtp://sih:secret@mail:port", "memorymail://"]
)
def test_mail_refuses_what_is_no_way_out_without_showing_the_password(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv(NAME, written)

    with pytest.raises(ImproperlyConfigured, match=rf"^{NAME} must be smtp\+tls://") as caught:
        environment.mail(NAME, "")

    assert "secret" not in f"{caught.value} {caught.value.__cause__}"


def test_secret_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    kept_in = tmp_path / "var" / "secret-key"

    first = environment.secret_key(NAME, production=False, kept_in=kept_in)
    second = environment.secret_key(NAME, production=False, kept_in=kept_in)

    assert first == second
    assert len(first) == 100
    assert kept_in.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "written",
    [
        "",
        "short",
        "a" * 60,
        "django-insecure-" + "k9x2p7" * 9,
        "Change-Me-" + "k9x2p7" * 9,
        "my-secret-key" + "k9x2p7" * 9,
    ],
)
def test_strong_secret_key_is_required_in_production(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, written: str
) -> None:
    monkeypatch.setenv(NAME, written)

    with pytest.raises(ImproperlyConfigured, match=f"PRODUCTION=true needs {NAME} with at least 50"):
        environment.secret_key(NAME, production=True, kept_in=tmp_path / "secret-key")


def test_required_refuses_a_missing_variable_only_in_production() -> None:
    assert environment.required(NAME, production=False, cure="", default="here") == "here"
    with pytest.raises(ImproperlyConfigured, match=f"^PRODUCTION=true needs {NAME}. Write it.$"):
        environment.required(NAME, production=True, cure="Write it.", default="here")


def names_read_in_settings() -> set[str]:
    tree = ast.parse((settings.BASE_DIR / "sih_portal" / "settings.py").read_text(encoding="utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute))
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "environment"
        and isinstance(call.args[0], ast.Constant)
    }


def test_the_example_lists_every_variable_and_no_other() -> None:
    example = (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8")

    listed = re.findall(r"^#?([A-Z][A-Z_]*)=", example, flags=re.MULTILINE)

    assert sorted(listed) == sorted(names_read_in_settings())


def test_only_the_settings_read_the_environment() -> None:
    sources = [path for app in OWN_APPS for path in (settings.BASE_DIR / app).rglob("*.py")]

    readers = [path.name for path in sources if re.search(r"os\.(environ|getenv)", path.read_text(encoding="utf-8"))]

    assert readers == ["wsgi.py"]  # it names the settings module
