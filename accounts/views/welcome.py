"""The page behind the first link: choose a password, and be signed in with it."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts import sessions, throttle, welcome
from accounts.forms import PasswordForm
from accounts.models import WelcomeLink
from accounts.pages import open_page
from accounts.views.answers import UNREADABLE, page
from accounts.views.sign_in import enter
from accounts.welcome import Door
from audit.actors import VISITOR
from core.clock import now
from core.http import client_ip
from core.problems import Invalid, NotFound, TooMany

AFTERWARDS = "/desk/baa/"


class WelcomeForm(PasswordForm):
    """Only what is new; the field that asks for the old password has nothing to ask."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, asks_current=False, **kwargs)
        self.fields["new"].label = _("Your password")
        self.fields["repeated"].label = _("Your password, once more")


@open_page
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("new", "repeated")
@sensitive_variables("form")
@never_cache
def welcome_form(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the form and spends nothing; POST sets the password and signs in."""
    at = now()
    door, link = welcome.find(token, at=at)
    if link is None or door is Door.UNKNOWN:
        _count_guess(request)
        raise NotFound
    if door is not Door.OPEN:
        return _shut(request, token, door)
    form = WelcomeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, token, link, form)
    try:
        door = welcome.spend(link, form.cleaned_data["new"], at=at)
    except Invalid as problem:
        form.take(Invalid(errors=[{**each, "field": "new"} for each in problem.errors]))
        return _page(request, token, link, form)
    if door is not Door.OPEN:
        return _shut(request, token, door)
    link.user.refresh_from_db()
    sessions.forget(request)
    return enter(request, link.user, AFTERWARDS)


@open_page
@require_POST
@never_cache
def send_again(request: HttpRequest, token: str) -> HttpResponse:
    """A link that has run out asks for its successor; it goes to the address on file and nowhere else."""
    at = now()
    door, link = welcome.find(token, at=at)
    if link is None or door is Door.UNKNOWN:
        _count_guess(request)
        raise NotFound
    if door is Door.USED:
        return _shut(request, token, door)
    try:
        welcome.send_again(link.user, clinic=request.clinic.own_host, by=VISITOR, at=at)  # type: ignore[attr-defined]
    except TooMany as problem:
        return _shut(request, token, door, trouble=str(problem.detail), status=429)
    return _shut(request, token, door, sent=True)


def _count_guess(request: HttpRequest) -> None:
    throttle.take_wrong_token(client_ip(request), at=now())


def _page(request: HttpRequest, token: str, link: WelcomeLink, form: WelcomeForm) -> HttpResponse:
    context = {"form": form, "person": link.user, "action": reverse("accounts_welcome", args=[token])}
    return page(request, "welcome", context, status=UNREADABLE if form.errors else 200)


def _shut(
    request: HttpRequest, token: str, door: Door, *, sent: bool = False, trouble: str = "", status: int = 410
) -> HttpResponse:
    context = {
        "used": door is Door.USED,
        "sent": sent,
        "trouble": trouble,
        "again": reverse("accounts_welcome_again", args=[token]),
    }
    return page(request, "welcome_shut", context, status=200 if sent else status)
