"""The note at the desk. Every button of its form keeps what is typed first; a refusal brings it all back."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import require_object
from accounts.actors import actor_for
from accounts.models import User
from accounts.pages import staff_page
from ai import choices, gateway
from ai.models import Act, Decision, Of
from charting import access, drafting, note_page, queries
from charting.actions import notes as actions
from charting.injections import unready
from charting.models import PART_LABELS, PARTS, Note, NoteTemplate
from charting.note_page import Trouble
from charting.notes import Typed, read_typed
from charting.views.trouble import page_with
from core.clock import local, now
from core.http import is_htmx, see_other
from core.problems import Conflict, Invalid, NotFound
from patients.access import get_record
from patients.pages import asking_why

Step = Callable[[Note, HttpRequest, User, datetime], None]


@require_POST
@staff_page("chart.write")
@asking_why
def begin(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Start the encounter's note, with the template of its service; on wish with what the last one said."""
    at, user = now(), _user(request)
    encounter = access.get_encounter(user, uid, to="chart.write")
    note = actions.begin_note(encounter, template=queries.template_for(encounter.service), user=user, at=at)
    note.encounter = encounter
    if request.POST.get("forward") and (source := queries.last_note(encounter)) is not None:
        with suppress(Conflict):
            actions.save_note(note, actions.copy_from(source, note), revision=note.revision, user=user, at=at)
    return _back(request, note)


