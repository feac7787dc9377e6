"""Rules of the house that hold over all files."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from sih_portal.language import unpaired_columns
from tests.desk_guard import DESK_MODELS

ROOT = settings.BASE_DIR
APPS = ("sih_portal", "universities", "practices", "survey")
# The modules that write or curate. Everything else answers the world and must not know the desk.
CURATING = {
    "practices/copying.py",
    "practices/desk.py",
    "practices/duplicating.py",
    "practices/forms.py",
    "practices/importing.py",
    "practices/permissions.py",
    "practices/translations.py",
    "practices/workflow.py",
    "practices/models/__init__.py",
    "practices/models/desk.py",
}
PUBLIC_MODULES = [
    path
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
    and str(path.relative_to(ROOT)) not in CURATING
    and not str(path.relative_to(ROOT)).startswith("practices/admin/")
]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
DESK_NAMES = {model.__name__ for model in DESK_MODELS} | {"PARTS", "PracticeStatus"}


def imported_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def is_desk(name: str) -> bool:
    module, _dot, last = name.rpartition(".")
    return name.endswith("models.desk") or module.endswith("models.desk") or ("models" in module and last in DESK_NAMES)


@pytest.mark.parametrize("path", PUBLIC_MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_public_module_does_not_know_the_desk(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    desk = [name for name in imported_names(tree) if is_desk(name)]
    ways_back = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "draft"]

    assert (desk, ways_back) == ([], [])


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_does_not_go_back_to_the_desk(path: Path) -> None:
    assert re.findall(r"\.draft\b", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_template_loads_nothing_from_outside_and_holds_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']?(?:https?:)?//", text) == []
    assert re.findall(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)", text) == []


@pytest.mark.parametrize("path", sorted((ROOT / "sih_portal/static").rglob("*.css")), ids=lambda path: path.name)
def test_stylesheet_loads_nothing_from_outside(path: Path) -> None:
    assert re.findall(r"@import|url\(\s*[\"']?(?:https?:)?//", path.read_text(encoding="utf-8")) == []


def test_every_template_is_used() -> None:
    sources = [path.read_text(encoding="utf-8") for app in APPS for path in (ROOT / app).rglob("*.py")]
    sources += [path.read_text(encoding="utf-8") for path in TEMPLATES]
    called_by_django = {f"{code}.html" for code in (400, 403, 404, 500)}

    names = {str(path.relative_to(ROOT / "templates")) for path in TEMPLATES} - called_by_django
    unused = {name for name in names if not name.startswith(("admin/", "drf_spectacular/"))}

    assert {name for name in unused if not any(name in source for source in sources)} == set()


def test_every_text_column_has_both_languages() -> None:
    models = [model for app in ("universities", "practices") for model in apps.get_app_config(app).get_models()]

    assert {model.__name__: unpaired_columns(model) for model in models if unpaired_columns(model)} == {}


def test_readme_names_only_what_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = "\n".join(line for line in text.splitlines() if line.startswith("|"))
    linked = [target for target in re.findall(r"\]\(([^)]+)\)", text) if "://" not in target]

    named = [*linked, *re.findall(r"`([\w-]*[./][\w./-]*)`", table)]

    assert "docs/search.png" in named
    assert "practices/admin/" in named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_migrations_are_named_for_their_deed() -> None:
    names = [path.name for app in APPS for path in (ROOT / app).glob("migrations/0*.py")]

    assert [name for name in names if "_auto_" in name or name.endswith("_initial.py")] == []


def test_no_whole_answer_is_cached() -> None:
    """Django had five advisories in 2026 for private data in shared caches; `sih_portal.kept` keeps data by key."""
    sources = {path: path.read_text(encoding="utf-8") for app in APPS for path in (ROOT / app).rglob("*.py")}
    templates = [path.name for path in TEMPLATES if re.search(r"{%\s*load[^%]*\bcache\b", path.read_text("utf-8"))]

    forbidden = (
        r"cache_page|UpdateCacheMiddleware|FetchFromCacheMiddleware|SessionStore.*cache|sessions\.backends\.cache"
    )
    assert [str(path) for path, text in sources.items() if re.search(forbidden, text)] == []
    assert templates == []


def test_only_kept_and_tries_ask_the_cache() -> None:
    """What is in a cache was made for one version of the public data, in one language; or it is a count of failures."""
    users = [
        str(path.relative_to(ROOT))
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
        if re.search(r"django\.core\.cache import (?!backends)", path.read_text(encoding="utf-8"))
    ]

    assert users == ["sih_portal/kept.py", "sih_portal/tries.py"]
