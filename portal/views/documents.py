"""Papers: those the clinic released, and those the patient sends. Clinical: a code by text alone does not open them."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from core.clock import local, now
from core.http import see_other
from core.problems import NotFound, TooMany
from documents import access, actions, keeping, opening, shown
from documents.forms import ACCEPT, DocumentForm
from documents.models import OF_PATIENTS, Document
from documents.walk import EXPECTED
from files.forms import reads_files, receive_form
from files.uploads import file_problem
from patients import cursors
from portal.pages import UNREADABLE, Visiting, portal_page, show
from practice.profile import clinic_zone
from scheduling.patient_pages import words


@portal_page()
def documents(request: HttpRequest, visiting: Visiting) -> HttpResponse:
    if not visiting.session.by_mail:
        return show(request, "documents_by_mail", status=403)
    before = cursors.read_place(request.GET.get("cursor", ""))
    found, following = access.own_documents(visiting.person, by=visiting.by, before=before)
    context = {
        "lines": [_line(each) for each in found],
        "following": following,
        "first": before is None,
        "done": "done" in request.GET,
    }
    return show(request, "documents", context)


@portal_page()
def document(request: HttpRequest, visiting: Visiting, uid: UUID) -> HttpResponseBase:
    """The file itself."""
    if not visiting.session.by_mail:
        raise NotFound
    return opening.document_response(access.open_own(visiting.person, uid, by=visiting.by))


@portal_page("GET", "POST")
@reads_files
def send(request: HttpRequest, visiting: Visiting) -> HttpResponse:
    """One file, to the record. What is too much is refused before the file is read."""
    if not visiting.session.by_mail:
        return show(request, "documents_by_mail", status=403)
    at, person, by = now(), visiting.person, visiting.by
    asked: dict[str, Any] = {"kinds": OF_PATIENTS, "today": shown.today(at)}
    try:
        actions.refuse_too_many(person, at=at)
    except TooMany as full:
        return _full(request, full)
    if request.method != "POST":
        return _page(request, DocumentForm(**asked))
    fields, files = receive_form(
        request,
        EXPECTED,
        lambda sent, _field: (person.uid, actions.document_uid(person, by, sent.get("once"))),
    )
    form, problem = DocumentForm(fields, **asked), file_problem(EXPECTED, files)
    if not form.is_valid() or problem:
        return _page(request, form, problem=problem, status=UNREADABLE)
    try:
        keeping.keep_document(person, files["file"], form.entry, by=by, at=at, from_patient=True)
    except TooMany as full:
        return _full(request, full)
    return see_other(request, reverse("portal:documents", query={"done": "1"}))


def _page(request: HttpRequest, form: DocumentForm, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {"form": form, "problem": problem, "accept": ACCEPT}
    return show(request, "send_document", context, status=status)


def _full(request: HttpRequest, problem: TooMany) -> HttpResponse:
    status = problem.status if request.method == "POST" else 200
    return show(request, "documents_full", {"text": problem.detail}, status=status)


def _line(document: Document) -> dict[str, Any]:
    line = shown.line(document, "")
    when = words.day_and_time(local(document.added_at, clinic_zone()))
    return {
        "document": document,
        "icon": line.icon,
        "title": line.title,
        "label": line.label,
        "size": line.size,
        "when": when,
    }
