"""Drifted translations in the form of a case: told beside their fields, settled by ticks saved with the form."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BoundField
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from practices import translations
from practices.differences import Segment, marked
from practices.models import GoodPractice
from practices.permissions import languages_to_edit
from practices.translations import Drift, OtherLanguage
from sih_portal.language import other_language
from sih_portal.staff import DeskAdmin

TICKS: Final = "unchanged"
ALL: Final = "all"


@dataclass(frozen=True)
class Notice:
    """A drift as the page tells it. `anchor`: id of the field, empty where it can only be read."""

    drift: Drift
    anchor: str = ""
    may_declare: bool = False
    is_ticked: bool = False

    @property
    def source(self) -> str:
        """The language the translation was made from."""
        return other_language(self.drift.language)

    @property
    def segments(self) -> list[Segment]:
        return marked(self.drift.source_then, self.drift.source_now)


class DriftNotices(DeskAdmin[GoodPractice]):
    """For the admin of cases: every save is noted, and so is who finds a translation good as it is."""

    class Media:
        css = {"all": ["css/desk-drift.css"]}

    def save_model(self, request: HttpRequest, obj: GoodPractice, form: Any, change: Any) -> None:
        form.texts_before = translations.places(GoodPractice.objects.get(pk=obj.pk)) if change else {}
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        translations.note(form.instance, before=form.texts_before, after=translations.places(form.instance))
        if ticked := request.POST.getlist(TICKS):
            self._declare(request, form.instance, ticked)

    def _declare(self, request: HttpRequest, practice: GoodPractice, ticked: list[str]) -> None:
        """:raises PermissionDenied: when somebody ticks what the page did not offer; then nothing is saved."""
        chosen = own_places(request, practice) if ALL in ticked else ticked
        try:
            settled = translations.declare_unchanged(practice, chosen=chosen, by=request.user)
        except OtherLanguage as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        if settled:
            labels = _(", ").join(drift.label for drift in settled)
            said = _("Translation found good as it is: %(texts)s") % {"texts": labels}
            self.log_change(request, practice, said)
            self.message_user(request, said, messages.SUCCESS)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *arguments: Any, **named: Any) -> Any:
        practice = context["original"]
        context["drifts"] = list(self._notices(request, context, practice)) if practice else []
        return super().render_change_form(request, context, *arguments, **named)

    def _notices(self, request: HttpRequest, context: dict[str, Any], practice: GoodPractice) -> Iterator[Notice]:
        """The case as it is stored, not as it was typed; each drift is put beside its field too, where there is one."""
        own = languages_to_edit(request.user, practice)
        fields = dict(text_fields(context))
        ticked = request.POST.getlist(TICKS)
        for drift in translations.drifted(GoodPractice.objects.get(pk=practice.pk)):
            field = fields.get(f"{drift.place}_{drift.language}")
            notice = Notice(
                drift,
                anchor=field.id_for_label if field else "",
                may_declare=field is not None and drift.language in own,
                is_ticked=not {drift.place, ALL}.isdisjoint(ticked),
            )
            if field:
                field.help_text = render_to_string("admin/practices/goodpractice/drift.html", {"notice": notice})
            yield notice


def own_places(request: HttpRequest, practice: GoodPractice) -> list[str]:
    """Where the account may say that a translation is good as it is."""
    own = languages_to_edit(request.user, practice)
    return [drift.place for drift in translations.drifted(practice) if drift.language in own]


def text_fields(context: dict[str, Any]) -> Iterator[tuple[str, BoundField]]:
    """The fields of the page that can be typed into, by place and language ("actions-2-text_ja")."""
    form = context["adminform"].form
    yield from ((name, form[name]) for name in form.fields)
    for inline in context["inline_admin_formsets"]:
        kind = inline.formset.fk.remote_field.related_name
        for part in inline.formset.initial_forms:
            yield from ((f"{kind}-{part.instance.number}-{name}", part[name]) for name in part.fields)
