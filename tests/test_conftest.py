"""The strictness of conftest.py, seen at work."""

import socket
import warnings
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.template import Context, Engine, Origin, Template


def render(folder: Path, source: str) -> str:
    engine = Engine(string_if_invalid=Engine.get_default().string_if_invalid)
    return Template(source, Origin(str(folder / "page.html")), engine=engine).render(Context({"text": "known"}))


@pytest.mark.parametrize("source", ["{{ nobody }}", "{{ text.nothing }}", "{% with a=nobody %}{{ a }}{% endwith %}"])
def test_undefined_variable_in_our_template_fails(source: str) -> None:
    with pytest.raises(pytest.fail.Exception, match="is not defined"):
        render(settings.BASE_DIR / "templates", source)


def test_undefined_call_in_our_template_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match="the result of a call is not defined"):
        render(settings.BASE_DIR / "templates", "{{ text.removeprefix }}")


def test_undefined_variable_in_the_templates_of_others_is_nothing() -> None:
    assert render(Path("/usr/lib/python3/site-packages/admin/templates"), "[{{ nobody }}]") == "[]"


def test_defined_variable_is_shown() -> None:
    assert render(settings.BASE_DIR / "templates", "{{ text }}{% if nobody %}!{% endif %}") == "known"


def test_connection_beyond_this_machine_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match="reached for the network"), socket.socket() as connection:
        connection.connect(("192.0.2.1", 80))


def test_warning_is_an_error() -> None:
    with pytest.raises(UserWarning, match="beware"):
        warnings.warn("beware", stacklevel=1)


@pytest.mark.django_db
def test_queryset_without_an_order_comes_in_any_order() -> None:
    Group.objects.bulk_create(Group(name=f"group {number:02}") for number in range(20))
    written = list(Group.objects.order_by("pk"))

    read = [list(Group.objects.all()) for _ in range(5)]

    assert any(groups != written for groups in read)
    assert [sorted(groups, key=lambda group: group.pk) for groups in read] == [written] * 5
