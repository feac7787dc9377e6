"""What a form says in words about its own rules: who is asked a question."""

import re
from typing import Final

from django.utils.translation import gettext as _

from sih_portal.language import in_language

from .form import Form, FormQuestion

ONE_ANSWER: Final = re.compile(r"\s*([\w.]+)\s*=\s*(\d+)\s*")


def who_is_asked(form: Form, question: FormQuestion) -> str:
    """To whom a question goes, as the form prints it below the question; empty for everybody. No query."""
    if question.universe is None:
        return ""
    found = ONE_ANSWER.fullmatch(question.universe.text)
    asked = form.questions.get(found[1]) if found else None
    option = next((one for one in asked.options if str(one.code) == found[2]), None) if asked and found else None
    if asked is None or option is None:
        return _("Only for institutions to which this applies by their earlier answers.")
    label = in_language(option, "label").value
    return _("Only if you answered “%(answer)s” in %(question)s.") % {"answer": label, "question": asked.code}
