"""The product's settings with the page of W6 and nothing but tenancy before it."""

from medspa.settings import *  # noqa: F403

MIDDLEWARE = ["tenants.middleware.ClinicMiddleware"]
ROOT_URLCONF = "benchmarks.page"
INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "allauth.account"]  # noqa: F405
