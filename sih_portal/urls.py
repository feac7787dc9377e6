"""Every address of the portal. Pages carry their language; what machines read does not."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.views.i18n import set_language

from sih_portal import views
from sih_portal.sitemaps import SITEMAPS

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error

urlpatterns = [
    path("", views.choose_language, name="choose-language"),
    path("admin/language/", set_language, name="admin-language"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("sih_portal.api")),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    *i18n_patterns(
        path("", views.Home.as_view(), name="home"),
        path("about/", views.About.as_view(), name="about"),
        path("", include("practices.urls")),
        path("", include("universities.urls")),
        path("", include("survey.urls")),
    ),
]
