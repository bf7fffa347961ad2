"""The business associate agreement: read by all staff, signed by an owner, printed whenever somebody asks for it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.access import may
from accounts.actors import actor_of
from accounts.models import User
from accounts.pages import staff_page
from accounts.roles import Role
from core.clock import now
from core.forms import ProblemForm
from core.problems import Invalid
from practice.profile import clinic_zone, profile
from tenants import agreements, texts


class SignForm(ProblemForm):
    """What a signature consists of; the rules are the action's."""

    signer_name = forms.CharField(
        label=_("Your full name"),
        error_messages={"required": _("Type your full name: it is your signature.")},
        max_length=2_000,
        help_text=_("Typed here, it is your signature."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    signer_title = forms.CharField(
        label=_("Your title"),
        error_messages={"required": _("Say in what capacity you sign, such as Owner.")},
        max_length=2_000,
        help_text=_("Such as Owner or Managing member."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    agreed = forms.BooleanField(
        label=_("I have read the agreement, I may bind the clinic, and I agree on its behalf."),
        error_messages={"required": _("Tick the box to agree on the clinic's behalf.")},
    )


@require_GET
@never_cache
@staff_page()
def agreement(request: HttpRequest) -> HttpResponse:
    """The signed copy; while there is none, the text and, for an owner, the place to sign."""
    signed = agreements.latest()
    if signed is not None:
        agreements.settle()
    return _page(request, signed, SignForm(initial={"signer_name": _user(request).display_name}))


@require_POST
@never_cache
@staff_page("agreement.sign")
def sign(request: HttpRequest) -> HttpResponse:
    """Bind the clinic. Pressed twice, or by two owners at once, it is signed once."""
    form = SignForm(request.POST)
    version = request.POST.get("version", "")
    if form.is_valid():
        if version != agreements.VERSION:
            form.add_error(None, _("The text has changed since you opened this page. Please read it again."))
            return _page(request, agreements.latest(), form, status=422)
        try:
            agreements.sign(
                clinic_name=_clinic_name(),
                signer_name=form.cleaned_data["signer_name"],
                signer_title=form.cleaned_data["signer_title"],
                agreed=form.cleaned_data["agreed"],
                signer=_user(request).pk,
                by=actor_of(request),
                at=now(),
            )
        except Invalid as problem:
            form.take(problem)
        else:
            return HttpResponseRedirect(f"{reverse('desk:agreement')}?done=1")
    return _page(request, agreements.latest(), form, status=422)


def _page(
    request: HttpRequest, signed: agreements.Agreement | None, form: SignForm, *, status: int = 200
) -> HttpResponse:
    wanted = signed is None or not signed.is_current
    shown = (agreements.VERSION, _clinic_name())
    if signed is not None and not wanted:
        shown = (signed.version, signed.clinic_name or _clinic_name())
    context: dict[str, Any] = {
        "wanted": wanted,
        "signed": signed,
        "version": shown[0],
        "text": texts.agreement_text(*shown),
        "form": form,
        "may_sign": wanted and may(request.user, "agreement.sign"),
        "owners": _owners() if wanted else [],
        "zone": clinic_zone(),
        "done": "done" in request.GET,
    }
    return render(request, "desk/agreement.html", context, status=status)


def _owners() -> list[str]:
    """Whom to ask, for those who may not sign."""
    return list(User.objects.filter(role=Role.OWNER, is_active=True).values_list("display_name", flat=True))


def _clinic_name() -> str:
    of = profile()
    return of.legal_name or of.name


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
