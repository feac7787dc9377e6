"""Programmes, institutions, headquarters and overseas bases at the desk."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, ForeignKey, OuterRef, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from sih_portal.staff import RecordAdmin, RecordPart, in_both_languages

from .forms import AliasForm, DistinctLabels, EmptyWhenDeleted, InstitutionForm, ProgrammeForm, RecordForm, SourcedForm
from .models import (
    Headquarters,
    Institution,
    InstitutionAlias,
    InstitutionName,
    OverseasBase,
    Participation,
    Programme,
    ProgrammeRole,
    Region,
)

SOURCE: Any = (_("Source"), {"fields": [("provenance", "locator"), *in_both_languages("reference")]})


class RegionFilter(admin.SimpleListFilter):
    """By region: a generated column has no choices that Django's own filter could show."""

    title = _("region")
    parameter_name = "region"
    column = "region"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Region.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(**{self.column: value}) if value in Region.values else queryset


class AliasInline(RecordPart, admin.TabularInline[InstitutionAlias, Institution]):
    model = InstitutionAlias
    form = AliasForm
    formset = DistinctLabels


class NameInline(RecordPart, admin.StackedInline[InstitutionName, Institution]):
    model = InstitutionName
    form = SourcedForm
    fieldsets = [
        (None, {"fields": [*in_both_languages("name"), ("relation", "from_year", "to_year")]}),
        (None, {"fields": [("provenance", "locator"), *in_both_languages("reference")]}),
    ]
    extra = 0


class ParticipationInline(RecordPart, admin.TabularInline[Participation, Institution]):
    model = Participation
    formset = EmptyWhenDeleted
    extra = 0


class BaseInline(RecordPart, admin.StackedInline[OverseasBase, Institution]):
    model = OverseasBase
    form = SourcedForm
    fieldsets = [
        (None, {"fields": ["slug", *in_both_languages("name", "city"), ("kind", "country")]}),
        (None, {"fields": [*in_both_languages("partner", "note")]}),
        (None, {"fields": [("provenance", "locator"), *in_both_languages("reference")]}),
    ]
    extra = 0


@admin.register(Institution)
class InstitutionAdmin(RecordAdmin[Institution]):
    form = InstitutionForm
    fieldsets = [
        (None, {"fields": [*in_both_languages("name"), ("name_kana", "slug")]}),
        (None, {"fields": [("kind", "prefecture"), ("ror", "website"), ("position", "headquarters")]}),
        SOURCE,
    ]
    readonly_fields = ["headquarters"]
    inlines = [AliasInline, NameInline, ParticipationInline, BaseInline]
    list_display = ["__str__", "name_en", "kind", "prefecture"]
    list_filter = ["kind", RegionFilter]
    search_fields = ["slug", "name_ja", "name_en", "name_kana", "aliases__label"]
    ordering = ["position", "slug"]
    published_by = ["editions"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Institution], search_term: str
    ) -> tuple[QuerySet[Institution], bool]:
        """Whom the whole term means comes first: 京大 is Kyoto, although it stands inside 東京大学 too."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        meant = InstitutionAlias.objects.filter(institution=OuterRef("pk"), label__iexact=search_term.strip())
        return found.order_by(Exists(meant).desc(), *self.get_ordering(request)), may_repeat

    @admin.display(description=_("headquarters"))
    def headquarters(self, institution: Institution) -> str | SafeString:
        """Links to the institution's headquarters, which are edited on their own page."""
        rows = Headquarters.objects.filter(participation__institution=institution).order_by("slug")
        rows = rows.select_related("participation__institution")
        links = [(reverse("admin:universities_headquarters_change", args=[row.pk]), row) for row in rows]
        return format_html_join("、", '<a href="{}">{}</a>', links) or self.get_empty_value_display()


@admin.register(Headquarters)
class HeadquartersAdmin(RecordAdmin[Headquarters]):
    form = RecordForm
    fieldsets = [
        (None, {"fields": ["participation", *in_both_languages("name")]}),
        (None, {"fields": [("abbreviation", "slug"), ("head", "website")]}),
        (None, {"fields": [("valid_from_year", "valid_to_year"), *in_both_languages("successor", "note")]}),
        SOURCE,
    ]
    list_display = ["__str__", "abbreviation", "head"]
    list_filter = ["head"]
    search_fields = [
        "slug",
        "name_ja",
        "name_en",
        "abbreviation",
        "participation__institution__name_ja",
        "participation__institution__name_en",
    ]
    ordering = ["participation__institution__position", "slug"]
    published_by = ["editions"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Headquarters]:
        return super().get_queryset(request).select_related("participation__institution")

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        field: ModelChoiceField[Any] | None = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field and db_field.name == "participation":
            field.queryset = Participation.objects.select_related("institution", "programme").order_by(
                "institution__position", "pk"
            )
        return field


class RoleInline(RecordPart, admin.StackedInline[ProgrammeRole, Programme]):
    model = ProgrammeRole
    form = SourcedForm
    fieldsets = [
        (None, {"fields": [*in_both_languages("actor", "text")]}),
        (None, {"fields": [("position", "provenance", "locator"), *in_both_languages("reference")]}),
    ]
    extra = 0


@admin.register(Programme)
class ProgrammeAdmin(RecordAdmin[Programme]):
    form = ProgrammeForm
    fieldsets = [
        (None, {"fields": [*in_both_languages("name"), ("abbreviation", "slug"), "website"]}),
        (None, {"fields": [("first_fiscal_year", "last_fiscal_year"), ("grant_min_jpy", "grant_max_jpy")]}),
        (None, {"fields": [*in_both_languages("grant_note", "aim", "funder", "operator")]}),
        SOURCE,
    ]
    inlines = [RoleInline]
    list_display = ["__str__", "abbreviation", "first_fiscal_year", "last_fiscal_year"]
    search_fields = ["slug", "name_ja", "name_en", "abbreviation"]
    ordering = ["first_fiscal_year", "slug"]
    published_by = ["participations"]
