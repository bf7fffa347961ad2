"""Aftercare at the desk: what a patient was given, as they read it; sent again, printed, handed over."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import may
from accounts.actors import actor_of
from accounts.pages import staff_page
from charting import plan_access
from charting.actions import giving
from charting.aftercare import showing
from charting.forms.aftercare import HandOutForm
from charting.models import AftercareSheet, AftercareText
from core.clock import now
from core.http import see_other
from patients import record
from patients.pages import asking_why
from tenants import sites


@require_GET
@staff_page("plans.view")
@asking_why
def sheet(request: HttpRequest, uid: UUID) -> HttpResponse:
    found, at = plan_access.get_sheet(request.user, uid), now()
    language = _language(request, found)
    context = {
        "sheet": found,
        "reading": showing.reading(found, language=language, clinical=plan_access.reads_all(request.user)),
        "language": language,
        "languages": sorted(found.text.texts) if found.text else [],
        "may_send": may(request.user, "messages.send"),
    }
    frame = record.head(request.user, found.person, tab="plans", at=at)
    return render(request, "charting/aftercare/sheet.html", frame | context)


@require_GET
@staff_page("plans.view")
@asking_why
def sheet_paper(request: HttpRequest, uid: UUID) -> HttpResponse:
    """To be printed at the desk, in the patient's language or another."""
    found = plan_access.get_sheet(request.user, uid)
    language = _language(request, found)
    reading = showing.reading(found, language=language, clinical=plan_access.reads_all(request.user))
    answer = HttpResponse(showing.sheet_pdf(reading, language=language), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{showing.file_name(found)}"'
    return answer


@require_POST
@staff_page("messages.send")
@asking_why
def send(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Now instead of later, or once more."""
    site = sites.site()
    found = plan_access.get_sheet(request.user, uid, to="messages.send")
    _tell(request, giving.send_again(found, site=site, by=actor_of(request), at=now()))
    return see_other(request, reverse("charting:sheet", args=[uid]))


@require_POST
@staff_page("plans.decide")
@asking_why
def hand_out(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A text of the clinic, for whoever was treated without a visit in the book, or wants it once more."""
    site = sites.site()
    person = plan_access.person_of_plans(request.user, uid, to="plans.decide")
    form = HandOutForm(list(AftercareText.objects.current()), request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose which text, and how."))
        return see_other(request, reverse("charting:plans", args=[uid]))
    sends = form.cleaned_data["how"] == "send" and may(request.user, "messages.send")
    text = form.texts[form.cleaned_data["text"]]
    made = giving.hand_out(person, text, send=sends, site=site, by=actor_of(request), at=now())
    if sends:
        _tell(request, int(made.state == "sent"))
    else:
        messages.success(request, _("Noted. Print it here, or hand over the paper you have."))
    return see_other(request, reverse("charting:sheet", args=[made.uid]))


def _tell(request: HttpRequest, count: int) -> None:
    if count:
        messages.success(
            request,
            ngettext(
                "Sent: the message leads into the portal.", "Sent: the messages lead into the portal.", count
            ),
        )
    else:
        messages.error(
            request, _("It is in the portal, but no message reaches this patient. Print it and hand it over.")
        )


def _language(request: HttpRequest, found: AftercareSheet) -> str:
    asked = request.GET.get("in", "")
    known = found.text.texts if found.text else {}
    return asked if asked in known else found.person.language or "en"
