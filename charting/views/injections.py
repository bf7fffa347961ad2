"""The injection map of an encounter: a card on its page, and a page of its own where no script runs."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actors import actor_of
from accounts.models import User
from accounts.pages import staff_page
from charting import access, map_page
from charting.actions import injections as actions
from charting.forms.injections import DrawnForm, PointForm, WasteDrawnForm
from charting.models import Encounter, InjectionPoint
from charting.models.injections import View
from core.clock import now
from core.http import is_htmx
from core.problems import Conflict, Invalid, NotFound
from patients import record
from patients.pages import asking_why
from practice.models import Lot

Wanted = map_page.Drawn


@require_http_methods(["GET", "POST"])
@staff_page("chart.view")
@asking_why
def injections(request: HttpRequest, uid: UUID) -> HttpResponse:
    """GET: the map. POST: one more point."""
    if request.method == "GET":
        encounter = access.get_encounter(request.user, uid)
        shown = _wanted(request, encounter, request.GET)
        return _answer(request, shown)
    encounter = access.get_encounter(request.user, uid, to="chart.write")
    shown = _wanted(request, encounter, request.POST)
    options, known = map_page.choices(encounter, shown.at)
    view = shown.view if shown.view in View.values else View.FACE_FRONT
    form = PointForm(request.POST, view=view, options=options, known=known)

    def chart() -> str:
        mark = form.mark(shown.charted.points)
        made = actions.chart_point(
            encounter, mark, version=_version(request), by=actor_of(request), at=shown.at
        )
        shown.selected = str(made.uid)
        return _("Point %(number)d is charted.") % {"number": made.number}

    return _try(request, shown, chart, form)


@require_POST
@staff_page("chart.write")
@asking_why
def point(request: HttpRequest, uid: UUID, point: UUID) -> HttpResponse:
    """Change one: its place, units, lot, depth, technique."""
    encounter, found = _point(request, uid, point)
    shown = _wanted(request, encounter, request.POST, selected=found)
    options, known = map_page.choices(encounter, shown.at, found)
    form = PointForm(request.POST, view=found.where["view"], options=options, known=known, point=found)

    def change() -> str:
        mark = form.mark(one for one in shown.charted.points if one.pk != found.pk)
        actions.change_point(found, mark, version=_version(request), by=actor_of(request), at=shown.at)
        return _("Point %(number)d is changed.") % {"number": found.number}

    return _try(request, shown, change, form)


@require_POST
@staff_page("chart.write")
@asking_why
def remove(request: HttpRequest, uid: UUID, point: UUID) -> HttpResponse:
    encounter, found = _point(request, uid, point)
    shown = _wanted(request, encounter, request.POST)

    def go() -> str:
        actions.remove_point(found, version=_version(request), by=actor_of(request), at=shown.at)
        return _("Point %(number)d is removed.") % {"number": found.number}

    return _try(request, shown, go, undo=reverse("charting:restore_injection", args=[uid, point]))


@require_POST
@staff_page("chart.write")
@asking_why
def restore(request: HttpRequest, uid: UUID, point: UUID) -> HttpResponse:
    encounter, found = _point(request, uid, point)
    shown = _wanted(request, encounter, request.POST, selected=found)

    def back() -> str:
        actions.restore_point(found, by=actor_of(request), at=shown.at)
        return _("Point %(number)d is back.") % {"number": found.number}

    return _try(request, shown, back)


@require_POST
@staff_page("chart.write")
@asking_why
def drawn(request: HttpRequest, uid: UUID) -> HttpResponse:
    """How much was drawn up of a lot."""
    encounter = access.get_encounter(request.user, uid, to="chart.write")
    shown, form = _wanted(request, encounter, request.POST), DrawnForm(request.POST)

    def note() -> str:
        lot, quantity = _lot(form), form.cleaned_data["quantity"]
        by, version = actor_of(request), _version(request)
        actions.note_drawn(encounter, lot, quantity, version=version, by=by, at=shown.at)
        return _("Saved.")

    return _try(request, shown, note, form)


@require_POST
@staff_page("chart.write")
@asking_why
def waste(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Drawn up and thrown away."""
    encounter = access.get_encounter(request.user, uid, to="chart.write")
    shown, form = _wanted(request, encounter, request.POST), WasteDrawnForm(request.POST)

    def throw() -> str:
        given = form.cleaned_data
        actions.waste_drawn(
            encounter,
            _lot(form),
            given["quantity"],
            reason=given["reason"],
            version=_version(request),
            by=actor_of(request),
            at=shown.at,
        )
        return _("Waste is noted.")

    return _try(request, shown, throw, form)


