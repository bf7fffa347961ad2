"""What is under way for a patient: the series of sessions, the plans, and what went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import may
from charting.events import events_of
from charting.lasers import showing
from core.clock import now
from patients import record
from patients.models import Person
from patients.pages import record_page


@require_GET
@record_page()
def treatments(request: HttpRequest, person: Person) -> HttpResponse:
    at = now()
    context = record.head(request.user, person, tab="treatments", at=at) | {
        "courses": showing.courses(person, at=at),
        "events": events_of(person),
        "may_write": may(request.user, "chart.write"),
        "may_book": may(request.user, "appointments.manage"),
    }
    return render(request, "charting/treatments.html", context)
