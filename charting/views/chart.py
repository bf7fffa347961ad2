"""The chart: what happened to a patient, and one encounter with all its parts."""

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actors import actor_of
from accounts.models import User
from accounts.pages import staff_page
from charting import access, cards
from charting.actions import begin_encounter, encounter_of_visit
from charting.forms.encounters import EncounterForm
from charting.models import Encounter
from core.clock import now
from core.http import is_htmx, see_other, vary_on_htmx
from core.reading import one_page
from patients import care, record, timeline
from patients.access import get_record
from patients.cards import Card
from patients.models import Person
from patients.pages import asking_why, record_page
from practice.profile import clinic_zone
from scheduling.access import get_appointment

BRIEF = 12


@require_GET
@record_page()
def chart(request: HttpRequest, person: Person) -> HttpResponseBase:
    """The timeline, sifted as the address says; by htmx only the part that changes."""
    at = now()
    assert isinstance(request.user, User)
    entries = record.timeline(request.user, person, at=at)
    sifted = timeline.sift(entries, timeline.Asked.of(request.GET.dict()), clinic_zone())
    context = {"timeline": sifted, "person": person}
    if is_htmx(request):
        return vary_on_htmx(render(request, "charting/_timeline.html", context))
    context |= record.head(request.user, person, tab="chart", at=at) | {"team": care.team(person)}
    return vary_on_htmx(render(request, "charting/chart.html", context))


@require_GET
@staff_page()
@asking_why
def encounter(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One encounter: the note, the map, the session, whatever belongs to it."""
    at = now()
    found: Encounter = access.get_encounter(request.user, uid)
    assert isinstance(request.user, User)
    return show(request, cards.Opened(found, request.user, at))


@require_POST
@staff_page("chart.write")
@asking_why
def chart_visit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """From a visit to its encounter, which is made by whoever comes first."""
    visit = get_appointment(request.user, uid)
    visit.person = get_record(request.user, visit.person.uid, to="chart.write")
    found = encounter_of_visit(visit, by=actor_of(request), at=now())
    return see_other(request, reverse("charting:encounter", args=[found.uid]))


@require_http_methods(["GET", "POST"])
@record_page("chart.write")
def new_encounter(request: HttpRequest, person: Person) -> HttpResponse:
    """Without a visit: who treats, for what."""
    at = now()
    assert isinstance(request.user, User)
    form = EncounterForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = form.given()
        made = begin_encounter(person, given.pop("provider"), by=actor_of(request), at=at, **given)
        return see_other(request, reverse("charting:encounter", args=[made.uid]))
    context = record.head(request.user, person, tab="chart", at=at) | {"form": form}
    return render(request, "charting/new_encounter.html", context, status=422 if form.is_bound else 200)


def show(
    request: HttpRequest,
    opened: cards.Opened,
    instead: Mapping[cards.Offer, cards.Offer] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page of an encounter; `instead` takes the place of an offer whose form came back with errors."""
    with one_page():
        return _show(request, opened, instead or {}, status)


def _show(
    request: HttpRequest, opened: cards.Opened, swap: Mapping[cards.Offer, cards.Offer], status: int
) -> HttpResponse:
    parts = [card for offer in cards.OFFERS if (card := swap.get(offer, offer)(opened)) is not None]
    person = opened.encounter.person
    context = record.head(opened.user, person, tab="chart", at=opened.at) | {
        "encounter": opened.encounter,
        "timeline": timeline.sift(
            record.timeline(opened.user, person, at=opened.at, most=BRIEF), timeline.Asked(), clinic_zone()
        ),
        "brief": True,
        "main_cards": _cards(request, opened, [card for card in parts if not card.aside]),
        "side_cards": _cards(request, opened, [card for card in parts if card.aside]),
    }
    return render(request, "charting/encounter.html", context, status=status)


def _cards(request: HttpRequest, opened: cards.Opened, parts: list[Card]) -> list[str]:
    """Each by itself, before the page sets its clock: a moment is told by the clock of the encounter's location."""
    with timezone.override(opened.encounter.location.zone):
        return [render_to_string(card.template, card.context, request) for card in parts]
