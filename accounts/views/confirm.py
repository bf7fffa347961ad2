"""“Confirm it's you” as a page by itself, for where a part of a page asked."""

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import sessions
from accounts.forms import ConfirmForm
from accounts.pages import open_page, staff_page, turn_away
from accounts.sessions import Standing
from accounts.step_up import SECRET, answered, ask, settle
from accounts.views.answers import next_of
from core.clock import now


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters(SECRET)
@never_cache
@staff_page()
def confirm(request: HttpRequest) -> HttpResponseBase:
    return answered(request, next_of(request))


@open_page
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters(SECRET)
@never_cache
def take_back(request: HttpRequest) -> HttpResponseBase:
    """A patient gave the screen back: whoever shows that it is them gets the desk again."""
    standing, following = sessions.admit(request, at=now()), next_of(request)
    if standing is Standing.GOOD:
        return HttpResponseRedirect(following)
    if standing is not Standing.HANDED_OVER:
        return turn_away(request, standing)
    if request.method != "POST":
        return ask(request, ConfirmForm())

    def go_on() -> HttpResponseBase:
        sessions.take_back(request.session)
        return HttpResponseRedirect(following)

    return settle(request, go_on)
