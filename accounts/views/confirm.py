"""“Confirm it's you” as a page by itself, for where a part of a page asked."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.pages import staff_page
from accounts.step_up import SECRET, answered
from accounts.views.answers import next_of


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters(SECRET)
@never_cache
@staff_page()
def confirm(request: HttpRequest) -> HttpResponseBase:
    return answered(request, next_of(request))
