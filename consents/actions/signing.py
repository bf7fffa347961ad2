"""Somebody signs: everything is checked here, whatever page or program it came from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from consents import rules
from consents.models import Channel, ConsentVersion, Signature, Signer
from consents.paper import Paper, paper_for
from consents.queries import current_version
from core.problems import Conflict, Failure, Invalid, failure
from core.text import TextProblem, clean_text
from patients import guardians
from patients.models import Guardianship, Person
from practice.profile import clinic_zone

LONGEST_NAME: Final = 120
LONGEST_AGENT: Final = 300


@dataclass(frozen=True)
class Given:
    """What the signer gave: the typed name, which boxes by their number, the strokes as the page sent them."""

    name: str = ""
    ticked: frozenset[int] = frozenset()
    strokes: str = ""
    ip: str = ""
    agent: str = ""
    shown: str = ""  # SHA-256 of the text that was shown, where the page or program says so


class FormChanged(Conflict):
    type = "form-changed"
    title = _("There is a newer version of this form")
    default_detail = _("Please read it and sign that one.")


@transaction.atomic
def sign(
    version: ConsentVersion,
    person: Person,
    *,
    signer: Person,
    given: Given,
    language: str,
    channel: Channel,
    by: Actor,
    at: datetime,
    visit: UUID | None = None,
    collected_by: str = "",
) -> Signature:
    """Keep what was agreed to, word by word.

    1. The person's row is locked: two who sign at once sign one after the other.
    2. Only the current version can be signed, and only the text that was shown: FormChanged otherwise.
    3. All that is missing is told at once: who may sign, name, boxes, ink.
    4. The hash of the whole goes into the audit chain with the row.
    """
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    current = current_version(version.form, at)
    if current is None or current.pk != version.pk or version.form.archived_at is not None:
        raise FormChanged
    paper = paper_for(version, person, language=language, at=at)
    if given.shown and given.shown != paper.digest:
        raise FormChanged
    link, failures = _who_signs(version, person, signer, at)
    name = _typed_name(given.name, failures)
    failures += _unticked(paper, given.ticked)
    strokes = _drawn(version, given.strokes, failures)
    if failures:
        raise Invalid(errors=failures)
    signature = Signature(
        person=person,
        version=version,
        signer=signer,
        relation=link.relation if link else "",
        language=paper.language,
        text=paper.text,
        boxes=[
            {"text": box.text, "required": box.required, "ticked": box.number in given.ticked}
            for box in paper.boxes
        ],
        name=name,
        strokes=strokes,
        device={"ip": given.ip, "agent": given.agent[:LONGEST_AGENT]},
        channel=channel,
        collected_by=collected_by,
        visit=visit,
        signed_at=at,
        expires_at=_expires(version, person, link, at),
    )
    signature.text_hash = rules.hash_of_text(signature.text)
    signature.seal_hash = rules.digest(signature.sealed())
    signature.save(force_insert=True)
    detail = {
        "form": str(version.form.uid),
        "version": version.number,
        "text_sha256": signature.text_hash.hex(),
        "seal_sha256": signature.seal_hash.hex(),
        "channel": channel.value,
    }
    record("consent.signed", by=by, on=signature, patient=person.uid, detail=detail, at=at)
    return signature


def refuse_signer(version: ConsentVersion, person: Person, signer: Person, *, at: datetime) -> str:
    """Why this person may not sign; nothing where they may."""
    _link, failures = _who_signs(version, person, signer, at)
    return failures[0]["message"] if failures else ""


def _who_signs(
    version: ConsentVersion, person: Person, signer: Person, at: datetime
) -> tuple[Guardianship | None, list[Failure]]:
    """The tie by which a guardian signs, None for the patient; and what speaks against it."""
    zone = clinic_zone()
    child = rules.is_child(person.date_of_birth, at, zone)
    if version.form.signer == Signer.SELF and (child or signer.pk != person.pk):
        told = _("Only the patient can sign this, and only once 18.")
        return None, [failure("signer", "patient_only", told)]
    if signer.pk == person.pk:
        told = _("Somebody under 18 cannot sign. A parent or guardian signs for them.")
        return None, [failure("signer", "minor", told)] if child else []
    if rules.is_child(signer.date_of_birth, at, zone) or not guardians.cares_for(signer, person, at=at):
        told = _("Only the patient, or whoever looks after them at this clinic, can sign this.")
        return None, [failure("signer", "not_guardian", told)]
    return Guardianship.objects.standing().filter(guardian=signer, dependant=person).first(), []


def _typed_name(text: str, failures: list[Failure]) -> str:
    try:
        name = clean_text(text, LONGEST_NAME)
    except TextProblem as problem:
        failures.append(failure("name", problem.code, problem.message))
        return ""
    if sum(sign.isalpha() for sign in name) < 2:
        failures.append(failure("name", "missing", _("Type your full name.")))
    return name


def _unticked(paper: Paper, ticked: frozenset[int]) -> list[Failure]:
    return [
        failure(f"box_{box.number}", "unticked", _("Tick this if you agree; the form needs it."))
        for box in paper.boxes
        if box.required and box.number not in ticked
    ]


def _drawn(version: ConsentVersion, text: str, failures: list[Failure]) -> rules.Strokes:
    strokes, problem = rules.read_strokes(text)
    if problem is not None:
        failures.append(problem)
    elif version.form.needs_drawing and not strokes:
        failures.append(failure("strokes", "missing", _("Sign with your finger, a pen or the mouse.")))
    return strokes


def _expires(
    version: ConsentVersion, person: Person, link: Guardianship | None, at: datetime
) -> datetime | None:
    zone, born = clinic_zone(), person.date_of_birth
    child = link is not None and born is not None and rules.is_child(born, at, zone)
    grown_up_on = rules.comes_of_age(born) if child and born is not None else None
    return rules.expiry(at, version.valid_months, zone, grown_up_on=grown_up_on)
