"""Forms of records at the desk: they say in words what the database's constraints demand."""

from typing import Any, Final

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext_lazy as _

from sih_portal.conflicts import ReturningParts, WatchedForm

from .models import Institution, InstitutionAlias, Provenance

YEARS: Final = (
    ("from_year", "to_year"),
    ("valid_from_year", "valid_to_year"),
    ("first_year", "last_year"),
    ("first_fiscal_year", "last_fiscal_year"),
)
NAMES: Final = ("name", "title", "pref_label", "label")


class SourcedForm(forms.ModelForm[Any]):
    """Asks for the source, for a name in at least one language, and for years in their order."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "provenance" in cleaned:
            self._ask_for_source(cleaned)
        for first, last in YEARS:
            if cleaned.get(first) and cleaned.get(last) and cleaned[first] > cleaned[last]:
                self.add_error(last, _("The last year lies before the first."))
        if cleaned.get("month") and "year" in cleaned and cleaned["year"] is None:
            self.add_error("year", _("Give the year with the month."))
        for name in NAMES:
            if cleaned.get(f"{name}_ja") == "" and cleaned.get(f"{name}_en") == "":
                self.add_error(f"{name}_ja", _("Write it in at least one language."))
        return cleaned

    def _ask_for_source(self, cleaned: dict[str, Any]) -> None:
        if cleaned["provenance"] == Provenance.SUMMARY and not cleaned.get("locator"):
            self.add_error("locator", _("Say where in the summary it stands, for example: III-6, p. 4"))
        named = cleaned.get("reference_ja") or cleaned.get("reference_en")
        if cleaned["provenance"] == Provenance.REFERENCE and not named:
            self.add_error("reference_ja", _("Name the public record it comes from."))


class RecordForm(WatchedForm, SourcedForm):
    """A record with a page of its own at the desk; its parts have a `SourcedForm`."""


class InstitutionForm(RecordForm):
    class Meta:
        model = Institution
        fields = forms.ALL_FIELDS
        error_messages = {NON_FIELD_ERRORS: {None: _("Another institution has this ROR id.")}}


class ProgrammeForm(RecordForm):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        least, most = cleaned.get("grant_min_jpy"), cleaned.get("grant_max_jpy")
        if (least is None) != (most is None) or (least is not None and most is not None and least > most):
            self.add_error("grant_max_jpy", _("Give both ends of the range, the smaller one first, or neither."))
        return cleaned


class AliasForm(forms.ModelForm[InstitutionAlias]):
    class Meta:
        model = InstitutionAlias
        fields = forms.ALL_FIELDS
        error_messages = {NON_FIELD_ERRORS: {None: _("This short name already means an institution.")}}


class DistinctLabels(ReturningParts):
    """Finds labels typed twice in one form, which the database would refuse; capitals don't count."""

    def clean(self) -> None:
        super().clean()
        seen = set()
        for form in self.forms:
            label = (form.cleaned_data.get("language"), str(form.cleaned_data.get("label", "")).lower())
            if form in self.deleted_forms or not label[1]:
                continue
            if label in seen:
                form.add_error("label", _("This label stands here twice."))
            seen.add(label)


class EmptyWhenDeleted(ReturningParts):
    """Participations: one that still has headquarters stays, or they would vanish with it unseen."""

    def clean(self) -> None:
        super().clean()
        if any(form.instance.headquarters.exists() for form in self.deleted_forms):
            raise forms.ValidationError(_("Delete the headquarters of this participation first."))
