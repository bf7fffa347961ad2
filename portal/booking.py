"""The booking pages ask here who is booking."""

from django.http import HttpRequest

from core.clock import now
from patients.self_service import actor_of
from portal import sessions
from scheduling.known import Known


def known_patient(request: HttpRequest) -> Known | None:
    """Whose pages are open in this browser: a visit booked now is theirs, and no new person is made."""
    session = sessions.admit(request, at=now())
    if session is None or session.person is None:
        return None
    return Known(session.subject, actor_of(session.person, for_person=session.subject))
