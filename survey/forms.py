"""Forms of the survey's records: what a release of figures relies on is not typed away."""

import re
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from sih_portal.conflicts import ReturningParts
from sih_portal.language import LANGUAGES
from universities.forms import RecordForm, SourcedForm

from . import rules
from .models import Calculation, Figure, Indicator, Measure
from .rules import RuleError

# A group, then if need be the measure and the period: `{pilot}`, `{other/mean/2008}`, `{other/mean/last}`.
PLACEHOLDER: Final = re.compile(r"\{[\w-]+(?:/[a-z_]+(?:/(?:[\d-]+|first|last))?)?\}")
HEADLINES: Final = tuple(f"{name}_{language}" for name in ("headline", "computed_headline") for language in LANGUAGES)
HOW_TO_NAME_FIGURES: Final = _("For a figure write {pilot}, {other/mean} or {other/mean/2008}.")


class IndicatorForm(RecordForm):
    class Meta:
        model = Indicator
        fields = forms.ALL_FIELDS
        help_texts = dict.fromkeys(HEADLINES, HOW_TO_NAME_FIGURES)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in HEADLINES:
            if set("{}") & set(PLACEHOLDER.sub("", cleaned.get(name, ""))):
                self.add_error(name, HOW_TO_NAME_FIGURES)
        return cleaned


class CalculationForm(SourcedForm):
    """Rules are read where they are typed; what a measure needs is there."""

    class Meta:
        model = Calculation
        fields = forms.ALL_FIELDS

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("base", "condition"):
            try:
                if cleaned.get(name):
                    rules.read(cleaned[name])
            except RuleError as error:
                self.add_error(name, str(error))
        rows, parts = (cleaned.get(name, "").split() for name in ("rows", "parts"))
        measure = cleaned.get("measure")
        if measure == Measure.SHARE and not cleaned.get("condition"):
            self.add_error("condition", _("A share needs the condition that it counts."))
        if measure not in {Measure.SHARE, Measure.ASKED, Measure.ANSWERED, Measure.RATE} and not rows:
            self.add_error("rows", _("Name the rows of the questionnaire, such as Q4.edu, with blanks between them."))
        if beside := [part for part in parts if part not in rows]:
            message = _("%(rows)s: only rows that have to be answered can be added up.")
            self.add_error("parts", message % {"rows": " ".join(beside)})
        return cleaned


class ItemsOfFigures(ReturningParts):
    """Items of an indicator: one that figures name by its code keeps it and stays."""

    def clean(self) -> None:
        super().clean()
        told = Figure.objects.filter(indicator=self.instance.pk).exclude(item="")
        named = set(told.values_list("item", flat=True))
        for form in self.initial_forms:
            if form.initial["code"] not in named:
                continue
            if form in self.deleted_forms:
                raise forms.ValidationError(_("An item that figures tell of can't be deleted."))
            if form.cleaned_data.get("code", form.initial["code"]) != form.initial["code"]:
                form.add_error("code", _("Figures tell of this item by its code; it can't change."))
