"""The clinic's own stylesheet and its own legal pages."""

import hashlib
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from core.problems import NotFound
from practice.colours import Palette, palette
from practice.context import face_of
from practice.models import Logo
from practice.profile import profile

BRAND_SECONDS = 60
LOGO_SECONDS = 31_536_000
NOTICE_SINCE = date(2026, 11, 2)  # when the wording of the notice last changed
OLDER = "@supports not (color: oklch(from red l c h))"


@require_GET
def brand_css(request: HttpRequest) -> HttpResponse:
    """The accent, and its readable forms for browsers that cannot reckon them themselves."""
    accent = profile().accent
    text = brand_sheet(accent, palette(accent))
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:20]}"'
    if tag in [
        each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")
    ]:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(text, content_type="text/css; charset=utf-8")
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={BRAND_SECONDS}, stale-while-revalidate=86400"
    return response


@require_GET
def logo(request: HttpRequest, digest: str) -> HttpResponse:
    """The logo as it was uploaded; a new one has another address, so this one may be kept for good."""
    kept = Logo.objects.filter(digest=digest).first()
    if kept is None:
        raise NotFound
    response = HttpResponse(bytes(kept.content), content_type=kept.media_type)
    response["Cache-Control"] = f"public, max-age={LOGO_SECONDS}, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def brand_sheet(accent: str, colours: Palette) -> str:
    light, dark = (
        "".join(f"--{name}:{value};" for name, value in side.items())
        for side in (colours.light, colours.dark)
    )
    return (
        f":root{{--clinic-accent:{accent}}}\n"
        f"{OLDER}{{:root{{{light}}}"
        f'@media (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}}}}}'
        f':root[data-theme="dark"]{{{dark}}}}}\n'
    )


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """How the clinic handles what people tell it, its text messages included."""
    return render(request, "practice/privacy.html", legal())


def legal() -> dict[str, Any]:
    """What the clinic's legal pages share."""
    known = profile()
    links = [
        {"href": reverse("clinic_privacy"), "label": _("Privacy")},
        {"href": reverse("npp"), "label": _("Notice of Privacy Practices")},
    ]
    return {"clinic": face_of(known), "since": NOTICE_SINCE, "privacy_links": links}
