"""The private mirror: what an institution answered beside the published results, on a page and in Excel."""

from functools import cached_property

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from sih_portal.downloads import workbook_answer
from survey import mirroring
from survey.mirroring import Mirror
from survey.models import Release

from .respondent import ForRespondents


class AnswerMirror(ForRespondents):
    """Without a mirror the page says what is missing: the release, the answers, or both in one."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        return self.page("survey/answer_mirror.html", release=self.release, mirror=self.mirror)

    @cached_property
    def release(self) -> Release | None:
        return mirroring.public_release(self.respondent.invitation.round)

    @cached_property
    def mirror(self) -> Mirror | None:
        if self.release is None or self.response is None:
            return None
        return mirroring.mirror_of(self.response, self.respondent.form, self.release)


class AnswerMirrorSheet(AnswerMirror):
    def get(self, request: HttpRequest) -> HttpResponseBase:
        if self.mirror is None:
            return redirect("survey:answer-mirror")
        invitation = self.respondent.invitation
        name = f"{invitation.round.code}-{invitation.number}-mirror"
        return workbook_answer(mirroring.mirror_sheet(self.mirror, invitation), name)
