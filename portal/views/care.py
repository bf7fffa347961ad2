"""After a treatment: how far a series has come, and a way to report a reaction."""

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format

from charting import actions
from charting.forms.events import ReportForm
from core.clock import local, now
from core.problems import Invalid
from portal.pages import UNREADABLE, Visiting, portal_page, see, show
from tenants import sites


@portal_page("GET", "POST")
def report(request: HttpRequest, visiting: Visiting) -> HttpResponse:
    """What to do in an emergency comes first; the clinic reads the rest."""
    at = now()
    visits = [
        (
            one,
            f"{one.service.name}, {date_format(local(one.starts_at, one.location.zone).date(), 'DATE_FORMAT')}",
        )
        for one in actions.visits_before(visiting.person, at=at)
    ]
    form = ReportForm(request.POST if request.method == "POST" else None, visits=visits)
    if form.is_bound and form.is_valid():
        given, site = form.cleaned_data, sites.site()
        try:
            actions.report_event(
                visiting.person, given, after=form.after, site=site, by=visiting.by, at=at, once=given["once"]
            )
        except Invalid as problem:
            form.take(problem)
        else:
            return see("report", done="1")
    done = "done" in request.GET and not form.is_bound
    status = UNREADABLE if form.is_bound else 200
    return show(request, "report", {"form": form, "done": done}, status=status)
