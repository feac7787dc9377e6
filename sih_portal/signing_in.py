"""Who tries to sign in, and how often: one account from one network, and one account from all of them."""

import unicodedata
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest

IPV6_NETWORK: Final = 64  # bits: what one household or office is given, every address of it free to use
# Somebody with many networks may try an account this much more often than with one.
NETWORKS: Final = 10


def network(request: HttpRequest) -> str | None:
    """The visitor's IPv4 address or IPv6 network. A forwarded address counts only as far as proxies are known."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    proxies: Any = settings.REST_FRAMEWORK["NUM_PROXIES"]
    known = forwarded[-proxies:][:1] if proxies else []
    candidates = [*known, request.META.get("REMOTE_ADDR", "")]
    return next(filter(None, map(_network, candidates)), None)


def _network(text: str) -> str | None:
    try:
        address: IPv4Address | IPv6Address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address, IPV6_NETWORK), strict=False).network_address)


def account(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """The name under which attempts are counted: ways to write one name are one name."""
    typed = (credentials or request.POST).get("username") or ""
    return unicodedata.normalize("NFKC", str(typed)).casefold().strip()[:255]


class Attempts(AxesDatabaseHandler):
    """Locks an account against one network, and against all strange ones when many try it together.

    A network from which the account signed in before keeps its own count: strangers can't lock its owner out.
    """

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        from_here: int = super().get_failures(request, credentials)
        if _is_known(request, account(request, credentials)):
            return from_here
        return max(from_here, self._from_everywhere(request, credentials) // NETWORKS)

    def _from_everywhere(self, request: HttpRequest, credentials: dict[str, Any] | None) -> int:
        since = get_cool_off_threshold(request)
        attempts = AccessAttempt.objects.filter(username=account(request, credentials), attempt_time__gte=since)
        return int(attempts.aggregate(total=Sum("failures_since_start", default=0))["total"])


def _is_known(request: Any, name: str) -> bool:
    return bool(AccessLog.objects.filter(username__iexact=name, ip_address=request.axes_ip_address).exists())
