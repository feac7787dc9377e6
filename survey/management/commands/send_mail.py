"""`manage.py send_mail`: sends what is queued and ends; with `--watch` it goes on until it is told to end."""

import logging
import os
import signal
import threading
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from survey.mailing import Post, ServerAway, deliver_next
from survey.models import Delivery, DeliveryState

LOOK_AGAIN: Final = 2.0  # seconds
LONGEST_PAUSE: Final = 60.0
log: Final = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Sends the survey's mails that are queued."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--watch", action="store_true", help="go on, and send each mail as soon as it is queued")
        parser.add_argument(
            "--parent", type=int, metavar="PID", help="with --watch: end when this process, which started it, is gone"
        )

    def handle(self, *_arguments: Any, watch: bool, parent: int | None, **_options: Any) -> None:
        post = Post()
        try:
            if watch:
                Watch(post, parent=parent).run()
            else:
                self.send_all(post)
        finally:
            post.close()

    def send_all(self, post: Post) -> None:
        """:raises CommandError: when the mail server can't be reached."""
        told = {DeliveryState.SENT: 0}
        try:
            while delivery := deliver_next(at=timezone.now(), post=post):
                state = DeliveryState(delivery.state)
                told[state] = told.get(state, 0) + 1
        except ServerAway as error:
            waiting = Delivery.objects.filter(state=DeliveryState.QUEUED).count()
            raise CommandError(f"The mail server can't be reached. Mails that wait: {waiting}.") from error
        finally:
            self.stdout.write(", ".join(f"{state.value}: {count}" for state, count in told.items()))


class Watch:
    """Sends and waits in turn. SIGTERM and Ctrl+C end it after the mail in hand."""

    def __init__(self, post: Post, *, parent: int | None) -> None:
        self.post, self.parent = post, parent
        self.is_over = threading.Event()
        self.pause = LOOK_AGAIN

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.is_over.set())
        while not self.is_over.is_set() and self.parent in {None, os.getppid()}:
            close_old_connections()
            if not self.has_sent():
                self.post.close()
                self.is_over.wait(self.pause)

    def has_sent(self) -> bool:
        """One mail, or the reason to wait: longer each time that nothing can be sent."""
        try:
            delivery = deliver_next(at=timezone.now(), post=self.post)
        except Exception:
            # The mail server, the database, or a mistake of ours: none of them ends the sender.
            log.exception("No mail can be sent now")
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
            return False
        self.pause = LOOK_AGAIN
        return delivery is not None
