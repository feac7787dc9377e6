"""The letter that reports an error: to the portal's contact address, with the place already filled in."""

from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.utils.text import Truncator
from django.utils.translation import gettext as _

# A kanji takes nine characters of such an address, and Windows hands a mail program about 2,000.
LONGEST_TITLE: Final = 30


def report_address(address: str, title: str, version: int | None = None) -> str:
    """A `mailto:` in the language of the request, or "" where no contact address is set."""
    if not settings.CONTACT_EMAIL:
        return ""
    place = _("%(address)s (version %(version)s)") % {"address": address, "version": version} if version else address
    subject = _("Report an error: %(title)s") % {"title": Truncator(title).chars(LONGEST_TITLE)}
    questions = (_("What is wrong:"), _("What is right, and where it is written:"))
    body = "\r\n\r\n".join((_("Place: %(place)s") % {"place": place}, *questions, ""))
    return f"mailto:{quote(settings.CONTACT_EMAIL, safe='@')}?subject={_sent(subject)}&body={_sent(body)}"


def _sent(text: str) -> str:
    return quote(text, safe="")