@require_POST
@staff_page("chart.write")
@asking_why
def save(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The button, and the page itself every few moments: that one is answered in JSON."""
    by_itself = "application/json" in request.headers.get("Accept", "")
    return _step(request, uid, _nothing, answer=_saved_json if by_itself else None)


@require_POST
@staff_page("chart.sign")
@asking_why
def sign(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _step(request, uid, _sign)


@require_POST
@staff_page("chart.write")
@asking_why
def change_template(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _step(request, uid, _change_template)


@require_POST
@staff_page("chart.write")
@asking_why
def copy_forward(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _step(request, uid, _copy_forward)


@require_POST
@staff_page("chart.write")
@asking_why
def draft(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _step(request, uid, _draft)


@require_POST
@staff_page("chart.write")
@asking_why
def decide(request: HttpRequest, uid: UUID, decision: str) -> HttpResponse:
    """Use one part of the draft, or dismiss it."""

    def step(note: Note, request: HttpRequest, user: User, at: datetime) -> None:
        named = _uuid(request.POST.get("act", ""))
        act = Act.objects.filter(uid=named, about=note.uid).first() if named else None
        part = request.POST.get("part", "")
        if act is None or part not in act.output or part not in PARTS:
            raise Conflict(_("There is no such draft any more."))
        with transaction.atomic():
            gateway.decide(act, part, Decision(decision), user=user, at=at)
            if decision == Decision.USED:
                typed = Typed(
                    note.parts | {part: drafting.with_part(note, act, part)},
                    note.values,  # type: ignore[arg-type]
                )
                actions.save_note(note, typed, revision=note.revision, user=user, at=at)

    return _step(request, uid, step)


@require_POST
@staff_page("chart.write")
@asking_why
def choose_ai(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Somebody of the staff, or a patient, does not want a model to be asked; or does again."""
    user, at = _user(request), now()
    person = get_record(user, uid, to="chart.write")
    of = Of.PATIENT if request.POST.get("of") == "patient" else Of.STAFF
    subject = person.uid if of == Of.PATIENT else user.pk
    allowed = request.POST.get("allowed") == "1"
    choices.choose(of, subject, allowed=allowed, by=actor_for(user), at=at)
    messages.success(request, _("Saved."))
    return see_other(request, reverse("charting:chart", args=[person.uid]))


def _step(
    request: HttpRequest, uid: UUID, step: Step, *, answer: Callable[[Note], HttpResponse] | None = None
) -> HttpResponse:
    """1. Keep what is typed, unless somebody else saved meanwhile. 2. Take the step. 3. Back to the note.

    Whatever is refused, the page comes back with everything that was typed.
    """
    user, at = _user(request), now()
    note = access.get_note(user, uid, to="chart.write")
    typed: Typed | None = None
    try:
        if not note.is_signed:
            typed = _unchecked(note, request)
            typed = read_typed(note.template, _given(note, request), note)
        elif request.POST:
            raise actions.NoteSigned
        saved = _keep(note, typed, request, user, at)
        step(saved, request, user, at)
    except actions.NoteChanged as problem:
        problem.current.encounter = note.encounter
        trouble = Trouble(typed, theirs=problem.current, told=str(problem.detail), key=_key(request))
        return _again(request, problem.current, trouble, user, at, 409)
    except Invalid as problem:
        fresh = _fresh(note)
        trouble = Trouble(typed, failures=problem.errors, told=str(problem.detail), key=_key(request))
        return _again(request, fresh, trouble, user, at, 422)
    except (Conflict, gateway.NoDraft) as problem:
        told = f"{problem.title}. {problem.detail}".strip()
        rest = _unkept(note, request) if isinstance(problem, actions.NoteSigned) else ""
        trouble = Trouble(typed, told=told, key=_key(request), addendum=rest)
        return _again(request, _fresh(note), trouble, user, at, problem.status)
    if answer is not None:
        return answer(saved)
    return _back(request, saved)


def _keep(note: Note, typed: Typed | None, request: HttpRequest, user: User, at: datetime) -> Note:
    if typed is None:
        return note
    row = actions.save_note(
        note, typed, revision=_revision(request), user=user, at=at, key=_uuid(_key(request))
    )
    row.encounter = note.encounter
    return row


def _nothing(note: Note, request: HttpRequest, user: User, at: datetime) -> None:
    """Saving is all."""


def _sign(note: Note, request: HttpRequest, user: User, at: datetime) -> None:
    require_object(user, "chart.sign")
    actions.sign_note(note, revision=note.revision, user=user, at=at)
    messages.success(request, _("Signed."))


def _change_template(note: Note, request: HttpRequest, user: User, at: datetime) -> None:
    uid = _uuid(request.POST.get("template", ""))
    found = NoteTemplate.objects.current().filter(uid=uid).first() if uid else None
    if uid and found is None:
        raise NotFound
    actions.change_template(note, found, user=user, at=at)


def _copy_forward(note: Note, request: HttpRequest, user: User, at: datetime) -> None:
    source = queries.last_note(note.encounter)
    if source is None:
        raise Conflict(_("There is no earlier note of this service to copy from."))
    actions.save_note(note, actions.copy_from(source, note), revision=note.revision, user=user, at=at)


def _draft(note: Note, request: HttpRequest, user: User, at: datetime) -> None:
    inputs = drafting.inputs_for(note)
    act = gateway.draft_note(
        inputs,
        subject=note.encounter.person.uid,
        about=note.uid,
        user=user,
        at=at,
        rules_only=request.POST.get("by") == "rules",
    )
    if not act.output:
        messages.info(request, _("There is nothing charted yet that a draft could be made of."))


def _saved_json(note: Note) -> HttpResponse:
    zone = note.encounter.location.zone
    typed = Typed(note.parts, note.values)  # type: ignore[arg-type]
    open_now = note_page.open_fields(note, typed, unready(note.encounter))
    return JsonResponse(
        {
            "revision": note.revision,
            "saved": _("Saved %(time)s") % {"time": note_page.clock_words(local(note.saved_at, zone))},
            "missing": [str(one["message"]) for one in open_now],
        }
    )


def _again(
    request: HttpRequest, note: Note, trouble: Trouble, user: User, at: datetime, status: int
) -> HttpResponse:
    if is_htmx(request):
        card = note_page.context(note.encounter, note, user=user, at=at, trouble=trouble)
        with timezone.override(note.encounter.location.zone):
            return render(request, "charting/_note.html", card, status=status)
    return page_with(request, note.encounter, trouble, at=at, status=status)


def _fresh(note: Note) -> Note:
    row = queries.whole_notes().get(pk=note.pk)
    row.encounter = note.encounter
    return row


def _back(request: HttpRequest, note: Note) -> HttpResponse:
    return see_other(request, reverse("charting:encounter", args=[note.encounter.uid]) + "#note")


def _given(note: Note, request: HttpRequest) -> dict[str, Any]:
    """The form's fields: the four parts, and the answers by key."""
    given: dict[str, Any] = {part: request.POST[part] for part in PARTS if part in request.POST}
    answers: dict[str, Any] = {}
    for one in note.template.fields if note.template else []:
        name = f"answers.{one['key']}"
        if one["kind"] == "checklist":
            if f"{name}.there" in request.POST:
                answers[one["key"]] = request.POST.getlist(name)
        elif name in request.POST:
            answers[one["key"]] = request.POST[name]
    return given | {"answers": answers}


def _unchecked(note: Note, request: HttpRequest) -> Typed:
    """As it was typed, for the page that refuses it."""
    given = _given(note, request)
    answers = note.values | given.pop("answers")
    return Typed(note.parts | given, answers)


def _unkept(note: Note, request: HttpRequest) -> str:
    """What was typed into a note that is signed by now, and differs from it: it waits where an addendum is written."""
    parts = [(part, request.POST.get(part, "").strip()) for part in PARTS]
    return "\n\n".join(
        f"{PART_LABELS[part]}: {text}" for part, text in parts if text and text != note.parts[part]
    )


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _key(request: HttpRequest) -> str:
    return request.POST.get("key", "")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
