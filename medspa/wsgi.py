"""What gunicorn serves, with every page's code read in before the workers part ways.

Their memory then holds it once, the garbage collector never looks through it, and no worker's first visitor waits for it.
"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medspa.settings")


def _read_addresses() -> None:
    for addresses in (settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF):
        get_resolver(addresses).app_dict  # noqa: B018 - imports every view, and compiles the addresses


application = get_wsgi_application()
_read_addresses()
