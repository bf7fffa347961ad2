"""Which forms a visit asks for: told before the booking, and after it, with the way to them, as long as they wait."""

from datetime import datetime

from django.utils.translation import get_language

from consents.queries import forms_for, waiting_for
from core.problems import Unavailable
from practice.models import Service
from scheduling.models import Appointment


def forms_to_come(service: Service, at: datetime) -> list[str]:
    """Their titles, in the reader's language. They are signed in the portal, once somebody is known by a code."""
    language = (get_language() or "en").partition("-")[0]
    return [version.text_in(language)[1]["title"] for version in forms_for([service], at)]


def forms_waiting(appointment: Appointment, at: datetime) -> list[str]:
    """Those not signed yet; none while the keys cannot be reached: the visit itself is shown all the same."""
    try:
        return [each.title for each in waiting_for(appointment.person, [appointment.service], at)]
    except Unavailable:
        return []
