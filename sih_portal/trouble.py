"""When the database does not answer for a while: which faults pass by themselves, and what was typed is kept."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import Error, InterfaceError, OperationalError
from django.db.models import CharField, Model, SlugField, TextField
from django.http import FileResponse, HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

SQLITE_ERROR: Final = 1  # "SQL error": a statement that is wrong stays wrong
TOO_COMPLEX: Final = "54"  # PostgreSQL's class "program limit exceeded": so does one that is too large
UNREADABLE: Final = (
    UnreadablePostError,
    MultiPartParserError,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
OF_A_PART: Final = re.compile(r"(?P<parts>[a-z_]+)-(?P<place>\d{1,6})-(?P<name>\w+)", re.ASCII)


def passes(error: BaseException | None) -> bool:
    """Whether another try may succeed: no connection, a lock, a full disk, a restart, and what follows from these."""
    while isinstance(error, Error):
        if isinstance(error, OperationalError | InterfaceError):
            return not _is_wrong_statement(error.__cause__)
        error = error.__cause__ or error.__context__
    return False


def _is_wrong_statement(cause: BaseException | None) -> bool:
    is_sqlite_error = (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF == SQLITE_ERROR
    return is_sqlite_error or (getattr(cause, "pgcode", None) or "").startswith(TOO_COMPLEX)


@dataclass(frozen=True)
class Held:
    """A form that could not be saved, ready to be sent again as it was: the same fields, the same CSRF token."""

    address: str
    is_multipart: bool
    fields: list[tuple[str, str]]
    texts: list[tuple[str, str]]  # label and value, for people to read and copy
    has_lost_files: bool


def held_form(request: HttpRequest) -> Held | None:
    """What was posted; None when nothing was, when it holds a password, or when nobody checked who sent it."""
    if request.method != "POST" or not getattr(request, "csrf_processing_done", False):
        return None
    try:
        fields = [(name, str(value)) for name, values in request.POST.lists() for value in values]
        has_lost_files = bool(request.FILES)
    except UNREADABLE:
        return None
    if hasattr(request, "sensitive_post_parameters") or any("password" in name.lower() for name, _value in fields):
        return None
    return Held(
        address=request.get_full_path(),
        is_multipart=request.content_type == "multipart/form-data",
        fields=fields,
        texts=list(_texts(request, fields)),
        has_lost_files=has_lost_files,
    )


def _texts(request: HttpRequest, fields: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    model = getattr(getattr(getattr(request.resolver_match, "func", None), "model_admin", None), "model", None)
    for name, value in fields:
        if value.strip() and (label := _label(model, name, value)):
            yield label, value


def _label(model: type[Model] | None, name: str, value: str) -> str:
    """The name that the admin's form gives a text; "" for what is no text: keys, choices, buttons, hidden fields."""
    part = OF_A_PART.fullmatch(name)
    owner = _model_of_parts(model, part["parts"]) if model and part else model
    field = _field(owner, part["name"] if part else name)
    if field is None:
        is_sentence = " " in value.strip() or not value.isascii()
        return _("Text you typed") if is_sentence and not name.startswith("_") else ""
    if not isinstance(field, CharField | TextField) or isinstance(field, SlugField) or field.choices:
        return ""
    if owner is None or part is None:
        return str(field.verbose_name)
    called = _("%(part)s %(number)s") % {"part": owner._meta.verbose_name, "number": int(part["place"]) + 1}
    return _("%(part)s: %(field)s") % {"part": called, "field": field.verbose_name}


def _model_of_parts(model: type[Model], parts: str) -> type[Model] | None:
    relations = {relation.get_accessor_name(): relation for relation in model._meta.related_objects}
    related: Any = relations.get(parts)
    return related.related_model if related else None


def _field(model: type[Model] | None, name: str) -> Any:
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


class FirstPiece:
    """Makes the first piece of a streamed answer before its status is sent: a database that is away is a 503 then.

    An answer that breaks off later ends without the last chunk, so that nobody takes a part for the whole.
    """

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        response = self.get_response(request)
        if response.streaming and not isinstance(response, FileResponse):
            pieces = iter(response.streaming_content)
            response.streaming_content = chain([next(pieces, b"")], pieces)
        return response


def calm_session(request: HttpRequest) -> None:
    """Leaves the session as it is stored: saving it would meet the same trouble, and wait as long once more."""
    if session := getattr(request, "session", None):
        session.modified = False
