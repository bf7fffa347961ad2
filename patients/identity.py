"""One person, several records: after a merge the old ids still lead somewhere.

Rows that may change move to the record that stays (patients/merging.py). Rows that are only ever added, consents and the
trail, stay where they were written: whoever reads those asks for all records of the person, by `same_as` or `uids_of`.
"""

from uuid import UUID

from django.db.models import QuerySet

from patients.models import Person


def find(uid: UUID, *, among: "QuerySet[Person] | None" = None) -> Person | None:
    """The record of that id, or the one it was merged into. `among`: persons of whom more is asked at once."""
    rows = Person.objects.all() if among is None else among
    found = rows.filter(uid=uid).select_related("merged_into").first()
    if found is None:
        return None
    return found.merged_into or found


def uids_of(person: Person) -> list[UUID]:
    """All ids under which things of this person were written down."""
    return list(Person.objects.same_as(person).values_list("uid", flat=True))
