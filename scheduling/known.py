"""Whether the visitor of the booking pages is a patient who has signed in. The sign-in stands above: settings name it."""

from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from audit.actors import Actor
from patients.models import Person


@dataclass(frozen=True)
class Known:
    """For whom is booked, and who does it: the patient, or whoever looks after them."""

    person: Person
    by: Actor


def known_patient(request: HttpRequest) -> Known | None:
    return cast(Known | None, import_string(settings.KNOWN_PATIENT)(request))
