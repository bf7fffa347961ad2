"""The screen in the patient's hand: for whom it was handed over, and what was chosen. It is kept in the session, on the
server, and counts only while the session is shut for everything else (accounts.sessions.hand_over)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from accounts import sessions
from consents import access
from core.problems import NotFound
from patients import guardians
from patients.models import Person

KEY: Final = "consents.handed_over"


@dataclass(frozen=True)
class Handed:
    """`forms` to sign and `tasks` of other apps to do, in `language`, since `since`. `kept` may be written to by those apps."""

    person: Person
    signer: str
    forms: list[str]
    tasks: dict[str, list[str]]
    language: str
    since: datetime
    kept: dict[str, Any]


def begin(
    request: HttpRequest,
    person: Person,
    *,
    signer: Person,
    forms: list[str],
    tasks: dict[str, list[str]],
    language: str,
    at: datetime,
) -> str:
    """From here on the screen is the patient's; the answer is the path that is open."""
    request.session[KEY] = {
        "person": str(person.uid),
        "signer": str(signer.uid),
        "forms": forms,
        "tasks": tasks,
        "language": language,
        "since": at.isoformat(),
        "kept": {},
    }
    there = reverse("consents:hand_over", args=[person.uid])
    sessions.hand_over(request.session, there)
    return there


def handed(request: HttpRequest, uid: UUID) -> Handed | None:
    """None where this screen was not handed over, or for somebody else."""
    kept = request.session.get(KEY)
    if not sessions.handed_over(request.session) or not kept or kept["person"] != str(uid):
        return None
    return Handed(
        person=access.get_person_for_forms(request.user, uid, to="collect"),
        signer=kept["signer"],
        forms=kept["forms"],
        tasks=kept["tasks"],
        language=kept["language"],
        since=datetime.fromisoformat(kept["since"]),
        kept=kept["kept"],
    )


def keep(request: HttpRequest, name: str, value: Any) -> None:
    """What an app must remember as long as this hand-over lasts."""
    request.session[KEY]["kept"][name] = value
    request.session.modified = True


def signer_of(request: HttpRequest, person: Person, uid: str, at: datetime) -> Person:
    """The patient, or one of those who look after them."""
    if uid in ("", str(person.uid)):
        return person
    links = guardians.guardians_of(request.user, person, at=at)
    found = next((link.guardian for link in links if str(link.guardian.uid) == uid), None)
    if found is None:
        raise NotFound
    return found


def way_back(person: Person) -> str:
    """Where the staff shows who they are, and goes on."""
    return reverse("accounts_take_back") + f"?next={reverse('consents:forms', args=[person.uid])}"
