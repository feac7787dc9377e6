"""Settings of the site: the database that `DATABASE` names, already holding the documents."""

import os

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["DATABASE"]}}
INSTALLED_APPS = ["django.contrib.contenttypes", "modelsearch", "benchmarks.peers.modelsearch_app"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
