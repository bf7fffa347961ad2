"""What every page that knows a patient is told of the session: when it ends, and what leaves with it."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core.clock import now
from core.logoff import Logoff
from portal import sessions
from portal.models import PatientSession


def patient(request: HttpRequest) -> dict[str, Any]:
    """Of the session that the page has judged already: a page that asked for none shows nothing of anybody."""
    session: PatientSession | None = getattr(request, "patient_session", None)
    if session is None or session.ended_at is not None:
        return {}
    left, absolute = sessions.seconds_left(session, now())
    return {
        "logoff": Logoff(
            left=left,
            absolute=absolute,
            stay=reverse("portal:stay"),
            out=reverse("portal:sign_out"),
            sign_in=reverse("portal:sign_in"),
            channel="medspa-portal",
        )
    }
