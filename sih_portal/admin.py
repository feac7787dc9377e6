"""Accounts in the admin: as Django has them, and the caches learn of a new name."""

from typing import Any, Final

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from sih_portal.models import DataVersion

# What pages of versions say, or derive, about who published.
SHOWN: Final = frozenset({"username", "first_name", "last_name"})

admin.site.index_title = _("Office desk")
admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin[User]):
    """Whoever published something is protected from deletion, so that deleting changes nothing public."""

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        if change and SHOWN & set(form.changed_data):
            DataVersion.objects.bump()
