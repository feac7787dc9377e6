"""Mail by SMTP that knows whether a mail may have arrived: a connection that breaks before the text was begun is a
failure like any other, one that breaks after it leaves the mail in doubt."""

import smtplib
from typing import Any, Final

from django.core.mail.backends import smtp

GO_AHEAD: Final = 354  # the server's answer to DATA: now the text


class BrokenOff(Exception):
    """The connection ended while the text of the mail was under way, or before the server confirmed it."""


class _Watching(smtplib.SMTP):
    last_answer = 0

    def getreply(self) -> tuple[int, bytes]:
        self.last_answer, words = super().getreply()
        return self.last_answer, words

    def data(self, msg: Any) -> tuple[int, bytes]:
        """:raises BrokenOff: when nobody can say what became of the mail."""
        try:
            return super().data(msg)
        except smtplib.SMTPServerDisconnected as error:
            if self.last_answer == GO_AHEAD:
                raise BrokenOff from error
            raise


class _WatchingOverTLS(smtplib.SMTP_SSL, _Watching):
    pass


class EmailBackend(smtp.EmailBackend):
    """Django's, which speaks TLS or nothing where it was told so; and takes care to say when it was cut off."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _WatchingOverTLS if self.use_ssl else _Watching
