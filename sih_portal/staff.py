"""What every admin of the portal shares: roles decide, odd input is refused, a public id never changes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import attrgetter
from typing import Any, ClassVar, TypeVar
from urllib.parse import quote

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple, RelatedFieldWidgetWrapper
from django.db import models, transaction
from django.forms import Field
from django.http import HttpRequest
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext

from sih_portal.clash import ClashAdmin
from sih_portal.conflicts import ReturningParts
from sih_portal.language import LANGUAGES, stem_and_language
from sih_portal.models import DataVersion
from sih_portal.roles import may_keep_records, may_read_desk

Row = TypeVar("Row", bound=models.Model)

LONGEST_SEARCH = 200
MOST_WORDS = 20
# Names the page whose form was saved, for js/desk-typed-kept.js, which takes it away.
SAVED_COOKIE = "desk-saved"
SAVED_SECONDS = 600


def in_both_languages(*names: str) -> list[tuple[str, ...]]:
    """Lines of a fieldset: each text in Japanese and English, side by side."""
    return [tuple(f"{name}_{language}" for language in LANGUAGES) for name in names]


def filter_name(entry: Any) -> str:
    """The query name that an entry of `list_filter` begins with."""
    return str(entry[0] if isinstance(entry, tuple) else getattr(entry, "parameter_name", entry))


def plausible(key: str) -> str:
    """A key as a form sends it; `0`, which no row has, for what a database could not even compare."""
    return key if not key or (key.isascii() and key.isdigit() and len(key) < 19) else "0"


def names_by_label(edited: Sequence[type[models.Model]]) -> dict[str, str]:
    """What the catalogue calls the fields of these models, by what a form calls them in no language."""
    fields = [field for model in edited for field in (*model._meta.fields, *model._meta.many_to_many)]
    with translation.override(None):
        names = [str(field.verbose_name) for field in fields]
    return {capfirst(name): name for name in names}


class OneOf(AutocompleteSelect):
    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        return plausible(super().value_from_datadict(data, files, name) or "")


class SomeOf(AutocompleteSelectMultiple):
    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [plausible(key) for key in super().value_from_datadict(data, files, name)]


class Fields:
    """Marks each text field with its language: for the keyboard, the spelling checker and the screen reader.

    Beside a choice no record is deleted: too easily taken for "remove from this form".
    """

    admin_site: admin.AdminSite
    autocomplete_fields: ClassVar[Any]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Field | None:
        if db_field.name in self.autocomplete_fields:
            widget = SomeOf if db_field.many_to_many else OneOf
            kwargs["widget"] = widget(db_field, self.admin_site)
        field: Field | None = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        language = stem_and_language(db_field.name)[1]
        if field and language:
            field.widget.attrs["lang"] = language
        if field and isinstance(db_field, models.TextField):
            field.widget.attrs["rows"] = 4
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = False
        return field


class DeskAdmin(Fields, ClashAdmin[Row]):
    """Lists that answer nothing but their own filters, and searches of a size a database can take."""

    view_on_site = False
    show_full_result_count = False
    list_per_page = 50

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Tells the browser what is saved only when the save can't be undone any more."""
        response = super().changeform_view(request, *args, **kwargs)
        if getattr(request, "has_saved", False):
            secure = settings.SESSION_COOKIE_SECURE
            value = quote(request.path, safe="")
            response.set_cookie(SAVED_COOKIE, value, max_age=SAVED_SECONDS, secure=secure, samesite="Strict")
        return response

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        request.has_saved = True  # type: ignore[attr-defined]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_read_desk(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return may_read_desk(request.user)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the filters of the list write: Django would run a regular expression of the address's."""
        name, _separator, last = lookup.rpartition("__")
        plain = lookup if last not in {"exact", "isnull"} else name
        return plain.removesuffix("__id") in {filter_name(entry) for entry in self.list_filter}

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Nothing of the address: a link must not fill a form."""
        return {}

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: Any = None) -> Any:
        """Names the fields as the catalogue does: Django writes them with a capital and then finds no translation."""
        entries: Any = super().construct_change_message(request, form, formsets, add)
        known = names_by_label([self.model, *(inline.model for inline in self.inlines)])
        for entry in entries:
            if names := entry.get("changed", {}).get("fields"):
                entry["changed"]["fields"] = [known.get(name, name) for name in names]
        return entries

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        title = gettext("List of %(records)s") % {"records": self.opts.verbose_name_plural}
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Row], search_term: str
    ) -> tuple[models.QuerySet[Row], bool]:
        words = search_term[:LONGEST_SEARCH].split()[:MOST_WORDS]
        return super().get_search_results(request, queryset, " ".join(words))


class RecordAdmin(DeskAdmin[Row]):
    """Records that every role reads. Unless an admin says otherwise they are public when saved, and curators and
    publishers keep them."""

    change_form_template = "admin/record_change_form.html"
    public_id: Sequence[str] = ("slug",)
    # Relations (with dots) by which something published names the record: then it stays.
    published_by: Sequence[str] = ()

    def may_keep(self, request: HttpRequest) -> bool:
        return may_keep_records(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_keep(request)

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return self.may_keep(request)

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return self.may_keep(request) and not (obj and self.is_published(obj))

    def is_published(self, obj: Row) -> bool:
        return any(attrgetter(name)(obj).exists() for name in self.published_by)

    def are_shown(self, rows: models.QuerySet[Row]) -> bool:
        """Whether the world sees one of these records."""
        return True

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Comes last of a save, in its transaction."""
        with self.telling_caches(self.model._default_manager.filter(pk=form.instance.pk)):
            super().save_related(request, form, formsets, change)

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: Row) -> None:
        with self.telling_caches(self.model._default_manager.filter(pk=obj.pk)):
            super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Row]) -> None:
        with self.telling_caches(queryset):
            super().delete_queryset(request, queryset)

    @contextmanager
    def telling_caches(self, rows: models.QuerySet[Row]) -> Iterator[None]:
        """Asks before the change whether the world sees the rows, and tells of it after it: others wait for that."""
        has_shown = self.are_shown(rows)
        yield
        if has_shown:
            DataVersion.objects.bump()

    def get_form(self, request: HttpRequest, obj: Row | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        """The form watches what the page edits: the record and its inlines."""
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        edited = {inline.model for inline in self.inlines}
        relations = self.model._meta.related_objects
        form.parts = [relation.get_accessor_name() for relation in relations if relation.related_model in edited]
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Row | None = None) -> Any:
        frozen = self.public_id if obj else ()
        return [*super().get_readonly_fields(request, obj), *frozen]


class RecordPart(Fields):
    """For inlines of a `RecordAdmin`: the permissions of the record are those of its parts."""

    extra = 1
    formset: Any = ReturningParts

    def may_keep(self, request: HttpRequest) -> bool:
        return may_keep_records(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_read_desk(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_keep(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_keep(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_keep(request)
