"""Two people at one form: the second save is refused first, and nothing that was typed gets lost."""

import hashlib
import json
import re
from collections.abc import Sequence
from copy import copy
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

CHANGED_MEANWHILE: Final = _(
    "Somebody else changed this record while you were writing. Nothing is saved yet; your text stands below. "
    "Look at the current text in another window; saving again replaces it with yours."
)
DELETED_MEANWHILE: Final = _(
    "Somebody else deleted this entry while you were writing. Nothing is saved yet; saving again brings it back "
    "as a new one. To leave it deleted, remove it or empty its fields."
)


def refuse(form: forms.ModelForm[Any], message: Any, *, seen: object) -> None:
    """This will make the save a conflict, and what comes back the form whose next save is a conscious one."""
    form.add_error(None, ValidationError(message, code="conflict"))
    renewed: Any = copy(form.data)
    renewed["seen"] = str(seen)
    form.data = renewed


def state_of(record: models.Model, parts: Sequence[str]) -> str:
    """A fingerprint of the record as it is in memory, of its many-to-many relations and of its `parts` as stored.

    One query for each relation and kind of part.
    """
    content: dict[str, Any] = {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}
    for field in record._meta.many_to_many:
        content[field.name] = list(getattr(record, field.name).order_by("pk").values_list("pk", flat=True))
    for name in parts:
        content[name] = list(getattr(record, name).order_by("pk").values())
    return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()


class WatchedForm(forms.ModelForm[Any]):
    """A record that was saved since the page was made is not overwritten unseen. `parts`: relations edited with it."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    parts: ClassVar[Sequence[str]] = ()

    def __init__(self, *arguments: Any, **named: Any) -> None:
        # Before Django reads what the page shows: a save in between then is a conflict too many, never one too few.
        record = named.get("instance")
        seen = state_of(record, self.parts) if record and not arguments else ""
        super().__init__(*arguments, **named)
        self.fields["seen"].initial = seen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            self._refuse_after_others(cleaned.get("seen"))
        return cleaned

    def _refuse_after_others(self, seen: str | None) -> None:
        """Locks the row until the request ends, so that nobody saves between this comparison and the save."""
        current = self._meta.model._default_manager.select_for_update().get(pk=self.instance.pk)
        state = state_of(current, self.parts)
        if seen != state:
            refuse(self, CHANGED_MEANWHILE, seen=state)


class ReturningParts(forms.BaseInlineFormSet[Any, Any, Any]):
    """Parts of a record. What was typed into one that somebody deleted meanwhile comes back as a new part.

    Django would drop such a form from the page and then refuse every save for want of it.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.returned = range(0)
        if self.is_bound:
            self._return_deleted()

    def clean(self) -> None:
        super().clean()
        for index in self.returned:
            if self.forms[index].has_changed():
                self.forms[index].add_error(None, ValidationError(DELETED_MEANWHILE))

    def _return_deleted(self) -> None:
        """Rewrites the posted names: the parts that still stand first, then those that return, then the new ones."""
        stored, total = self.initial_form_count(), self.total_form_count()
        present = {str(part.pk) for part in self.get_queryset()}
        standing = [index for index in range(stored) if self._posted(index, "id") in present]
        gone = [index for index in range(stored) if index not in standing]
        returning = [index for index in gone if not self._posted(index, "DELETE")]
        if not gone:
            return
        order = [*standing, *returning, *range(stored, total)]
        self.returned = range(len(standing), len(standing) + len(returning))
        data = self._in_order(self.data, order)
        for index in self.returned:
            data[f"{self.prefix}-{index}-id"] = ""
        data[f"{self.prefix}-INITIAL_FORMS"] = str(len(standing))
        data[f"{self.prefix}-TOTAL_FORMS"] = str(len(order))
        self.data, self.files = data, self._in_order(self.files, order)
        del self.management_form

    def _posted(self, index: int, name: str) -> Any:
        return self.data.get(f"{self.prefix}-{index}-{name}")

    def _in_order(self, values: Any, order: Sequence[int]) -> Any:
        """A copy in which the part posted as number `order[n]` is number n; parts not in `order` are left out."""
        places = {str(index): place for place, index in enumerate(order)}
        ordered = values.copy()
        ordered.clear()
        for name in values:
            part = re.fullmatch(rf"{re.escape(str(self.prefix))}-(\d+)-(.+)", name)
            if part is None:
                ordered.setlist(name, values.getlist(name))
            elif part[1] in places:
                ordered.setlist(f"{self.prefix}-{places[part[1]]}-{part[2]}", values.getlist(name))
        return ordered
