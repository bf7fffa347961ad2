"""The same page on Django's own backend, one schema, the clinic's role from the start: no tenancy."""

import os

from medspa.settings import *  # noqa: F403
from medspa.settings import DATABASES, POOL

MIDDLEWARE: list[str] = []
ROOT_URLCONF = "benchmarks.page"
_schema = os.environ["BENCH_SCHEMA"]
DATABASES["default"] |= {
    "ENGINE": "django.db.backends.postgresql",
    "OPTIONS": {**POOL, "options": f"-c search_path={_schema} -c role=t_{_schema}"},
}
INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "django_tenants" and app != "allauth.account"]  # noqa: F405
DATABASE_ROUTERS: list[str] = []
