"""The only way to somebody's signatures: permission, row and trail in one call."""

from uuid import UUID

from accounts.access import Anybody, require_object
from accounts.actors import actor_for
from audit.actors import Actor
from audit.trail import note_read
from consents.models import ConsentForm, Signature
from core.problems import NotFound
from patients.access import get_person
from patients.models import Person
from vault.fields import warm_rows


def get_form(user: Anybody, uid: UUID, *, to: str = "manage") -> ConsentForm:
    require_object(user, f"consents.{to}")
    form = ConsentForm.objects.filter(uid=uid).first()
    if form is None:
        raise NotFound
    return form


def get_person_for_forms(user: Anybody, uid: UUID, *, to: str = "view") -> Person:
    """The person whose forms the staff may see, or hand out."""
    staff = require_object(user, f"consents.{to}")
    person = get_person(user, uid)
    note_read("consent.viewed", by=actor_for(staff), on=person, patient=person.uid)
    return person


def get_signature(user: Anybody, uid: UUID, *, to: str = "view") -> Signature:
    """One signature with its text, for the staff."""
    staff = require_object(user, f"consents.{to}")
    require_object(user, "patients.view")
    found = _whole(uid)
    note_read("consent.opened", by=actor_for(staff), on=found, patient=found.person.uid, alone=True)
    return found


def own_signature(person: Person, uid: UUID, *, by: Actor) -> Signature:
    """The same for the patient it is of, or whoever looks after them."""
    found = _whole(uid, person)
    note_read("consent.opened", by=by, on=found, patient=person.uid, alone=True)
    return found


def signatures_of(person: Person) -> list[Signature]:
    """All of them, the newest first; whoever calls has opened the person."""
    rows = list(Signature.objects.of(person).select_related("person"))
    warm_rows(rows)
    return rows


def _whole(uid: UUID, person: Person | None = None) -> Signature:
    rows = Signature.objects.select_related("version", "version__form", "withdrawal", "signer", "person")
    if person is not None:
        rows = rows.filter(person__in=Person.objects.same_as(person))
    found = rows.filter(uid=uid).first()
    if found is None:
        raise NotFound
    return found
