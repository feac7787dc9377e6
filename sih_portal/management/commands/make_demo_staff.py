"""`manage.py make_demo_staff`: a curator and a publisher to try the portal with. `make run` calls it."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from sih_portal.roles import Role


class Command(BaseCommand):
    help = "Makes the demo accounts curator and publisher, and prints their passwords once."

    @transaction.atomic
    def handle(self, *_args: Any, **_options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("Demo accounts are never made in production. Run manage.py createsuperuser instead.")
        for role in (Role.CURATOR, Role.PUBLISHER):
            if not User.objects.filter(username=role).exists():
                self.stdout.write(f"Demo account for /admin/: {role}  password: {make_account(role)}")


def make_account(role: Role) -> str:
    """Makes the account named like its role, and returns its password: it is kept nowhere else in the clear."""
    password = secrets.token_urlsafe(12)
    user = User.objects.create_user(username=role, password=password, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return password
