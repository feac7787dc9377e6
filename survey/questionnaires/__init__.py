"""A questionnaire as a whole: read for answering, judged, frozen, and copied into its next version."""

from .form import Form, FormCheck, FormQuestion, FormSection, Line, form_of
from .judging import mistakes
from .versions import NotReady, freeze, next_number, next_version
from .words import who_is_asked

__all__ = [
    "Form",
    "FormCheck",
    "FormQuestion",
    "FormSection",
    "Line",
    "NotReady",
    "form_of",
    "freeze",
    "mistakes",
    "next_number",
    "next_version",
    "who_is_asked",
]
