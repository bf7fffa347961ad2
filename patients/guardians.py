"""Who looks after whom: read by the portal on each request, written by the staff alone.

A link holds until the staff ends it, until one of the two is archived, and, where it was made for somebody under age, until
that person is of age. For an adult it is made anew, by the staff, who has seen why.
"""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from accounts.access import Anybody, require_object
from accounts.actors import actor_for
from audit.trail import note_list, record
from core.clock import local_date
from core.problems import Invalid, NotFound, failure
from patients.models import Guardianship, Person, Relation
from patients.rules import ADULT, age_on
from practice.profile import clinic_zone
from vault.fields import warm_rows


def cares_for(guardian: Person, dependant: Person, *, at: datetime) -> bool:
    rows = Guardianship.objects.standing().filter(guardian=guardian, dependant=dependant)
    return any(_holds(link, dependant, at) for link in rows)


def dependants_of(guardian: Person, *, at: datetime) -> list[Guardianship]:
    """Links that hold with their dependants, ready to be read."""
    rows = Guardianship.objects.standing().filter(guardian=guardian)
    links = _opened(list(rows.select_related("dependant").order_by("id")), "dependant")
    return [link for link in links if _holds(link, link.dependant, at)]


def guardians_of(user: Anybody, dependant: Person, *, at: datetime) -> list[Guardianship]:
    """For the staff, who has opened the dependant's page; the guardians' names are a read of their own."""
    staff = require_object(user, "patients.view")
    rows = Guardianship.objects.standing().filter(dependant=dependant)
    links = [link for link in rows.select_related("guardian").order_by("id") if _holds(link, dependant, at)]
    found = _opened(links, "guardian")
    if found:
        shown = [link.guardian.uid for link in found]
        note_list("person.guardians_viewed", by=actor_for(staff), kind="patients.person", shown=shown)
    return found


def link(
    user: Anybody, dependant: Person, guardian: Person, *, relation: str, on: date, at: datetime
) -> Guardianship:
    """The staff puts somebody into somebody's care."""
    staff = require_object(user, "patients.manage")
    _refuse(dependant, guardian, relation, on)
    try:
        with transaction.atomic():
            _end_lapsed(dependant, guardian, at)
            made = Guardianship.objects.create(
                guardian=guardian, dependant=dependant, relation=relation, linked_at=at
            )
            by, detail = actor_for(staff), {"guardian": str(guardian.uid), "relation": relation}
            record("guardian.linked", by=by, on=made, patient=dependant.uid, detail=detail, at=at)
            record("dependant.linked", by=by, on=made, patient=guardian.uid, at=at)
    except IntegrityError:
        message = _("They are linked already.")
        raise Invalid(errors=[failure("guardian", "already", message)]) from None
    return made


@transaction.atomic
def unlink(user: Anybody, dependant: Person, uid: UUID, *, at: datetime) -> None:
    """From the very next request the guardian sees nothing of the dependant any more."""
    staff = require_object(user, "patients.manage")
    rows = Guardianship.objects.select_for_update(no_key=True, of=("self",)).select_related("guardian")
    found = rows.filter(uid=uid, dependant=dependant).first()
    if found is None:
        raise NotFound
    if found.ended_at is None:
        found.ended_at = at
        found.save(update_fields=["ended_at"])
        by = actor_for(staff)
        record("guardian.unlinked", by=by, on=found, patient=dependant.uid, at=at)
        record("dependant.unlinked", by=by, on=found, patient=found.guardian.uid, at=at)


def _refuse(dependant: Person, guardian: Person, relation: str, on: date) -> None:
    failures = []
    if guardian.archived_at or dependant.archived_at:
        failures.append(failure("guardian", "archived", _("This record is archived.")))
    if relation not in Relation.values:
        failures.append(failure("relation", "unknown", _("Say how they are related.")))
    if guardian.pk == dependant.pk:
        failures.append(
            failure("guardian", "same", _("Nobody is their own guardian. Choose another person."))
        )
    elif not guardian.is_verified:
        failures.append(
            failure(
                "guardian", "not_verified", _("Verify this person first: only who we know can be a guardian.")
            )
        )
    age = guardian.age(on)
    if age is not None and age < ADULT:
        failures.append(failure("guardian", "minor", _("A guardian is 18 or older.")))
    if failures:
        raise Invalid(errors=failures)


def _opened(links: list[Guardianship], side: str) -> list[Guardianship]:
    people = [getattr(one, side) for one in links]
    prefetch_related_objects(people, "contact_points")
    warm_rows(people)
    return links


def reach(person: Person, kind: str, *, at: datetime) -> str:
    """Where the person is written to: their own contact, or that of whoever looks after them."""
    if own := person.contact(kind):
        return own
    rows = Guardianship.objects.standing().filter(dependant=person).select_related("guardian").order_by("id")
    holding = (link for link in rows if _holds(link, person, at))
    return next((found for link in holding if (found := link.guardian.contact(kind))), "")


def _holds(link: Guardianship, dependant: Person, at: datetime) -> bool:
    """Not past the day on which somebody who was under age when they were linked came of age."""
    born, zone = dependant.date_of_birth, clinic_zone()
    if born is None or age_on(born, local_date(at, zone)) < ADULT:
        return True
    return age_on(born, local_date(link.linked_at, zone)) >= ADULT


def _end_lapsed(dependant: Person, guardian: Person, at: datetime) -> None:
    """A link that holds no longer makes room for a new one."""
    rows = Guardianship.objects.filter(dependant=dependant, guardian=guardian, ended_at=None)
    for old in rows:
        if not _holds(old, dependant, at):
            Guardianship.objects.filter(pk=old.pk, ended_at=None).update(ended_at=at)
