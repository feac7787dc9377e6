"""The index holds the public editions, no more and no fewer, and obeys what both databases can hold."""

from collections import Counter
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test.utils import CaptureQueriesContext

from practices.models import Edition
from practices.search import fill, index, public_cases, rebuild, search_engine, stored_of, unindex_edition
from practices.search.documents import GAP, MOST_OF_ONE_TOKEN, MOST_POSITIONS, REST, Document, document
from sih_portal.models import DataVersion
from tests.factories.practices import ConceptFactory, PracticeFactory, archive, publish
from tests.practices.search.asking import slugs

pytestmark = pytest.mark.django_db


def public() -> set[int]:
    return set(Edition.objects.public().values_list("pk", flat=True))


def test_steps_keep_the_index_equal_to_the_public_editions() -> None:
    PracticeFactory()
    publish(slug="kept")
    archive(publish(slug="gone"))

    assert search_engine().indexed() == public()


def test_rebuild_mends_whatever_stands_in_the_index() -> None:
    kept, lost, retired = publish(slug="kept"), publish(slug="lost", summary_ja="留学"), publish(slug="gone")
    archive(retired)
    search_engine().delete([lost.pk])
    search_engine().index([document(retired), Document(10**12, ((), (), ("留学",), (), (), (), (), ()), "")])
    progress: list[tuple[int, int]] = []

    count = rebuild(progress=lambda done, total: progress.append((done, total)))

    assert search_engine().indexed() == public() == {kept.pk, lost.pk}
    assert (count, progress, slugs("留学")) == (2, [(2, 2)], ["lost"])


def test_command_rebuilds_and_says_so() -> None:
    edition = publish()
    unindex_edition(edition.pk)
    output = StringIO()

    call_command("rebuild_search_index", stdout=output)

    assert search_engine().indexed() == {edition.pk}
    assert "1" in output.getvalue()


def test_indexing_twice_keeps_one_row() -> None:
    edition = publish(slug="a", summary_ja="留学")

    search_engine().index([document(edition), document(edition)])

    assert slugs("留学") == ["a"]


def test_every_text_of_a_case_is_indexed() -> None:
    texts: dict[str, Any] = {
        f"{name}_{language}": f"{name.replace('_', '')}{language}" for name in REST for language in ("ja", "en")
    }
    publish(slug="a", **texts)

    assert [text for text in texts.values() if slugs(text) != ["a"]] == []


def test_documents_hold_ids_in_columns_of_their_own() -> None:
    concept = ConceptFactory()
    edition = publish(concepts=[concept], title_ja="留学生", title_en="", with_headquarters=True)

    names, subjects, title, *_rest = document(edition).columns

    assert names == (f"i_{edition.institution_id}", f"h_{edition.headquarters_id}")
    assert subjects == (f"t_{edition.theme_id}", f"c_{concept.pk}")
    assert title == ("留学", "学生", "生", GAP)


def test_documents_stay_within_what_postgresql_holds() -> None:
    edition = publish(summary_ja="大学 " * 1_000, lessons_en=" ".join(f"w{n}" for n in range(20_000)))

    held = [token for column in document(edition).columns for token in column]

    assert len(held) == MOST_POSITIONS
    assert Counter(held)["大学"] == MOST_OF_ONE_TOKEN


@pytest.mark.django_db(transaction=True)
def test_migration_can_be_taken_back() -> None:
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()

    MigrationExecutor(connection).migrate([("practices", "0002_roles")])
    tables = connection.introspection.table_names()
    MigrationExecutor(connection).migrate(newest)

    assert "practices_search" not in tables
    assert search_engine().indexed() == set()


def test_an_empty_index_is_filled_after_migrating() -> None:
    edition = publish(summary_ja="留学")
    search_engine().clear()

    call_command("migrate", verbosity=0)

    assert search_engine().indexed() == {edition.pk}
    assert slugs("留学") == [edition.slug]


def test_an_index_that_holds_something_is_left_alone() -> None:
    publish()
    before = DataVersion.objects.current()

    fill()

    assert DataVersion.objects.current() == before


def test_migrations_before_the_index_fill_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    publish()
    search_engine().clear()
    monkeypatch.setattr(index, "TABLE", "not_there_yet")

    fill()

    assert search_engine().indexed() == set()


def test_kept_cases_are_those_of_the_index() -> None:
    kept, gone = publish(slug="kept"), publish(slug="gone")
    archive(gone)

    with CaptureQueriesContext(connection) as queries:
        found = public_cases([gone.pk, kept.pk])

    assert [case.slug for case in found] == ["kept"]
    assert found[0] == stored_of(Edition.objects.with_parts().with_first_published_at().get(pk=kept.pk))
    assert len(queries) > 1  # the archived case is looked for among the editions too
