"""Which language a page speaks: patients choose theirs, staff pages are English."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

STAFF_PAGES = ("/desk/", "/admin/")


class PageLanguage(LocaleMiddleware):
    """The cookie, then what the browser asks for; half a translation would be worse than none for staff."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path.startswith(STAFF_PAGES):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE
        else:
            super().process_request(request)


@csrf_exempt  # forged, it would change a language; checked, every page would need a cookie to offer it
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie, and go back to the page one came from, on this host only."""
    response = set_language(request)
    response["Cache-Control"] = "no-store"
    return response
