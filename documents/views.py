"""The staff's pages of documents. They parse and answer; what happens is decided in the actions."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import may
from accounts.actors import actor_of
from accounts.names import names_of
from accounts.pages import staff_page
from audit.actors import Actor
from core.clock import now
from core.http import see_other
from core.problems import Invalid
from documents import access, actions, keeping, opening, shown
from documents.forms import ACCEPT, DocumentForm, RemovalForm
from documents.models import Document, Kind
from documents.walk import EXPECTED
from files.forms import reads_files, receive_form
from files.uploads import file_problem
from patients import record as records
from patients.models import Person
from patients.pages import asking_why
from tenants import sites

Text = str | Promise


@require_GET
@staff_page("documents.view")
def record(request: HttpRequest, uid: UUID) -> HttpResponse:
    """All documents of the record, the newest first: by kind, by words, or those that were removed."""
    at = now()
    shelf = access.shelf_of(request.user, uid, at=at)
    asked = shown.Asked.of(request.GET.dict())
    found, chips = shown.sift(shelf.documents, asked)
    context = {
        "asked": asked,
        "chips": chips,
        "lines": shown.lines(found),
        "is_empty": not any((one.removed_at is not None) is asked.removed for one in shelf.documents),
        "closed": shelf.closed,
        "reason_href": reverse("patients:break_glass", args=[uid]) + f"?next={request.path}",
    }
    return _in_record(request, shelf.person, "documents/record.html", context)


@require_GET
@staff_page("documents.view")
def waiting(request: HttpRequest) -> HttpResponse:
    """What patients sent, of all patients: to be looked at."""
    lines = shown.lines(access.waiting(request.user))
    return render(request, "documents/waiting.html", {"lines": lines})


@require_http_methods(["GET", "POST"])
@staff_page("documents.manage")
@reads_files
def add(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One file, with what it is. Sealed while it arrives."""
    at, person = now(), access.person_to_file_for(request.user, uid)
    kinds = _kinds(request, person)
    if request.method != "POST":
        return _add_page(request, person, DocumentForm(kinds=kinds, today=shown.today(at)))
    by = actor_of(request)
    fields, files = receive_form(
        request,
        EXPECTED,
        lambda sent, _field: (person.uid, actions.document_uid(person, by, sent.get("once"))),
    )
    form = DocumentForm(fields, kinds=kinds, today=shown.today(at))
    problem = file_problem(EXPECTED, files)
    if not form.is_valid() or problem:
        return _add_page(request, person, form, problem=problem, status=422)
    keeping.keep_document(person, files["file"], form.entry, by=by, at=at)
    messages.success(request, _("Document added."))
    return see_other(request, reverse("documents:record", args=[uid]))


def _kinds(request: HttpRequest, person: Person) -> list[Kind]:
    """Which kinds this person may file here."""
    at = now()
    return [each for each in Kind if access.may_file(request.user, person, each, at=at)]


def _add_page(
    request: HttpRequest, person: Person, form: DocumentForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {"form": form, "problem": problem, "accept": ACCEPT}
    return _in_record(request, person, "documents/add.html", context, status=status)


@require_http_methods(["GET", "POST"])
@staff_page()
@asking_why
def document(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One document: what it is, who sees it, and its file to open."""
    if request.method != "POST":
        return _page(request, access.get_document(request.user, uid))
    at = now()
    found = access.get_document(request.user, uid, to="documents.manage")
    form = DocumentForm.of(found, request.POST, kinds=_kinds(request, found.person), today=shown.today(at))
    if not form.is_valid():
        return _page(request, found, status=422, form=form)
    actions.describe(found, form.entry, by=actor_of(request), at=at)
    messages.success(request, _("Saved."))
    return see_other(request, reverse("documents:document", args=[uid]))


@require_GET
@staff_page()
@asking_why
def file(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The file itself; a PDF is saved, not shown."""
    return opening.document_response(access.open_document(request.user, uid))


@require_POST
@staff_page()
@asking_why
def remove(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = access.get_document(request.user, uid, to="documents.manage")
    form = RemovalForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, removal=form)
    try:
        actions.remove(found, reason=form.cleaned_data["reason"], by=actor_of(request), at=now())
    except Invalid as problem:
        form.take(problem)
        return _page(request, found, status=422, removal=form)
    messages.success(request, _("Document removed."), extra_tags=reverse("documents:restore", args=[uid]))
    return see_other(request, reverse("documents:record", args=[found.person.uid]))


def _step(act: Callable[..., None], told: Text) -> Callable[..., HttpResponseBase]:
    """A button of the document's page."""

    @require_POST
    @staff_page()
    @asking_why
    def page(request: HttpRequest, uid: UUID) -> HttpResponse:
        found = access.get_document(request.user, uid, to="documents.manage")
        act(found, by=actor_of(request), at=now())
        messages.success(request, str(told))
        return see_other(request, reverse("documents:document", args=[uid]))

    return page


def _release(found: Document, *, by: Actor, at: datetime) -> None:
    actions.release(found, site=sites.site(), by=by, at=at)


def _restore(found: Document, *, by: Actor, at: datetime) -> None:
    actions.restore(found, site=sites.site(), by=by, at=at)


release = _step(_release, gettext_lazy("The patient finds it in the portal now."))
withdraw = _step(actions.withdraw, gettext_lazy("Taken back. The patient does not see it any more."))
restore = _step(_restore, gettext_lazy("Back in the record."))
seen = _step(actions.mark_seen, gettext_lazy("Noted that it was looked at."))


def _page(
    request: HttpRequest,
    found: Document,
    *,
    status: int = 200,
    form: DocumentForm | None = None,
    removal: RemovalForm | None = None,
) -> HttpResponse:
    at = now()
    names = names_of({found.added_by, found.removed_by} - {""})
    manages = may(request.user, "documents.manage") and access.may_file(
        request.user, found.person, found.kind, at=at
    )
    kinds = _kinds(request, found.person)
    context = {
        "document": found,
        "line": shown.line(found, names[found.added_by]),
        "removed_by": names.get(found.removed_by, ""),
        "form": form or DocumentForm.of(found, kinds=kinds, today=shown.today(at)),
        "removal": removal or RemovalForm(),
        "manages": manages,
    }
    return _in_record(request, found.person, "documents/document.html", context, status=status)


def _in_record(
    request: HttpRequest, person: Person, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    head = records.head(request.user, person, tab="documents", at=now())
    return render(request, template, head | context, status=status)
