"""The recall of a lot: a look at who is concerned, the drill, and the proof that prints."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import may
from accounts.actors import actor_of
from accounts.pages import staff_page
from charting import recalls
from charting.actions import recall as actions
from core.clock import local, now
from core.forms import ProblemForm
from core.http import is_htmx, see_other
from core.phones import pretty_phone
from core.problems import Conflict, Invalid, NotFound
from core.words import full_date
from messaging.models import State
from patients.guardians import reach
from patients.models import ContactKind, Person
from practice import access
from practice import actions as practice
from practice.forms.fields import text
from practice.models import Lot
from practice.profile import clinic_zone, profile
from practice.stock_words import amount, names_of

RUN = "recall.run"
TONES = {
    State.DELIVERED: ("success", "circle-check"),
    State.FAILED: ("danger", "circle-x"),
    State.SUPPRESSED: ("danger", "ban"),
    State.UNKNOWN: ("warning", "circle-question-mark"),
}


class RecallForm(ProblemForm):
    reason = text(
        _("Why, and who said so"),
        missing=_("Say why, and who said so: it stands on the report."),
        hint=_("Such as: maker’s letter of 3 March, sterility. Patients do not read it."),
    )
    sure = forms.BooleanField(
        label=_("Block the lot now and write to everybody who had it"),
        error_messages={"required": _("Say that it is meant: the messages cannot be taken back.")},
    )


@require_http_methods(["GET", "POST"])
@staff_page(RUN)
def recall(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Before: whom it concerns, and the question. After: the proof, live until every message has arrived or failed."""
    lot = access.get_lot(request.user, uid, to=RUN)
    form = RecallForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.run_recall(lot, reason=form.cleaned_data["reason"], by=actor_of(request), at=now())
        except Invalid as problem:
            form.take(problem)
        except Conflict:
            messages.error(request, _("This lot is recalled already."))
            return see_other(request, reverse("charting:recall", args=[uid]))
        else:
            messages.success(request, _("The lot is blocked, and its patients are being told."))
            return see_other(request, reverse("charting:recall", args=[uid]))
    if not lot.is_recalled:
        status = 422 if form.is_bound else 200
        return render(request, "charting/recall/ask.html", _asked(lot) | {"form": form}, status=status)
    context = _proof(request, lot)
    part = "charting/recall/_proof.html" if is_htmx(request) else "charting/recall/proof.html"
    return render(request, part, context)


@require_POST
@staff_page(RUN)
def tell(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Whoever has not been written to, because it failed half-way, is written to now."""
    lot = access.get_lot(request.user, uid, to=RUN)
    try:
        actions.tell_patients(lot, by=actor_of(request), at=now())
    except Conflict:
        messages.error(request, _("This lot is not recalled."))
    return see_other(request, reverse("charting:recall", args=[uid]))


@require_POST
@staff_page(RUN)
def told(request: HttpRequest, uid: UUID, person: UUID) -> HttpResponse:
    """Somebody was called, or sent a letter."""
    lot = access.get_lot(request.user, uid, to=RUN)
    found = Person.objects.filter(uid=person).first()
    if found is None:
        raise NotFound
    actions.told_by_hand(lot, found, by=actor_of(request), at=now())
    return see_other(request, reverse("charting:recall", args=[uid]))


@require_POST
@staff_page(RUN)
def lift(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It was the wrong lot."""
    lot = access.get_lot(request.user, uid, to=RUN)
    try:
        practice.lift_recall(lot, by=actor_of(request), at=now())
    except Conflict as problem:
        messages.error(request, str(problem.detail))
    else:
        messages.success(request, _("The lot may be used again. Who was told stays on record."))
    return see_other(request, reverse("stock:lot", args=[uid]))


def _asked(lot: Lot) -> dict[str, Any]:
    left = lot.levels.filter(left__gt=0).select_related("location")
    return {
        "lot": lot,
        "product": lot.product,
        "patients": len(recalls.persons_of(lot)),
        "left": [(one.location.name, amount(one.left, lot.product)) for one in left],
        "tab": "list",
    }


def _proof(request: HttpRequest, lot: Lot) -> dict[str, Any]:
    proof, zone = recalls.read_proof(request.user, lot), clinic_zone()
    contact = may(request.user, "patients.contact")
    names = names_of([lot.recalled_by, *(one.notice.told_by for one in proof.patients if one.notice)])
    started = proof.started_at
    took = int((proof.told_at - started).total_seconds()) if proof.told_at and started else None
    return {
        "lot": lot,
        "product": lot.product,
        "proof": proof,
        "started": started,
        "zone": zone,
        "took": took,
        "by": names.get(lot.recalled_by, "–"),
        "count": len(proof.patients),
        "lines": [_line(one, lot, names, contact=contact) for one in proof.patients],
        "is_live": proof.under_way > 0,
        "tab": "list",
    }


def _line(one: recalls.Patient, lot: Lot, names: dict[str, str], *, contact: bool) -> dict[str, Any]:
    zone, at = clinic_zone(), now()
    phone = reach(one.person, ContactKind.PHONE, at=at) if contact and one.needs_a_call else ""
    notice = one.notice
    return {
        "person": one.person,
        "days": ", ".join(full_date(local(moment, zone).date()) for moment in one.moments),
        "units": amount(one.units, lot.product),
        "messages": [
            {
                "way": message.get_channel_display(),
                "state": message.get_state_display(),
                "at": message.delivered_at or message.accepted_at,
                "tone": TONES.get(State(message.state), ("", "clock"))[0],
                "icon": TONES.get(State(message.state), ("", "clock"))[1],
            }
            for message in one.messages
        ],
        "told_at": notice.told_at if notice else None,
        "told_by": names.get(notice.told_by, "") if notice else "",
        "needs_a_call": one.needs_a_call,
        "phone": phone,
        "phone_pretty": pretty_phone(phone, profile().region) if phone else "",
        "is_reached": one.is_reached,
    }
