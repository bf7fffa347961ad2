"""Import from a spreadsheet: a template, a dry run that lists what is wrong row by row, then all rows or none."""

import secrets
import zlib
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.actions import note_export
from accounts.actors import actor_of
from accounts.models import User
from accounts.pages import staff_page
from core.clock import now
from core.forms import ProblemForm
from core.http import see_other
from core.problems import Conflict
from core.uploads import was_too_large
from practice import imports, sheets
from practice.actions.importing import import_sheet
from practice.imports import COLUMNS, RESOURCES, SERVICES, DryRun
from practice.models import Device, Room, Service
from practice.offer import write_amount
from practice.sheets import SheetProblem
from practice.shell import settings_page

KEPT_SECONDS: Final = 1800
TITLES: Final = {SERVICES: _("Services"), RESOURCES: _("Rooms & devices")}
DONE: Final = {SERVICES: "settings:services", RESOURCES: "settings:resources"}


class SheetForm(ProblemForm):
    sheet = forms.FileField(
        label=_("CSV file"),
        allow_empty_file=True,
        help_text=_("At most 10,000 rows and 4 MB."),
        error_messages={"required": _("Choose a file first.")},
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
    )


@require_GET
@staff_page("settings.manage")
def index(request: HttpRequest) -> HttpResponse:
    return _index(request, {}, status=200)


@require_GET
@staff_page("settings.manage")
def template(request: HttpRequest, what: str) -> HttpResponse:
    """The columns, with one example row."""
    columns = COLUMNS[what]
    rows = [[column.example for column in columns]]
    return _download(what, "template", rows)


@require_GET
@staff_page("settings.manage")
def export(request: HttpRequest, what: str) -> HttpResponse:
    """What is there now, in the same columns; the owners hear of it."""
    assert isinstance(request.user, User)
    note_export(request.user, what, by=actor_of(request), at=now())
    return _download(what, "export", _services() if what == SERVICES else _resources())


@require_POST
@staff_page("settings.manage")
def check(request: HttpRequest, what: str) -> HttpResponse:
    form = SheetForm(request.POST, request.FILES, prefix=what)
    name = form.add_prefix("sheet")
    if was_too_large(request, name):
        form.errors["sheet"] = form.error_class([str(sheets.too_large().message)])
    elif form.is_valid():
        content = form.cleaned_data["sheet"].read()
        try:
            run = imports.dry_run(what, content)
        except SheetProblem as problem:
            form.add_error("sheet", str(problem.message))
        else:
            return _result(request, what, run, _keep(request, what, content) if run.is_clear else "")
    return _index(request, {what: form}, status=422)


@require_POST
@staff_page("settings.manage")
def confirm(request: HttpRequest, what: str) -> HttpResponse:
    token = request.POST.get("token", "")[:64]
    kept = cache.get(_key(request, what, token))
    if kept is None:
        messages.error(request, _("The file is no longer here. Upload it once more."))
        return see_other(request, reverse("settings:import"))
    content = zlib.decompress(kept)
    try:
        count = import_sheet(what, content, by=actor_of(request))
    except Conflict:
        return _result(request, what, imports.dry_run(what, content), "")
    cache.delete(_key(request, what, token))
    messages.success(request, ngettext("%(n)d row imported.", "%(n)d rows imported.", count) % {"n": count})
    return see_other(request, reverse(DONE[what]))


def _keep(request: HttpRequest, what: str, content: bytes) -> str:
    """Between the dry run and the import the file waits for its owner alone."""
    token = secrets.token_urlsafe(24)
    cache.set(_key(request, what, token), zlib.compress(content), KEPT_SECONDS)
    return token


def _key(request: HttpRequest, what: str, token: str) -> str:
    return f"import:{what}:{request.user.pk}:{token}"


def _index(request: HttpRequest, forms_: dict[str, SheetForm], *, status: int) -> HttpResponse:
    parts = [
        {
            "what": what,
            "title": title,
            "form": forms_.get(what) or SheetForm(prefix=what),
            "columns": ", ".join(column.name for column in COLUMNS[what]),
            "check": reverse(f"settings:check_{what}"),
            "template": reverse(f"settings:template_{what}"),
            "export": reverse(f"settings:export_{what}"),
        }
        for what, title in TITLES.items()
    ]
    return settings_page(request, "import", "desk/settings/import.html", {"parts": parts}, status=status)


def _result(request: HttpRequest, what: str, run: DryRun, token: str) -> HttpResponse:
    context: dict[str, Any] = {
        "title": TITLES[what],
        "run": run,
        "token": token,
        "shown": run.ready[:20],
        "confirm": reverse(f"settings:confirm_{what}"),
        "check": reverse(f"settings:check_{what}"),
        "form": SheetForm(prefix=what),
    }
    status = 200 if run.is_clear else 422
    return settings_page(request, "import", "desk/settings/import_result.html", context, status=status)


def _download(what: str, kind: str, rows: list[list[str]]) -> HttpResponse:
    content = sheets.write_rows([column.name for column in COLUMNS[what]], rows)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{what}-{kind}.csv"'
    return response


def _services() -> list[list[str]]:
    rows = Service.objects.in_use().select_related("category").prefetch_related("providers")
    return [
        [
            row.category.name,
            row.name,
            row.description,
            str(row.duration_minutes),
            str(row.buffer_before),
            str(row.buffer_after),
            str(row.processing_start),
            str(row.processing_minutes),
            write_amount(row.price_amount, row.currency),
            write_amount(row.deposit_amount, row.currency),
            row.room_kind,
            row.device_kind,
            str(row.min_age),
            "yes" if row.online else "no",
            "|".join(one.display_name for one in row.providers.all()),
        ]
        for row in rows
    ]


def _resources() -> list[list[str]]:
    return [
        [what, row.name, row.kind, row.location.name]
        for what, rows in (("room", Room.objects), ("device", Device.objects))
        for row in rows.in_use().select_related("location")
    ]
