"""What every admin of the portal shares: roles decide, odd input is refused, a public id never changes."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.contrib import admin
from django.db import models
from django.forms import Field
from django.http import HttpRequest

from sih_portal.language import LANGUAGES
from sih_portal.roles import may_keep_records, may_read_desk

Row = TypeVar("Row", bound=models.Model)

LONGEST_SEARCH = 200
MOST_WORDS = 20


def in_both_languages(*names: str) -> list[tuple[str, ...]]:
    """Lines of a fieldset: each text in Japanese and English, side by side."""
    return [tuple(f"{name}_{language}" for language in LANGUAGES) for name in names]


def filter_name(entry: Any) -> str:
    """The query name that an entry of `list_filter` begins with."""
    return str(entry[0] if isinstance(entry, tuple) else getattr(entry, "parameter_name", entry))


class Texts:
    """Marks each text field with its language: for the keyboard, the spelling checker and the screen reader."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Field | None:
        field: Field | None = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        language = db_field.name[-2:]
        if field and db_field.name[-3:-2] == "_" and language in LANGUAGES:
            field.widget.attrs["lang"] = language
        if field and isinstance(db_field, models.TextField):
            field.widget.attrs["rows"] = 4
        return field


class DeskAdmin(Texts, admin.ModelAdmin[Row]):
    """Lists that answer nothing but their own filters, and searches of a size a database can take."""

    view_on_site = False
    show_full_result_count = False
    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_read_desk(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return may_read_desk(request.user)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the filters of the list write: Django would run a regular expression of the address's."""
        name, _separator, last = lookup.rpartition("__")
        plain = lookup if last not in {"exact", "isnull"} else name
        return plain.removesuffix("__id") in {filter_name(entry) for entry in self.list_filter}

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Row], search_term: str
    ) -> tuple[models.QuerySet[Row], bool]:
        words = search_term[:LONGEST_SEARCH].split()[:MOST_WORDS]
        return super().get_search_results(request, queryset, " ".join(words))


class RecordAdmin(DeskAdmin[Row]):
    """Records that are public when saved: every role reads them, curators and publishers keep them."""

    public_id: Sequence[str] = ("slug",)
    # Relations by which something published names the record: then it stays.
    published_by: Sequence[str] = ()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_keep_records(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return may_keep_records(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return may_keep_records(request.user) and not (obj and self.is_published(obj))

    def is_published(self, obj: Row) -> bool:
        return any(getattr(obj, name).exists() for name in self.published_by)

    def get_readonly_fields(self, request: HttpRequest, obj: Row | None = None) -> Any:
        frozen = self.public_id if obj else ()
        return [*super().get_readonly_fields(request, obj), *frozen]


class RecordPart(Texts):
    """For inlines of a `RecordAdmin`: the permissions of the record are those of its parts."""

    extra = 1

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_read_desk(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_keep_records(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_keep_records(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_keep_records(request.user)
