"""What a booking brings besides its time: who, which consents, a note. Read whole, refused with every failure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.clock import local_date
from core.problems import Failure, Invalid, failure
from core.text import TextProblem, clean_text
from messaging import consents as ledger
from messaging.contacts import index_of
from messaging.models import Channel
from patients.actions import details_of
from patients.models import Person
from patients.rules import Details, Entry, age_on, read_details
from practice import queries
from practice.models import PolicyKind, PolicyText
from practice.profile import profile
from scheduling.plans import Plan

LONGEST_NOTE = 2000
STAND_IN = Details("", "")


@dataclass(frozen=True)
class Agreed:
    """Versions of the texts that were agreed to; blank where they were not."""

    service_sms: str = ""
    policy: str = ""


@dataclass(frozen=True)
class Asked:
    """A booking's request, clean."""

    details: Details
    agreed: Agreed
    note: str


def read_request(
    *,
    patient: Any,
    person: Person | None = None,
    consents: Any,
    notes: Any,
    accepted_policy: Any,
    at: datetime,
    plan: Plan,
) -> Asked:
    """Parse everything, then complain about everything."""
    failures: list[Failure] = []
    if person is not None:
        details = details_of(person)
    else:
        details = _details(patient, local_date(at, plan.location.zone), failures)
    _refuse_too_young(details, plan, failures)
    texts = queries.current_texts() if consents or accepted_policy else {}
    agreed = Agreed(
        service_sms=_service_sms(consents, texts, failures),
        policy=_policy(accepted_policy, texts, failures),
    )
    note = read_note(notes, failures)
    if failures:
        raise Invalid(errors=failures)
    return Asked(details, agreed, note)


def read_note(notes: Any, failures: list[Failure], *, field: str = "notes") -> str:
    if notes is None:
        return ""
    if not isinstance(notes, str):
        failures.append(failure(field, "not_text", _("This must be text.")))
        return ""
    try:
        return clean_text(notes, LONGEST_NOTE, multiline=True)
    except TextProblem as problem:
        failures.append(failure(field, problem.code, problem.message))
        return ""


def note_consent(person: Person, agreed: Agreed, *, at: datetime, source: str = "booking") -> None:
    """Into the ledger of the number: which text was shown, and that it was agreed to."""
    if not agreed.service_sms or not (phone := person.phone):
        return
    text = queries.current_texts().get(PolicyKind.SERVICE_SMS)
    ledger.decide(
        index_of(Channel.SMS, phone),
        Channel.SMS,
        topic=ledger.Topic.SERVICE,
        granted=True,
        text_version=agreed.service_sms,
        text_shown=text.text if text and text.version == agreed.service_sms else "",
        source=source,
        subject=person.uid,
        at=at,
    )


def _details(patient: Any, on: Any, failures: list[Failure]) -> Details:
    if not isinstance(patient, Mapping):
        failures.append(failure("patient", "missing", _("Say who the visit is for.")))
        return STAND_IN
    try:
        return read_details(patient, on=on, entry=Entry.SELF, region=profile().region, prefix="patient.")
    except Invalid as problem:
        failures.extend(problem.errors)
        return STAND_IN


def _refuse_too_young(details: Details, plan: Plan, failures: list[Failure]) -> None:
    """The service's own age, on the day of the visit."""
    born, day = details.date_of_birth, local_date(plan.start, plan.location.zone)
    if born is not None and age_on(born, day) < plan.service.min_age:
        message = _("%(service)s is for people of %(age)s and older. Please call the clinic.") % {
            "service": plan.service.name,
            "age": plan.service.min_age,
        }
        failures.append(failure("patient.date_of_birth", "too_young", message))


def _service_sms(consents: Any, texts: dict[str, PolicyText], failures: list[Failure]) -> str:
    """The version agreed to. No consent without the version of the text that was shown."""
    if consents is None:
        return ""
    if not isinstance(consents, Mapping) or not isinstance(consents.get("service_sms", False), bool):
        failures.append(failure("consents.service_sms", "not_boolean", _("Say true or false.")))
        return ""
    if not consents.get("service_sms"):
        return ""
    version, current = consents.get("text_version"), texts.get(PolicyKind.SERVICE_SMS)
    if not version:
        failures.append(
            failure("consents.text_version", "missing", _("Name the version of the text that was shown."))
        )
    elif current is None or version != current.version:
        failures.append(failure("consents.text_version", "outdated", OUTDATED))
    else:
        return current.version
    return ""


def _policy(accepted: Any, texts: dict[str, PolicyText], failures: list[Failure]) -> str:
    if not accepted:
        return ""
    current = texts.get(PolicyKind.CANCELLATION_POLICY)
    if current is None or accepted not in (True, current.version):
        failures.append(failure("accepted_policy", "outdated", OUTDATED))
        return ""
    return current.version


OUTDATED = _("This text has changed since. Please read it again.")
