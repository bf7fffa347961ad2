"""The clinic's forms: which there are, who is asked, the text that is being written, and the versions that stand."""

from uuid import UUID

from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import require_object
from accounts.actors import actor_of
from accounts.pages import staff_page
from consents import access, actions, paper
from consents.forms import DetailsForm, DraftForm, NewForm
from consents.models import ConsentForm, ConsentVersion
from core.clock import now
from core.http import see_other
from core.problems import Conflict, Invalid, NotFound
from practice.shell import settings_page

UNREADABLE, CONFLICT = 422, 409


@require_GET
@staff_page("consents.manage")
def forms(request: HttpRequest) -> HttpResponse:
    rows = list(ConsentForm.objects.prefetch_related("versions", "services"))
    lines = [
        {
            "row": row,
            "version": list(row.versions.all())[-1] if row.versions.all() else None,
            "services": [service.name for service in row.services.all()],
        }
        for row in rows
    ]
    context = {
        "lines": [line for row, line in zip(rows, lines, strict=True) if not row.archived_at],
        "archived": [line for row, line in zip(rows, lines, strict=True) if row.archived_at],
    }
    return settings_page(request, "forms", "desk/settings/forms.html", context)


@require_http_methods(["GET", "POST"])
@staff_page("consents.manage")
def new(request: HttpRequest) -> HttpResponse:
    form = NewForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = actions.create_form(by=actor_of(request), **form.given())
            actions.attach(made, form.chosen(), by=actor_of(request))
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("Added. Write its text, then publish it."))
            return see_other(request, reverse("consents:form", args=[made.uid]))
    status = UNREADABLE if form.is_bound else 200
    return settings_page(request, "forms", "desk/settings/form_new.html", {"form": form}, status=status)


@require_GET
@staff_page("consents.manage")
def form(request: HttpRequest, uid: UUID) -> HttpResponse:
    return _page(request, access.get_form(request.user, uid))


@require_POST
@staff_page("consents.manage")
def draft(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Keep what is being written; what is wrong is told beside it, and nothing typed is lost."""
    found = access.get_form(request.user, uid)
    typed = DraftForm(found, _last(found), request.POST)
    if not typed.is_valid():
        return _page(request, found, draft=typed, status=UNREADABLE)
    try:
        actions.save_draft(found, by=actor_of(request), **typed.given())
    except Invalid as problem:
        typed.take(problem)
        return _page(request, found, draft=typed, status=UNREADABLE)
    except Conflict as problem:
        typed.add_error(None, str(problem.detail))
        return _page(request, found, draft=typed, status=CONFLICT)
    messages.success(request, _("Saved. Read the preview, then publish."))
    return see_other(request, reverse("consents:form", args=[uid]) + "#preview")


@require_POST
@staff_page("consents.manage")
def publish(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = access.get_form(request.user, uid)
    text = request.POST.get("revision", "")
    revision = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
    try:
        made = actions.publish(found, by=actor_of(request), at=now(), revision=revision)
    except Conflict as problem:
        messages.error(request, str(problem.detail))
    except Invalid as problem:
        messages.error(request, " ".join(each["message"] for each in problem.errors))
    else:
        messages.success(
            request, _("Published: version %(number)d is what is signed now.") % {"number": made.number}
        )
    return see_other(request, reverse("consents:form", args=[uid]))


@require_POST
@staff_page("consents.manage")
def discard(request: HttpRequest, uid: UUID) -> HttpResponse:
    actions.discard_draft(access.get_form(request.user, uid), by=actor_of(request))
    messages.success(request, _("The draft is gone; what was published stands."))
    return see_other(request, reverse("consents:form", args=[uid]))


@require_POST
@staff_page("consents.manage")
def details(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = access.get_form(request.user, uid)
    typed = DetailsForm(request.POST, form=found)
    if typed.is_valid():
        try:
            actions.update_form(found, by=actor_of(request), **typed.given())
            actions.attach(found, typed.chosen(), by=actor_of(request))
        except Invalid as problem:
            typed.take(problem)
        else:
            messages.success(request, _("Saved."))
            return see_other(request, reverse("consents:form", args=[uid]))
    return _page(request, found, details=typed, status=UNREADABLE)


@require_POST
@staff_page("consents.manage")
def archive(request: HttpRequest, uid: UUID) -> HttpResponse:
    actions.archive_form(access.get_form(request.user, uid), by=actor_of(request), at=now())
    messages.success(request, _("Nobody is asked for it any more. What was signed stays."))
    return see_other(request, reverse("consents:settings"))


@require_POST
@staff_page("consents.manage")
def restore(request: HttpRequest, uid: UUID) -> HttpResponse:
    try:
        actions.restore_form(access.get_form(request.user, uid), by=actor_of(request))
    except Conflict as problem:
        messages.error(request, str(problem.detail))
    else:
        messages.success(request, _("It is asked for again."))
    return see_other(request, reverse("consents:settings"))


@require_GET
@staff_page("consents.manage")
def version(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A version as it was published, word by word."""
    require_object(request.user, "consents.manage")
    found = ConsentVersion.objects.filter(uid=uid).select_related("form").first()
    if found is None:
        raise NotFound
    context = {
        "version": found,
        "form": found.form,
        "papers": [_shown(text["title"], text["body"], language) for language, text in found.texts.items()],
        "hash": bytes(found.text_hash).hex(),
    }
    return settings_page(request, "forms", "desk/settings/form_version.html", context)


def _page(
    request: HttpRequest,
    found: ConsentForm,
    *,
    draft: DraftForm | None = None,
    details: DetailsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    last = _last(found)
    texts = found.draft["texts"] if found.draft else {}
    context = {
        "form": found,
        "last": last,
        "draft": draft or DraftForm(found, last),
        "details": details or DetailsForm(form=found),
        "previews": [_shown(text["title"], text["body"], language) for language, text in texts.items()],
        "versions": list(found.versions.order_by("-number")),
    }
    return settings_page(request, "forms", "desk/settings/form.html", context, status=status)


def _last(found: ConsentForm) -> ConsentVersion | None:
    return found.versions.order_by("number").last()


def _shown(title: str, body: str, language: str) -> dict[str, object]:
    shown = paper.preview(title, body, language=language)
    parts = [
        {
            "kind": part.kind,
            "text": part.text,
            "items": part.items,
            "ticked": False,
            "said": "" if part.required else _("optional"),
        }
        for part in shown.blocks
    ]
    label = dict(django_settings.LANGUAGES).get(language, language)
    return {"language": language, "label": label, "title": title, "parts": parts, "open": False}
