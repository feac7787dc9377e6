"""Portals to hurt, on each database this machine has."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import pytest

from tests.faults.cluster import Cluster, cluster
from tests.faults.portal import Portal
from tests.run import postgresql_binaries

ENGINES = ["sqlite", "postgresql"]


class Make(Protocol):
    def __call__(self, name: str, *, migrated: bool = False) -> Portal: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.faults)


@pytest.fixture(scope="session")
def static_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    Portal(folder, {}).manage("collectstatic", "--no-input", "--verbosity", "0", "--ignore", "drf_spectacular_sidecar")
    return folder / "static"


@pytest.fixture(scope="session")
def own_cluster() -> Iterator[Cluster]:
    if not postgresql_binaries():
        pytest.skip("There is no PostgreSQL on this machine.")
    with cluster() as made:
        yield made


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database with the portal's tables; migrations take long, so they run once."""
    portal = Portal(tmp_path_factory.mktemp("migrated"), {})
    portal.manage("migrate", "--verbosity", "0")
    return portal.folder / "db.sqlite3"


@pytest.fixture(scope="session")
def migrated_template(own_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same on PostgreSQL: the name of a database to make others from."""
    settings = {"DATABASE_URL": own_cluster.make("migrated")}
    Portal(tmp_path_factory.mktemp("migrated"), settings).manage("migrate", "--verbosity", "0")
    return "migrated"


@pytest.fixture(params=ENGINES)
def make_portal(request: pytest.FixtureRequest, tmp_path: Path, static_files: Path) -> Make:
    """Makes portals on one engine; each has an empty database, or one with the portal's tables and roles."""

    def make(name: str, *, migrated: bool = False) -> Portal:
        folder, settings = tmp_path / name, {}
        folder.mkdir()
        (folder / "static").symlink_to(static_files)
        if request.param == "postgresql":
            own: Cluster = request.getfixturevalue("own_cluster")
            template = request.getfixturevalue("migrated_template") if migrated else "template0"
            settings["DATABASE_URL"] = own.make(f"{name}_{uuid4().hex}", template)
        elif migrated:
            shutil.copy(request.getfixturevalue("migrated_file"), folder)
        return Portal(folder, settings)

    return make


@pytest.fixture
def portal(make_portal: Make) -> Portal:
    """A portal with the roles in its database, and nothing else."""
    return make_portal("portal", migrated=True)
