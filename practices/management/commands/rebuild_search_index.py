"""Makes the search index anew from the published cases, for example after the rules of its tokens have changed."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from practices import search


class Command(BaseCommand):
    help = "Makes the search index anew from the published cases. The old index answers until the new one stands."

    def handle(self, *_args: object, **_options: object) -> None:
        count = search.rebuild(progress=self._report)
        sentence = ngettext("%(count)d case indexed.", "%(count)d cases indexed.", count)
        self.stdout.write(self.style.SUCCESS(sentence % {"count": count}))

    def _report(self, done: int, total: int) -> None:
        self.stdout.write(_("%(done)d of %(total)d cases") % {"done": done, "total": total})
