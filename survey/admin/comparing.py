"""The revisions of a response at the desk: every step with what it kept, and what differs between any two of them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext

from survey.models import Response, SnapshotStep
from survey.revisions import PRESENT, Revision, differences, revision_of, reworded

from .loading import Opened, opened
from .rooms import OnlyManagers, page, room


class RevisionPages(OnlyManagers[Response]):
    """For the admin of responses."""

    def revision_urls(self) -> list[URLPattern]:
        return [room(self, "<int:pk>/revisions/", self.revisions, "revisions")]

    def revisions(self, request: HttpRequest, pk: int) -> HttpResponse:
        """`?old=…&new=…` are keys of snapshots, 0 is what stands there now; the earlier one counts as the old."""
        found = opened(pk)
        old, new = chosen(request, found)
        context = {
            "original": found.response,
            "title": gettext("Revisions and what was changed"),
            "found": found,
            "old": old,
            "new": new,
            "differences": list(differences(old, new, found.sheet)),
            "reworded": list(reworded(old, new)),
        }
        return page(self, request, "response/revisions", context)


def chosen(request: HttpRequest, found: Opened) -> tuple[Revision, Revision]:
    """The two states that are compared, in their order in time.

    :raises Http404: when the response has no such state.
    """
    keys = [_key(request.GET.get(name, ""), usual) for name, usual in (("old", usual_key(found)), ("new", PRESENT))]
    old, new = sorted(keys, key=lambda key: (key == PRESENT, key))
    return revision(found, old), revision(found, new)


def usual_key(found: Opened) -> int:
    """The submission before the last one; the last where there is only one; the present before the first."""
    submissions = [row.pk for row in found.snapshots if row.step == SnapshotStep.SUBMITTED]
    return submissions[:2][-1] if submissions else PRESENT


def revision(found: Opened, key: int) -> Revision:
    if key == PRESENT:
        return Revision(found.sheet)
    snapshot = found.snapshot(key)
    if snapshot is None:
        raise Http404
    return revision_of(snapshot, found.sheet)


def _key(text: str, usual: int) -> int:
    if not text:
        return usual
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Http404
    return int(text)
