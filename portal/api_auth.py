"""The portal's session opens the API too, for what is the patient's own. It counts for nothing of the staff's."""

from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request

from accounts.sessions import POLL_HEADER
from core.clock import now
from patients.callers import PatientCaller
from portal import sessions


class PatientSessionAuthentication(SessionAuthentication):
    """The cookie of somebody who signed in by a code and was chosen; unsafe methods carry the CSRF token."""

    def authenticate(self, request: Request) -> tuple[PatientCaller, None] | None:
        plain, at = request._request, now()
        session = sessions.admit(plain, at=at, touch=plain.headers.get(POLL_HEADER) != "1")
        if session is None or session.person is None:
            return None
        self.enforce_csrf(request)
        return PatientCaller(session.person, at, session.by_mail), None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
