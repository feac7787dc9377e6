"""The portal's addresses, and beside them those of peers that run inside it, behind the same middleware."""

from benchmarks.peers import plain_drf
from sih_portal import urls as portal

handler400, handler403, handler404, handler500 = (
    portal.handler400,
    portal.handler403,
    portal.handler404,
    portal.handler500,
)
urlpatterns = [*plain_drf.urlpatterns, *portal.urlpatterns]
