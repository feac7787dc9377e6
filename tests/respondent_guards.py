"""Guards of the pages of those who answer without an account."""

from typing import Final

from tests.guarding import Guard

RESPONDENTS: Final = [
    Guard(f"survey respondents: {name}", path, line, without, f"tests/survey/test_answer_{tests}.py")
    for name, path, line, without, tests in (
        (
            "a revoked link opens nothing",
            "survey/mailing/links.py",
            "token_hash=digest(token), revoked_at=None",
            "token_hash=digest(token)",
            "links",
        ),
        (
            "the cookie of a revoked link opens nothing",
            "survey/views/respondent.py",
            "pk=key, revoked_at=None, ",
            "pk=key, ",
            "links",
        ),
        (
            "a cookie opens only the link it was given for",
            "survey/views/respondent.py",
            "if link and mark_of(link) == mark else None",
            "if link else None",
            "links",
        ),
        (
            "only a cookie of this purpose opens something",
            "survey/views/respondent.py",
            'SALT: Final = "survey.answer"',
            'SALT: Final = "survey.upload"',
            "links",
        ),
        (
            "wrong tokens are counted",
            "survey/views/answering.py",
            "        WRONG_TOKENS.count(request, at=now)\n",
            "",
            "links",
        ),
        (
            "nobody keeps an answer",
            "sih_portal/middleware.py",
            "            response.headers[name] = value\n",
            "            del name, value\n",
            "links",
        ),
        (
            "no answer is called unchanged",
            "sih_portal/freshness.py",
            " or is_respondents(request)",
            "",
            "links",
        ),
        (
            "forms of other sites",
            "sih_portal/middleware.py",
            'request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"',
            "bool(request)",
            "links",
        ),
        (
            "no redirect tells a token",
            "sih_portal/middleware.py",
            "        if holds_secret(request):\n",
            "        if not request:\n",
            "links",
        ),
        (
            "a form is of the institution whose link was opened",
            "survey/views/respondent.py",
            "return self.response if is_own else None",
            "return self.response",
            "pages",
        ),
        (
            "nobody begins after the end",
            "survey/views/answering.py",
            "if self.respondent.refusal:",
            "if not self.respondent:",
            "pages",
        ),
        (
            "the sign-off",
            "survey/views/answer_review.py",
            'if not self.request.POST.get("sign_off"):',
            "if not self.request.POST:",
            "review",
        ),
        (
            "explanations are of the answers that were shown",
            "survey/entering/wording.py",
            "if finding is None or finding.values != values:",
            "if finding is None:",
            "explaining",
        ),
        (
            "impossible answers are not explained away",
            "survey/entering/wording.py",
            "for one in findings if not one.check.is_hard}",
            "for one in findings}",
            "explaining",
        ),
        (
            "no explanation goes over one that was not shown",
            "survey/answering/explaining.py",
            "if explanation and is_about_these and explanation.digest != one.seen:",
            "if explanation is None and is_about_these:",
            "explaining",
        ),
        (
            "no reply goes over one that was not shown",
            "survey/answering/explaining.py",
            "if remark.digest != one.seen:",
            "if not remark.text:",
            "replies",
        ),
        (
            "explanations are submitted as they were looked at, and kept",
            "survey/answering/sheet.py",
            '"explanations": self.explanations_as_json()}',
            '"explanations": {}}',
            "explaining",
        ),
        (
            "taking back is confirmed",
            "survey/views/answer_review.py",
            'if not request.POST.get("sure"):',
            "if not request.POST:",
            "review",
        ),
    )
]
