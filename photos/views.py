"""The staff's pages of photos. They parse and answer; what happens is decided in the actions."""

import json
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import may, require_object
from accounts.actors import actor_of
from accounts.models import User
from accounts.pages import staff_page
from core.clock import now
from core.http import see_other
from core.ids import uuid7
from core.problems import Invalid, NotFound, failure
from patients import record as records
from patients.models import Person
from patients.pages import asking_why, record_page
from photos import access, actions, authorizations, queries, shown
from photos.models import Angle, Photo, Purpose, Stage
from photos.serializers import read_uuid
from practice.models import Service
from tenants import sites

CAMERA: Final = (
    "accelerometer=(), camera=(self), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"
)


@require_GET
@record_page("photos.view")
def record(request: HttpRequest, person: Person) -> HttpResponse:
    """All sittings, the newest first; by angle, or those put away."""
    archived, angle = "archived" in request.GET, request.GET.get("angle", "")
    sets = access.sets_of(person, archived=archived)
    angles = shown.angles_in(sets)
    angle = angle if angle in angles else ""
    context = {
        "sets": shown.sets(sets, angle=angle, at=now(), person=person),
        "archived": archived,
        "angle": angle,
        "angles": [(each, Angle(each).label) for each in angles],
        "comparable": sum(1 for each in sets for _photo in each.photos.all()) > 1 and not archived,
    }
    return _in_record(request, person, "photos/record.html", context)


@require_GET
@record_page("photos.manage")
def take(request: HttpRequest, person: Person) -> HttpResponse:
    """Angle by angle, with the camera or from files. The page's script sends each photo to the API."""
    at = now()
    service = _service(request)
    photo_set = None
    if uid := read_uuid(request.GET.get("set")):
        photo_set = access.get_set(request.user, uid, to="photos.manage")
        if photo_set.person.pk != person.pk:
            raise NotFound
        service = service or photo_set.service
    stage = request.GET.get("stage", "")
    context = {
        "steps": shown.steps(person, queries.angles_for(service), at=at),
        "more_angles": [each for each in Angle.choices if each[0] not in queries.angles_for(service)],
        "services": Service.objects.filter(archived_at=None).order_by("name"),
        "service": service,
        "set": photo_set,
        "stages": Stage.choices,
        "stage": stage if stage in Stage.values else shown.likely_stage(person, service, at=at),
        "visit": read_uuid(request.GET.get("visit")) or "",
        "sitting": uuid7(),
    }
    response = _in_record(request, person, "photos/take.html", context)
    response["Permissions-Policy"] = CAMERA
    return response


@require_GET
@record_page("photos.view")
def compare(request: HttpRequest, person: Person) -> HttpResponse:
    """Two photos of one angle: side by side, under a slider, and on the line of all that were taken."""
    sets = access.sets_of(person)
    angle, pair = shown.pair(
        sets,
        angle=request.GET.get("angle", ""),
        first=read_uuid(request.GET.get("first")),
        second=read_uuid(request.GET.get("second")),
    )
    context = {
        "angle": angle,
        "angles": [(each, Angle(each).label) for each in shown.angles_in(sets, least=2)],
        "pair": pair,
        "line": shown.line(sets, angle, pair),
        "way": "slider" if request.GET.get("way") == "slider" else "beside",
    }
    return _in_record(request, person, "photos/compare.html", context)


@require_http_methods(["GET", "POST"])
@staff_page()
@asking_why
def photo(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One photo, with what is drawn beside it, its note, and to whom it is shown."""
    found = access.get_photo(
        request.user, uid, to="photos.view" if request.method == "GET" else "photos.manage"
    )
    problems: list[str] = []
    note, marks = found.note, found.marks
    if request.method == "POST":
        note = request.POST.get("note", "")
        try:
            marks = json.loads(request.POST.get("marks") or "[]")
            actions.describe(found, note=note, marks=marks, by=actor_of(request))
            messages.success(request, _("Saved."))
            return see_other(request, reverse("photos:photo", args=[uid]))
        except ValueError:
            problems = [_("This drawing cannot be read. Draw it again, please.")]
        except Invalid as problem:
            problems = [str(each["message"]) for each in problem.errors]
    at = now()
    live = {each.purpose for each in found.releases.all()}
    authorized = authorizations.live_authorization(found.person, at=at) is not None
    context = {
        "photo": shown.tile(found, authorized=authorized),
        "when": found.photo_set.taken_at,
        "note": note,
        "marks": json.dumps(marks),
        "problems": problems,
        "patient_sees": Purpose.PATIENT in live,
        "marketing": Purpose.MARKETING in live and authorized,
        "lapsed": Purpose.MARKETING in live and not authorized,
        "authorized": authorized,
        "may_change": may(request.user, "photos.manage"),
        "may_release": may(request.user, "photos.release"),
    }
    return _in_record(request, found.person, "photos/photo.html", context, status=422 if problems else 200)


@require_POST
@staff_page()
@asking_why
def archive(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = access.get_photo(request.user, uid, to="photos.manage")
    actions.archive(found, by=actor_of(request), at=now())
    messages.success(request, _("Photo archived."), extra_tags=reverse("photos:restore", args=[uid]))
    return see_other(request, reverse("photos:record", args=[found.person.uid]))


@require_POST
@staff_page()
@asking_why
def restore(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = access.get_photo(request.user, uid, to="photos.manage")
    actions.restore(found, site=sites.site(), by=actor_of(request), at=now())
    messages.success(request, _("Back in the record."))
    return see_other(request, reverse("photos:record", args=[found.person.uid]))


@require_POST
@staff_page()
@asking_why
def release(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Shown to the patient, or for marketing; or taken back."""
    require_object(request.user, "photos.release")
    found: Photo = access.get_photo(request.user, uid)
    purpose, by, at = request.POST.get("purpose", ""), actor_of(request), now()
    if purpose not in Purpose.values:
        raise Invalid(errors=[failure("purpose", "unknown", _("Say to whom it is released."))])
    if "revoke" in request.POST:
        actions.revoke(found, purpose, by=by, at=at)
        messages.success(request, _("Taken back. It is not shown any more."))
    else:
        try:
            actions.release(found, purpose, site=sites.site(), by=by, at=at)
            told = _("The patient sees it in the portal now.")
            messages.success(request, told if purpose == Purpose.PATIENT else _("Released for marketing."))
        except actions.NotAuthorized as problem:
            messages.error(request, str(problem.detail))
    return see_other(request, reverse("photos:photo", args=[uid]))


def _service(request: HttpRequest) -> Service | None:
    uid = read_uuid(request.GET.get("service"))
    return Service.objects.filter(uid=uid).first() if uid else None


def _in_record(
    request: HttpRequest, person: Person, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    assert isinstance(request.user, User)
    head = records.head(request.user, person, tab="photos", at=now())
    return render(request, template, head | context, status=status)