def _try(
    request: HttpRequest,
    shown: Wanted,
    act: Callable[[], str],
    form: Any = None,
    undo: str = "",
) -> HttpResponse:
    """Do it, and show the map as it is then: 422 with what was typed, 409 with both where they differ."""
    if form is not None and not form.is_valid():
        return _refused(request, shown, form, 422)
    try:
        said = act()
    except Invalid as problem:
        if isinstance(form, PointForm):
            for one in problem.errors:
                one["field"] = "what" if one["field"] in {"lot", "product"} else one["field"]
        if form is not None:
            form.take(problem)
        return _refused(request, shown, form, 422)
    except Conflict as problem:
        shown.trouble = f"{problem.title}. {problem.detail}" if problem.detail else str(problem.title)
        if isinstance(problem, actions.MapChanged) and isinstance(form, PointForm):
            shown.wanted = _told(form)
        return _refused(request, shown, form, 409)
    fresh = Wanted(shown.encounter, shown.user, shown.at, shown.view, shown.selected, said=said)
    if is_htmx(request):
        return _answer(request, fresh, undo=undo)
    messages.success(request, said, extra_tags=undo)
    to = reverse("charting:injections", args=[shown.encounter.uid])
    return HttpResponse(status=303, headers={"Location": f"{to}?view={shown.view}&point={shown.selected}"})


def _refused(request: HttpRequest, shown: Wanted, form: Any, status: int) -> HttpResponse:
    again = Wanted(shown.encounter, shown.user, shown.at, shown.view, shown.selected)
    again.trouble, again.wanted = shown.trouble, shown.wanted
    if isinstance(form, PointForm):
        again.form = form
    elif form is not None and form.errors and not again.trouble:
        again.trouble = " ".join(str(error) for errors in form.errors.values() for error in errors)
    return _answer(request, again, status=status)


def _answer(request: HttpRequest, shown: Wanted, *, status: int = 200, undo: str = "") -> HttpResponse:
    context = map_page.card_context(shown) | {"undo": undo}
    if is_htmx(request):
        return render(request, "charting/injections/_card.html", context, status=status)
    head = record.head(request.user, shown.encounter.person, tab="chart", at=shown.at)
    return render(request, "charting/injections/page.html", head | context, status=status)


def _wanted(
    request: HttpRequest, encounter: Encounter, given: QueryDict, selected: InjectionPoint | None = None
) -> Wanted:
    assert isinstance(request.user, User)
    chosen = str(selected.uid) if selected else given.get("point", "")
    return Wanted(encounter, request.user, now(), given.get("view", ""), chosen)


def _point(request: HttpRequest, uid: UUID, point: UUID) -> tuple[Encounter, InjectionPoint]:
    encounter = access.get_encounter(request.user, uid, to="chart.write")
    rows = InjectionPoint.objects.filter(map__encounter=encounter).select_related(
        "map", "product", "lot__product"
    )
    found = rows.filter(uid=point).first()
    if found is None:
        raise NotFound
    found.map.encounter = encounter
    return encounter, found


def _lot(form: DrawnForm | WasteDrawnForm) -> Lot:
    lot = Lot.objects.select_related("product").filter(uid=form.cleaned_data["lot"]).first()
    if lot is None:
        raise NotFound
    return lot


def _version(request: HttpRequest) -> int:
    """The version of the map that was looked at; one that nobody can have where it is missing or nonsense."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def _told(form: PointForm) -> str:
    chosen = form.known[form.cleaned_data["what"]]
    words = {"units": form.data.get("units", ""), "what": chosen}
    return _("You wanted: %(units)s of %(what)s.") % words
