"""The versions of a public case: which there are, how one looked, and what it changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse

from sih_portal.people import full_name
from sih_portal.roles import SOURCE_ACCOUNT

from .differences import differences
from .models.edition import Edition
from .presenting import practice_context


@dataclass(frozen=True)
class Version:
    """`by` is empty where no full name is on record: user names are nobody's business."""

    slug: str
    number: int
    published_at: datetime
    retired_at: datetime | None
    by: str
    is_loaded: bool

    @property
    def is_current(self) -> bool:
        return self.retired_at is None

    def get_absolute_url(self) -> str:
        return reverse("practices:practice-version", args=[self.slug, self.number])


def history(slug: str) -> list[Version]:
    """The versions of a case, newest first; empty where the case is not public. One query."""
    people = [f"published_by__{field}" for field in ("username", "first_name", "last_name")]
    editions = (
        Edition.objects.of_public_cases()
        .filter(slug=slug)
        .select_related("published_by")
        .only("slug", "version", "published_at", "retired_at", *people)
    )
    return [version_of(edition) for edition in editions.order_by("-version")]


def version_of(edition: Edition) -> Version:
    by: User = edition.published_by
    return Version(
        edition.slug,
        edition.version,
        edition.published_at,
        edition.retired_at,
        by=full_name(by),
        is_loaded=by.username == SOURCE_ACCOUNT,
    )


def version_context(
    edition: Edition, *, versions: list[Version], previous: Edition | None = None, preview: bool = False
) -> dict[str, Any]:
    """The variables of `practices/practice_version.html`; `versions` are all of the case, newest first."""
    own = next((version for version in versions if version.number == edition.version), None)
    return {
        **practice_context(edition, preview=preview),
        "version": own or version_of(edition),
        "versions": versions,
        "current": next((version for version in versions if version.is_current), None),
        "previous": previous,
        "found": differences(previous, edition) if previous else [],
        "permalink": True,
    }
