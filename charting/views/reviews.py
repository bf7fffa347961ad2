"""After the signature: addenda, the supervisor's queue, and what waits for whoever wrote the notes."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import require_object
from accounts.actors import actor_for
from accounts.models import User
from accounts.pages import staff_page
from audit.trail import note_list
from charting import access, note_page, queries
from charting.actions import reviews
from charting.cosigning import REASONS, Reason
from charting.models import Note
from charting.note_page import Trouble
from charting.paper import note_pdf
from charting.views.trouble import page_with
from core.clock import local, now
from core.http import see_other
from core.problems import Conflict, Invalid
from patients.pages import asking_why


@require_POST
@staff_page("chart.write")
@asking_why
def add_addendum(request: HttpRequest, uid: UUID) -> HttpResponse:
    user, at = _user(request), now()
    note = access.get_note(user, uid, to="chart.write")
    require_object(user, "chart.sign")
    text = request.POST.get("text", "")
    try:
        reviews.add_addendum(note, text, user=user, at=at)
    except (Invalid, Conflict) as problem:
        return _again(request, note, problem, text, at)
    messages.success(request, _("Addendum signed."))
    return _back(request, note)


@require_POST
@staff_page("chart.cosign")
@asking_why
def cosign(request: HttpRequest, uid: UUID) -> HttpResponse:
    user, at = _user(request), now()
    note = access.get_note(user, uid, to="chart.view")
    try:
        reviews.cosign_note(note, user=user, at=at)
    except Conflict as problem:
        return _again(request, note, problem, "", at)
    messages.success(request, _("Co-signed."))
    return see_other(request, reverse("charting:cosign_queue"))


@require_POST
@staff_page("chart.cosign")
@asking_why
def return_note(request: HttpRequest, uid: UUID) -> HttpResponse:
    user, at = _user(request), now()
    note = access.get_note(user, uid, to="chart.view")
    text = request.POST.get("text", "")
    try:
        reviews.return_note(note, text, user=user, at=at)
    except (Invalid, Conflict) as problem:
        return _again(request, note, problem, text, at)
    messages.success(request, _("Returned to the author."))
    return see_other(request, reverse("charting:cosign_queue"))


@require_GET
@staff_page()
@asking_why
def print_note(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The signed note on paper, with what was added later and what its signature stands for."""
    user, at = _user(request), now()
    note = access.get_note(user, uid)
    if not note.is_signed:
        return see_other(request, reverse("charting:encounter", args=[note.encounter.uid]))
    context = note_page.context(note.encounter, note, user=user, at=at) | {
        "name": note.encounter.person.name,
        "born": note.encounter.person.date_of_birth,
        "began": local(note.encounter.began_at, note.encounter.location.zone),
    }
    return render(request, "charting/print_note.html", context)


@require_GET
@staff_page()
@asking_why
def download_note(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The same as a PDF to keep; an altered note is not put on paper."""
    note = access.get_note(request.user, uid)
    if not note.is_signed or not queries.is_intact(note):
        return see_other(request, reverse("charting:encounter", args=[note.encounter.uid]) + "#note")
    disposition = {"Content-Disposition": 'attachment; filename="note.pdf"'}
    return HttpResponse(note_pdf(note), content_type="application/pdf", headers=disposition)


@require_GET
@staff_page("chart.cosign")
def cosign_queue(request: HttpRequest) -> HttpResponse:
    """What waits for a supervisor, the most urgent first."""
    user, at = _user(request), now()
    rows = queries.to_cosign(user)
    return render(request, "charting/cosign.html", {"rows": _lines(user, rows, at), "tab": "cosign"})


@require_GET
@staff_page("chart.cosign")
def cosign_count(request: HttpRequest) -> HttpResponse:
    """How many are overdue, for the rail."""
    late = queries.overdue(_user(request), at=now())
    return render(request, "charting/_cosign_count.html", {"late": late})


@require_GET
@staff_page("chart.write")
def own_notes(request: HttpRequest) -> HttpResponse:
    """One's own: what is not signed yet, and what came back."""
    user, at = _user(request), now()
    context = {
        "returned": _lines(user, queries.returned_to(user), at),
        "drafts": _lines(user, queries.own_drafts(user), at),
        "tab": "own",
    }
    return render(request, "charting/own_notes.html", context)


def _lines(user: User, notes: list[Note], at: datetime) -> list[dict[str, object]]:
    """One row a note, without a word of its text; the names that are shown are put down as a list."""
    if notes:
        shown = [one.encounter.person.uid for one in notes]
        note_list("note.listed", by=actor_for(user), kind="charting.note", shown=shown)
    return [_line(note, at) for note in notes]


def _line(note: Note, at: datetime) -> dict[str, object]:
    encounter, zone = note.encounter, note.encounter.location.zone
    review = getattr(note, "cosignature", None)
    return {
        "href": reverse("charting:encounter", args=[encounter.uid]) + "#note",
        "name": encounter.person.name,
        "what": encounter.service.name if encounter.service else encounter.get_kind_display(),
        "who": (note.signed_by or note.author).display_name,
        "began": local(encounter.began_at, zone),
        "signed": local(note.signed_at, zone) if note.signed_at else None,
        "reason": REASONS[Reason(review.reason)] if review else "",
        "due": local(review.due_at, zone) if review else None,
        "late": bool(review and review.due_at < at),
    }


def _again(
    request: HttpRequest, note: Note, problem: Invalid | Conflict, text: str, at: datetime
) -> HttpResponse:
    told = str(problem.detail or ("" if problem.errors else problem.title))
    trouble = Trouble(failures=problem.errors, told=told, addendum=text)
    return page_with(request, note.encounter, trouble, at=at, status=problem.status)


def _back(request: HttpRequest, note: Note) -> HttpResponse:
    return see_other(request, reverse("charting:encounter", args=[note.encounter.uid]) + "#note")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
