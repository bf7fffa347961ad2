"""The clinic's colour, mark and logo, with the booking page as patients see it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actors import actor_of
from accounts.pages import staff_page
from core.http import see_other
from core.problems import Invalid
from core.uploads import was_too_large
from practice import actions, images, queries
from practice.colours import contrast, palette
from practice.forms.branding import BrandForm, LogoForm
from practice.profile import profile
from practice.shell import settings_page

PAPER, NIGHT = "#ffffff", "#1f1d1a"
SHOWN = 4  # services in the preview


@require_http_methods(["GET", "POST"])
@staff_page("settings.manage")
def branding(request: HttpRequest) -> HttpResponse:
    form = BrandForm.of(profile(), request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.update_profile(by=actor_of(request), **form.cleaned_data)
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("Saved."))
            return see_other(request, reverse("settings:branding"))
    return _page(request, form, LogoForm(), status=422 if form.is_bound else 200)


@require_POST
@staff_page("settings.manage")
def upload_logo(request: HttpRequest) -> HttpResponse:
    form = LogoForm(request.POST, request.FILES)
    if was_too_large(request, "logo"):
        form.add_error("logo", str(images.too_large().message))
        form.errors["logo"] = form.error_class(form.errors["logo"][-1:])
    elif form.is_valid():
        try:
            actions.set_logo(form.cleaned_data["logo"].read(), by=actor_of(request))
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("The logo is in use."))
            return see_other(request, reverse("settings:branding"))
    return _page(request, BrandForm.of(profile()), form, status=422)


@require_POST
@staff_page("settings.manage")
def remove_logo(request: HttpRequest) -> HttpResponse:
    actions.remove_logo(by=actor_of(request))
    messages.success(request, _("The logo is removed."))
    return see_other(request, reverse("settings:branding"))


def _page(request: HttpRequest, form: BrandForm, logo_form: LogoForm, *, status: int) -> HttpResponse:
    known = profile()
    context = {
        "form": form,
        "logo_form": logo_form,
        "has_logo": bool(known.logo_digest),
        "logo": known.mark,
        "swatches": _swatches(known.accent),
        "services": [
            {"service": each, "price": each.price.format(known.locale) if each.price_amount else ""}
            for each in queries.bookable_services()[:SHOWN]
        ],
    }
    return settings_page(request, "branding", "desk/settings/branding.html", context, status=status)


def _swatches(accent: str) -> list[dict[str, Any]]:
    """The colour as chosen and as it is used, with the contrast of its text in each theme."""
    made = palette(accent)
    return [
        {"label": _("As chosen"), "colour": accent, "ratio": ""},
        {
            "label": _("On light"),
            "colour": made.light["accent"],
            "ratio": _ratio(made.light["accent"], PAPER),
        },
        {"label": _("On dark"), "colour": made.dark["accent"], "ratio": _ratio(made.dark["accent"], NIGHT)},
    ]


def _ratio(colour: str, ground: str) -> str:
    return f"{contrast(colour, ground):.1f} : 1"
