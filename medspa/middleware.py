"""What every request gets, whatever happens to it: an id, all security headers, health, and problems as answers."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.module_loading import import_string

from core.ids import uuid7
from medspa import health
from medspa.errors import answer, as_problem

Handler = Callable[[HttpRequest], HttpResponse]

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in ("accelerometer", "camera", "geolocation", "gyroscope", "microphone", "payment", "usb")
)
PUBLIC_PAGES = ("/static/", "/brand.css", "/problems/")


class Correlation:
    """An id for the request: in logs, in the trail, and in the answer for whoever reports a fault."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid7()  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-Id"] = str(request.request_id)  # type: ignore[attr-defined]
        return response


class Headers:
    """All security headers on every answer: pages, API, files, errors."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            settings.SECURE_SSL_REDIRECT
            and not request.is_secure()
            and request.path not in settings.PLAIN_PATHS
        ):
            host = request.META.get("HTTP_HOST", "")
            return self._dress(
                request, HttpResponseRedirect(f"https://{host}{request.get_full_path()}", status=308)
            )
        return self._dress(request, self.get_response(request))

    def _dress(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        response["X-Content-Type-Options"] = "nosniff"
        response["X-Frame-Options"] = "DENY"
        response["Referrer-Policy"] = (
            "no-referrer" if _is_private(request) else "strict-origin-when-cross-origin"
        )
        response["Cross-Origin-Opener-Policy"] = "same-origin"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)  # one page takes photos
        if settings.SITE_SCHEME == "https":
            response["Strict-Transport-Security"] = (
                f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
            )
        if "Content-Security-Policy" not in response:
            response["Content-Security-Policy"] = (
                "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
            )
        if "Cache-Control" not in response and _is_private(request):
            response["Cache-Control"] = "no-store"
        return response


def _is_private(request: HttpRequest) -> bool:
    return not request.path.startswith(PUBLIC_PAGES)


class Health:
    """Answers /livez and /readyz before anything else can fail."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/livez":
            return health.livez(request)
        if request.path == "/readyz":
            return health.readyz(request)
        return self.get_response(request)


class PublicReads:
    """Reads that concern nobody and are asked over and over go straight to their view.

    They carry no session and show no person, so what stands here for persons (session, forgery check, second factor,
    trail) has nothing to do for them. Which they are is a list in the settings.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.views: dict[str, Handler] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path not in settings.PUBLIC_READS or request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        if request.clinic is None:  # type: ignore[attr-defined]
            return self.get_response(request)
        try:
            return self._view(request.path)(request)
        except Exception as error:
            problem = as_problem(error)
            if problem is None:
                raise
            return answer(request, problem)

    def _view(self, path: str) -> Handler:
        if path not in self.views:
            self.views[path] = import_string(settings.PUBLIC_READS[path]).as_view()
        return self.views[path]


class Problems:
    """Refusals raised anywhere in a view become an answer: problem+json for programs, a page for people."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        problem = as_problem(error)
        return answer(request, problem) if problem else None
