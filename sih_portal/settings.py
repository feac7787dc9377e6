"""The one settings file. What differs between deployments is an environment variable (`.env.example`)."""

import sqlite3
from pathlib import Path
from urllib.parse import quote

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from sih_portal import environment

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(environment.text("VAR_DIR", str(BASE_DIR / "var")))

PRODUCTION = environment.flag("PRODUCTION")
DEBUG = environment.flag("DEBUG") and not PRODUCTION
SECRET_KEY = environment.secret_key("SECRET_KEY", production=PRODUCTION, kept_in=VAR_DIR / "secret-key")
# Earlier keys: sessions and links that they signed stay good while a key is exchanged.
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")
SITE_URL = environment.required(
    "SITE_URL",
    production=PRODUCTION,
    cure="Write the public address, for example https://sih.example.ac.jp.",
    default=f"http://127.0.0.1:{environment.whole_number('PORT', 8000)}",
).rstrip("/")
ALLOWED_HOSTS = [
    host
    for host in environment.required(
        "ALLOWED_HOSTS",
        production=PRODUCTION,
        cure="Write the host names that serve the portal, with commas between them.",
        default="127.0.0.1,localhost,[::1]",
    ).split(",")
    if host
]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CONTACT_EMAIL = environment.text("CONTACT_EMAIL")
CONTENT_LICENCE = environment.text("CONTENT_LICENCE")

INSTALLED_APPS = [
    "sih_portal.apps.OfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "adminsortable2",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "sih_portal.apps.PortalConfig",
    "universities.apps.UniversitiesConfig",
    "practices.apps.PracticesConfig",
    "survey.apps.SurveyConfig",
]

MIDDLEWARE = [
    "sih_portal.logs.RequestLog",
    "sih_portal.middleware.EmptyHeads",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sih_portal.middleware.FreshAnswers",
    "sih_portal.middleware.RespondentsOwn",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "sih_portal.middleware.AddressLanguage",
    "sih_portal.middleware.FixedLanguage",
    "sih_portal.middleware.ReadableInput",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "sih_portal.one_moment.OneMoment",
    "sih_portal.freshness.Freshness",
    "axes.middleware.AxesMiddleware",
    "sih_portal.trouble.FirstPiece",
]

ROOT_URLCONF = "sih_portal.urls"
WSGI_APPLICATION = "sih_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sih_portal.context_processors.portal",
            ],
            "builtins": ["sih_portal.templatetags.portal"],
        },
    }
]

# Databases (docs/adr/0003-sqlite.md): measured with 64 clients saving at once, other SQLite settings lose writes.
SAFE_SQLITE = (3, 51, 3)
DATABASE = environment.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}")
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    Path(str(DATABASE["NAME"])).parent.mkdir(parents=True, exist_ok=True)
    journal = "WAL" if sqlite3.sqlite_version_info >= SAFE_SQLITE else "DELETE"
    DATABASE |= {
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"PRAGMA journal_mode={journal};PRAGMA synchronous=FULL;",
            **DATABASE.get("OPTIONS", {}),
        },
        # A file, because an in-memory database ignores the timeout under a live server.
        "TEST": {"NAME": str(VAR_DIR / "test.sqlite3")},
    }
else:
    DATABASE |= {
        "CONN_MAX_AGE": environment.whole_number("DATABASE_CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 3, **DATABASE.get("OPTIONS", {})},
    }
DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A section of a questionnaire may be one large table, five fields a cell; a step for many rows sends two for each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

CACHES = {"default": environment.cache("CACHE_URL", "locmemcache://")}

# Mail: a laptop keeps what it would send in files, a server hands it to the mail server beside it.
MAIL = environment.mail(
    "EMAIL_URL", "smtp://localhost" if PRODUCTION else f"filemail:///{quote(str(VAR_DIR / 'mail'))}"
)
EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]
EMAIL_FILE_PATH = MAIL["EMAIL_FILE_PATH"]
EMAIL_HOST = MAIL["EMAIL_HOST"]
EMAIL_PORT = MAIL["EMAIL_PORT"]
EMAIL_HOST_USER = MAIL["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = MAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = MAIL.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20  # seconds
EMAIL_USE_LOCALTIME = True
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", CONTACT_EMAIL or "sih-portal@localhost")

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# One address is often a whole office behind one gateway: lock the pair, not the address.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1  # hours
AXES_RESET_ON_SUCCESS = True
# The lock ends an hour after the last wrong password, as its page says, and no try in between makes it longer.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_HANDLER = "sih_portal.signing_in.Attempts"
AXES_CLIENT_IP_CALLABLE = "sih_portal.signing_in.network"
AXES_USERNAME_CALLABLE = "sih_portal.signing_in.account"
AXES_LOCKOUT_CALLABLE = "sih_portal.views.locked_out"
AXES_VERBOSE = False

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "sih_portal" / "locale"]
TIME_ZONE = environment.text("TIME_ZONE", "Asia/Tokyo")
USE_I18N = True
USE_TZ = True
FORMS_URLFIELD_ASSUME_HTTPS = True  # as Django 6 does by itself

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "sih_portal" / "static"]
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "img-src": [SELF],
        "style-src": [SELF],
        "script-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 12 * 60 * 60  # one working day from signing in, and never over night
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "sih_portal.views.csrf_failure"
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "sih_portal.negotiation.Negotiation",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"anon": environment.text("API_RATE", "600/min")},
    "EXCEPTION_HANDLER": "sih_portal.rest.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "NUM_PROXIES": environment.whole_number("NUM_PROXIES", 0),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "SIH Portal API",
    "VERSION": "1",
    "DESCRIPTION": _(
        "Good practices of university internationalization from Japan's SIH programme (FY2005 to FY2009). "
        "Read only, no key needed. Texts are objects by language; a missing translation is null."
    ),
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": False,
    "SORT_OPERATION_PARAMETERS": False,
    "ENUM_NAME_OVERRIDES": {
        "EventKind": "practices.models.publication.Event.Kind",
        "HeadquartersHead": "universities.models.HeadquartersHead",
        "InstitutionKind": "universities.models.InstitutionKind",
        "NameRelation": "universities.models.InstitutionName.Relation",
        "OverseasBaseKind": "universities.models.OverseasBase.Kind",
        "PrefectureCode": "universities.models.Prefecture",
        "ProvenanceKind": "universities.models.Provenance",
        "Region": "universities.models.Region",
        "TitleOrigin": "practices.models.theme.Theme.LabelOrigin",
    },
}

LOG_FORMAT = environment.choice("LOG_FORMAT", ("plain", "json"), "json" if PRODUCTION else "plain")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "sih_portal.logs.PlainFormatter"},
        "json": {"()": "sih_portal.logs.JSONFormatter"},
    },
    "filters": {"faults": {"()": "sih_portal.logs.OnlyFaults"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": environment.text("LOG_LEVEL", "INFO")},
    "loggers": {
        # Django's own handlers would mail faults with everything that was posted, or print queries.
        "django": {"handlers": [], "level": "INFO"},
        "django.db.backends": {"level": "INFO"},
        "django.request": {"filters": ["faults"]},
        "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Names and addresses of those who sign in stay in its tables.
        "axes": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
