"""What to do after a treatment. The clinic's own words open with any code, since it may be urgent; what a plan adds is
clinical and needs the code by mail."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from charting import actions, plan_access
from charting.aftercare import showing
from charting.models import AftercareSheet
from core.clock import local, local_date, now
from portal.pages import Visiting, portal_page, show
from practice.profile import clinic_zone
from scheduling.patient_pages import words


@portal_page()
def aftercare(request: HttpRequest, visiting: Visiting) -> HttpResponse:
    found = plan_access.own_sheets(visiting.person, by=visiting.by)
    return show(request, "aftercare", {"sheets": [_line(visiting, one) for one in found]})


@portal_page()
def sheet(request: HttpRequest, visiting: Visiting, uid: UUID) -> HttpResponse:
    """Whoever opens it has read it."""
    found = plan_access.own_sheet(visiting.person, uid, by=visiting.by)
    actions.mark_sheet_read(found, by=visiting.by, at=now())
    line = _line(visiting, found)
    hidden = found.plan_version is not None and not visiting.session.by_mail
    return show(request, "aftercare_sheet", {**line, "hidden": hidden})


@portal_page()
def paper(request: HttpRequest, visiting: Visiting, uid: UUID) -> HttpResponse:
    found = plan_access.own_sheet(visiting.person, uid, by=visiting.by)
    reading = _reading(visiting, found)
    answer = HttpResponse(
        showing.sheet_pdf(reading, language=get_language() or "en"), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'attachment; filename="{showing.file_name(found)}"'
    return answer


def _reading(visiting: Visiting, found: AftercareSheet) -> showing.Reading:
    return showing.reading(found, language=get_language() or "en", clinical=visiting.session.by_mail)


def _line(visiting: Visiting, found: AftercareSheet) -> dict[str, object]:
    reading, visit = _reading(visiting, found), found.appointment
    day = local(visit.starts_at, visit.location.zone).date() if visit else None
    return {
        "sheet": found,
        "reading": reading,
        "title": reading.title,
        "when": words.whole_day(day or local_date(found.due_at, clinic_zone())),
        "is_new": found.read_at is None,
    }
