"""The staff list, the invitation and the page of one person."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions as people_actions
from accounts import invitations, people
from accounts.access import may
from accounts.actors import actor_of
from accounts.models import User
from accounts.pages import staff_page
from accounts.roles import Role
from accounts.step_up import step_up
from core.clock import now
from core.http import see_other
from core.problems import Conflict, Forbidden, Invalid
from desk.people_admin import reading
from desk.people_admin.forms import InviteForm, PlacesForm, ProviderForm, RoleForm
from desk.places import staff_of
from practice import actions as practice_actions
from practice import queries
from practice.models import Location, Posting
from practice.shell import settings_page
from tenants.directory import clinic_url

UNREADABLE = 422


@require_GET
@staff_page("staff.view")
def staff_list(request: HttpRequest) -> HttpResponse:
    at = now()
    context = {
        "staff": reading.staff(at=at),
        "waiting": reading.waiting(staff_of(request), at=at),
        "may_invite": may(staff_of(request), "staff.manage"),
    }
    return settings_page(request, "people", "desk/people/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page("staff.manage")
@step_up
def invite(request: HttpRequest) -> HttpResponseBase:
    form = InviteForm(
        request.POST if request.method == "POST" else None,
        by=staff_of(request),
        places=queries.locations(),
        services=queries.services_in_use(),
    )
    if form.is_bound and form.is_valid():
        try:
            _invite(request, form.cleaned_data)
        except Invalid as problem:
            form.take(problem)
        except (Conflict, Forbidden) as problem:
            form.add_error(None, str(problem.detail))
        else:
            messages.success(request, _t("The invitation is on its way."))
            return see_other(request, reverse("people:list"))
    status = UNREADABLE if form.errors else 200
    return settings_page(request, "people", "desk/people/invite.html", {"form": form}, status=status)


def _invite(request: HttpRequest, asked: dict[str, Any]) -> None:
    on, by, at = clinic_url(request.clinic, ""), actor_of(request), now()  # type: ignore[attr-defined]
    with transaction.atomic():
        invitation = people_actions.invite(
            email=asked["email"],
            display_name=asked["display_name"],
            role=asked["role"],
            on=on,
            by=by,
            at=at,
        )
        practice_actions.place_invitation(
            invitation,
            locations=asked["locations"],
            treats=asked["treats"],
            credentials=asked["credentials"],
            services=asked["services"],
            by=by,
        )


@require_POST
@staff_page("staff.manage")
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    invitation = invitations.get_invitation(staff_of(request), uid, to="staff.manage")
    return _done(
        request,
        lambda: people_actions.withdraw_invitation(invitation, by=actor_of(request), at=now()),
        _t("The invitation is withdrawn. Its link opens nothing any more."),
        reverse("people:list"),
    )


@require_POST
@staff_page("staff.manage")
@step_up
def resend(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    invitation = invitations.get_invitation(staff_of(request), uid, to="staff.manage")
    on = clinic_url(request.clinic, "")  # type: ignore[attr-defined]
    return _done(
        request,
        lambda: people_actions.resend_invitation(invitation, on=on, by=actor_of(request), at=now()),
        _t("A new link is on its way. The former one opens nothing any more."),
        reverse("people:list"),
    )


def _done(request: HttpRequest, act: Any, said: str, url: str) -> HttpResponse:
    """Do it and say so; or say what stands against it."""
    try:
        act()
    except Invalid as problem:
        messages.error(request, " ".join(each["message"] for each in problem.errors))
    except (Conflict, Forbidden) as problem:
        messages.error(request, str(problem.detail or problem.title))
    else:
        messages.success(request, said)
    return see_other(request, url)


def done_at(request: HttpRequest, colleague: User, act: Any, said: str) -> HttpResponse:
    return _done(request, act, said, reverse("people:person", args=[colleague.pk]))


@require_GET
@staff_page("staff.view")
def person(request: HttpRequest, uid: UUID) -> HttpResponse:
    return person_page(request, people.get_colleague(staff_of(request), uid))


def person_page(
    request: HttpRequest, colleague: User, forms: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The page; `forms` are those that were filled in and refused."""
    by, at = staff_of(request), now()
    shown = reading.profile_of(colleague, at=at)
    places = queries.locations()
    held = Location.objects.open().filter(pk__in=_posted(colleague, shown.today))
    mine = by.pk == colleague.pk
    context: dict[str, Any] = {
        "person": shown,
        "colleague": colleague,
        "mine": mine,
        "may_change": people.may_change(by, colleague),
        "may_crown": by.role == Role.OWNER and not mine and colleague.role != Role.OWNER and shown.has_access,
        "role_form": RoleForm(by=by, of=colleague),
        "places_form": PlacesForm(places=places, held=held) if places else None,
        "held": held,
        "provider_form": ProviderForm(
            of=colleague, provider=shown.provider, services=queries.services_in_use()
        ),
        **(forms or {}),
    }
    return settings_page(request, "people", "desk/people/person.html", context, status=status)


def _posted(colleague: User, today: Any) -> Any:
    return Posting.objects.on(today).filter(user=colleague).values("location_id")
