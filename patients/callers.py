"""A patient as caller of the API: the patient's own record, and those of whoever they look after; nobody else's."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.access import Outsider
from accounts.models import User
from audit.actors import Actor
from core.problems import NotFound, NotSignedIn
from patients import guardians, identity
from patients.models import Person
from patients.self_service import actor_of

if TYPE_CHECKING:
    from rest_framework.views import APIView  # imports the authentication, which imports this module


@dataclass(frozen=True)
class PatientCaller(Outsider):
    """Who showed a live session of the portal. `at`: the moment of the request."""

    person: Person
    at: datetime
    by_mail: bool = False  # by what the code came: without a mail nothing clinical is shown

    def people(self) -> list[Person]:
        """The patient first, then whom they look after now; their names can be read."""
        links = guardians.dependants_of(self.person, at=self.at)
        return [self.person, *(link.dependant for link in links)]

    def reach(self, uid: UUID) -> Person:
        """One of them; 404 for everybody else, whether they exist or not."""
        if uid == self.person.uid:
            return self.person
        standing = identity.find(uid)
        found = next((one for one in self.people() if standing is not None and one.pk == standing.pk), None)
        if found is None:
            raise NotFound
        return found

    def acting_for(self, person: Person) -> Actor:
        return actor_of(self.person, for_person=person)


class StaffOrPatient(BasePermission):
    """Anybody of the staff whom the view's own check lets in, and a patient: the view asks for whom."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not isinstance(request.user, User | PatientCaller):
            raise NotSignedIn
        return True


def or_patient(staff: type[BasePermission]) -> type[BasePermission]:
    """What `staff` opens, and for reading a patient too: the view shows them what is theirs."""

    def has_permission(self: BasePermission, request: Request, view: "APIView") -> bool:
        if isinstance(request.user, PatientCaller) and request.method in SAFE_METHODS:
            return True
        return bool(staff.has_permission(self, request, view))

    return type(f"{staff.__name__} or a patient", (staff,), {"has_permission": has_permission})
