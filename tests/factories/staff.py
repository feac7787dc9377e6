"""Members of staff, named by role."""

from typing import Any

import factory
from django.contrib.auth.models import Group, User
from factory.django import DjangoModelFactory


class StaffFactory(DjangoModelFactory[User]):
    """`StaffFactory(roles=["curator"])`: an account that may log in to the admin with these roles."""

    username = factory.Sequence(lambda number: f"staff-{number}")
    is_staff = True

    class Meta:
        model = User
        skip_postgeneration_save = True

    @factory.post_generation
    def roles(self: Any, _create: bool, names: list[str] | None, **_extra: Any) -> None:
        for name in names or []:
            self.groups.add(Group.objects.get_or_create(name=name)[0])
