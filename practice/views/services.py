"""The clinic's offer: services under their headings, each with what still keeps it from being booked."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.actors import actor_of
from accounts.pages import staff_page
from core.clock import now
from core.http import see_other
from core.problems import Conflict, Invalid
from practice import access, actions
from practice.forms.services import CategoryForm, ServiceForm
from practice.models import Service, ServiceCategory
from practice.offer import Obstacles
from practice.profile import profile
from practice.shell import settings_page
from practice.standing import visits_ahead

SECTION = "services"
BOTH = ["GET", "POST"]
LIST = "settings:services"


@require_GET
@staff_page("services.manage")
def services(request: HttpRequest) -> HttpResponse:
    obstacles, locale = Obstacles.read(), profile().locale
    rows = list(Service.objects.select_related("category").prefetch_related("providers"))
    groups = [
        {
            "category": category,
            "rows": [
                {
                    "row": row,
                    "price": row.price.format(locale) if row.price_amount else "",
                    "obstacles": obstacles.of(row),
                    "people": len(row.providers.all()),
                }
                for row in rows
                if row.category_id == category.pk and row.archived_at is None
            ],
        }
        for category in ServiceCategory.objects.all()
    ]
    context = {"groups": groups, "archived": [row for row in rows if row.archived_at]}
    return settings_page(request, SECTION, "desk/settings/services.html", context)


@require_http_methods(BOTH)
@staff_page("services.manage")
def new_service(request: HttpRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = ServiceForm(data, service=None, currency=profile().currency)
    if form.is_bound and form.is_valid() and _save(request, form, None):
        messages.success(request, _("Service added."))
        return see_other(request, reverse(LIST))
    return _page(request, form, None)


@require_http_methods(BOTH)
@staff_page("services.manage")
def service(request: HttpRequest, uid: UUID) -> HttpResponse:
    row = access.get_service(request.user, uid)
    data = request.POST if request.method == "POST" else None
    form = ServiceForm(data, service=row, currency=row.currency)
    if form.is_bound and form.is_valid() and _save(request, form, row):
        messages.success(request, _("Saved."))
        return see_other(request, reverse(LIST))
    return _page(request, form, access.get_service(request.user, uid))


@require_POST
@staff_page("services.manage")
def copy(request: HttpRequest, uid: UUID) -> HttpResponse:
    made = actions.copy_service(access.get_service(request.user, uid), by=actor_of(request))
    messages.success(request, _("Copied. Patients cannot book the copy online until you say so."))
    return see_other(request, reverse("settings:service", args=[made.uid]))


@require_POST
@staff_page("services.manage")
def move(request: HttpRequest, uid: UUID, step: int) -> HttpResponse:
    actions.move_service(access.get_service(request.user, uid), step, by=actor_of(request))
    return see_other(request, reverse(LIST) + f"#s-{uid}")


@require_http_methods(BOTH)
@staff_page("services.manage")
def archive(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Visits already booked stay: a service that is no longer sold is still given to those who have it."""
    row, at = access.get_service(request.user, uid), now()
    if request.method == "POST":
        actions.archive_service(row, by=actor_of(request), at=at)
        undo = reverse("settings:restore_service", args=[uid])
        messages.success(request, _("Service archived."), extra_tags=undo)
        return see_other(request, reverse(LIST))
    standing = len(visits_ahead(at, service=row))
    stay = _("Visits already booked for it stay booked: %(count)d.") % {"count": standing}
    context = {
        "name": row.name,
        "action": reverse("settings:archive_service", args=[uid]),
        "back": reverse("settings:service", args=[uid]),
        "standing": [],
        "warnings": [stay] if standing else [],
    }
    return settings_page(request, SECTION, "desk/settings/archive.html", context)


@require_POST
@staff_page("services.manage")
def restore(request: HttpRequest, uid: UUID) -> HttpResponse:
    actions.restore_service(access.get_service(request.user, uid), by=actor_of(request))
    messages.success(request, _("Service is back."))
    return see_other(request, reverse(LIST))


@require_http_methods(BOTH)
@staff_page("services.manage")
def category(request: HttpRequest, uid: UUID) -> HttpResponse:
    row = access.get_category(request.user, uid)
    if "delete" in request.POST:
        return _delete(request, row)
    initial = {"name": row.name, "position": row.position}
    form = CategoryForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            actions.update_category(row, by=actor_of(request), **form.cleaned_data)
        except Invalid as problem:
            form.take(problem)
        else:
            messages.success(request, _("Saved."))
            return see_other(request, reverse(LIST))
    return _category_page(request, form, row, status=422 if form.is_bound else 200)


def _delete(request: HttpRequest, row: ServiceCategory) -> HttpResponse:
    try:
        actions.delete_category(row, by=actor_of(request))
    except Conflict as problem:
        form = CategoryForm(initial={"name": row.name, "position": row.position})
        return _category_page(request, form, row, status=409, refused=str(problem.detail))
    messages.success(request, _("Heading removed."))
    return see_other(request, reverse(LIST))


def _category_page(
    request: HttpRequest, form: CategoryForm, row: ServiceCategory, *, status: int, refused: str = ""
) -> HttpResponse:
    context = {"form": form, "category": row, "refused": refused, "empty": not row.services.exists()}
    return settings_page(request, SECTION, "desk/settings/category.html", context, status=status)


def _save(request: HttpRequest, form: ServiceForm, row: Service | None) -> bool:
    by = actor_of(request)
    try:
        with transaction.atomic():
            heading = form.category_chosen() or _heading(form.cleaned_data["new_category"], request)
            fields: dict[str, Any] = {**form.given(), "category": heading}
            if row is None:
                last = heading.services.count()
                actions.create_service(by=by, providers=form.providers_chosen(), position=last, **fields)
            else:
                actions.update_service(row, by=by, **fields)
                actions.set_service_providers(row, form.providers_chosen(), by=by)
    except Invalid as problem:
        form.take(problem)
        return False
    return True


def _heading(name: str, request: HttpRequest) -> ServiceCategory:
    """The one of that name, whatever its capitals, or a new one."""
    known = ServiceCategory.objects.filter(name__iexact=name.strip()).first()
    if known:
        return known
    try:
        place = ServiceCategory.objects.count()
        return actions.create_category(by=actor_of(request), name=name, position=place)
    except Invalid as problem:
        for one in problem.errors:
            one["field"] = "new_category"
        raise


def _page(request: HttpRequest, form: ServiceForm, row: Service | None) -> HttpResponse:
    context = {"form": form, "service": row, "currency": form.currency, "has_people": bool(form.people)}
    status = 422 if form.is_bound else 200
    return settings_page(request, SECTION, "desk/settings/service.html", context, status=status)
