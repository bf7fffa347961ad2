"""What is signed and what is missing, for whom and when: what the floors above ask.

A signature counts while it is of a version that is still good, has not expired, and was not withdrawn. A new version that
asks again ends the older ones; one that does not leaves them as they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q
from django.utils.translation import get_language

from consents import rules
from consents.models import Asked, ConsentForm, ConsentVersion, FormKind, ServiceConsent, Signature, Signer
from core.reading import once
from patients.models import Person
from practice.models import Service
from practice.profile import clinic_zone

__all__ = [
    "FormKind",
    "Standing",
    "State",
    "has_live_authorization",
    "live_authorization",
    "missing_for",
    "status_for",
    "waiting_for",
]


class State(StrEnum):
    LIVE = "live"
    NEVER = "never"  # not signed yet
    EXPIRED = "expired"
    OUTDATED = "outdated"  # a newer version asks again
    WITHDRAWN = "withdrawn"
    VOIDED = "voided"


@dataclass(frozen=True)
class Standing:
    """Where one person stands with one form: the version to sign, and the newest signature if there is one."""

    form: ConsentForm
    version: ConsentVersion
    state: State
    signature: Signature | None = None

    @property
    def title(self) -> str:
        """In the reader's language, as far as the form has it."""
        return self.version.text_in((get_language() or "en").partition("-")[0])[1]["title"]

    @property
    def is_live(self) -> bool:
        return self.state is State.LIVE

    @property
    def until(self) -> datetime | None:
        """Until when it counts; None for what lasts, or counts no more."""
        return self.signature.expires_at if self.signature and self.is_live else None


@dataclass(frozen=True)
class _Published:
    """A form in use: the version that is signed now, and the number of the last that asked everybody again."""

    version: ConsentVersion
    floor: int


def status_for(person: Person, at: datetime) -> list[Standing]:
    """Every form in use that has a published version, in the clinic's order."""
    return _standings(person, _published(at), at)


def waiting_for(person: Person, services: Iterable[Service], at: datetime) -> list[Standing]:
    """What the person is asked to sign before a visit of those services, demanded or not."""
    asked = [one for one in _asked_for(services, at) if _can_be_asked(one.version.form, person, at)]
    return [each for each in _standings(person, asked, at) if not each.is_live]


def missing_for(person: Person, services: Iterable[Service], at: datetime) -> list[Standing]:
    """Which demanded forms are not signed, or no longer: what a treatment of those services has to wait for.

    The notice of privacy practices and the marketing authorizations are never among them: by law nobody is treated on
    condition of those (`waiting_for` names them too).
    """
    return [each for each in waiting_for(person, services, at) if each.form.is_demanded]


def live_authorization(person: Person, *, kind: str, at: datetime) -> Signature | None:
    """The signature by which the person allows something now, such as photos for marketing; None without one."""
    asked = [one for one in _published(at) if one.version.form.kind == kind]
    live = [each for each in _standings(person, asked, at) if each.is_live]
    return live[0].signature if live else None


def has_live_authorization(person: Person, *, kind: str, at: datetime) -> bool:
    return live_authorization(person, kind=kind, at=at) is not None


def current_version(form: ConsentForm, at: datetime) -> ConsentVersion | None:
    """The version that is signed now."""
    return ConsentVersion.objects.filter(form=form, published_at__lte=at).order_by("number").last()


def current_notice(at: datetime) -> ConsentVersion | None:
    """The clinic's Notice of Privacy Practices as it is in force."""
    found = (one.version for one in _published(at) if one.version.form.kind == FormKind.NPP)
    return next(found, None)


def forms_for(services: Iterable[Service], at: datetime) -> list[ConsentVersion]:
    """What anybody who books those services is going to be asked for, known or not."""
    return [one.version for one in _asked_for(services, at)]


def _asked_for(services: Iterable[Service], at: datetime) -> list[_Published]:
    attached = ServiceConsent.objects.filter(service__in={one.pk for one in services}).values("form")
    return _published(at, Q(form__asked=Asked.EVERYONE) | Q(form__asked=Asked.SERVICES, form__in=attached))


def state_of(signature: Signature, at: datetime) -> State:
    """How one signature stands, for lists that show them all."""
    return _state(signature, _floors([signature.version.form_id], at), at)


def states_of(signatures: Iterable[Signature], at: datetime) -> dict[int, State]:
    """The same of many, by their keys, in one question."""
    rows = list(signatures)
    floors = _floors([one.version.form_id for one in rows], at)
    return {one.pk: _state(one, floors, at) for one in rows}


def _published(at: datetime, which: Q | None = None) -> list[_Published]:
    """The newest version of each form in use, in the clinic's order, and the lowest that still counts."""
    rows = ConsentVersion.objects.filter(which or Q(), form__archived_at=None, published_at__lte=at)
    newest: dict[int, ConsentVersion] = {}
    floors: dict[int, int] = {}
    for version in rows.select_related("form").order_by("number"):
        newest[version.form_id] = version
        if version.asks_again:
            floors[version.form_id] = version.number
    ordered = sorted(newest.values(), key=lambda each: (each.form.position, each.form_id))
    return [_Published(version, floors.get(version.form_id, 0)) for version in ordered]


@once
def signatures_of(person: Person) -> list[Signature]:
    """All of the person, the newest first, with all that is asked of them."""
    return list(Signature.objects.of(person))


def _standings(person: Person, asked: list[_Published], at: datetime) -> list[Standing]:
    if not asked:
        return []
    floors = {one.version.form_id: one.floor for one in asked}
    signed: dict[int, list[Signature]] = {}
    for one in signatures_of(person):
        if one.signed_at <= at:
            signed.setdefault(one.version.form_id, []).append(one)
    return [_standing(one.version, signed.get(one.version.form_id, []), floors, at) for one in asked]


def _standing(
    version: ConsentVersion, signed: list[Signature], floors: dict[int, int], at: datetime
) -> Standing:
    """By the newest signature that counts; where none does, by the newest that was not taken by mistake."""
    states = [(one, _state(one, floors, at)) for one in signed]
    live = next((one for one, state in states if state is State.LIVE), None)
    if live is not None and not _withdrawn_since(live, states):
        return Standing(version.form, version, State.LIVE, live)
    last = next(((one, state) for one, state in states if state is not State.VOIDED), None)
    return (
        Standing(version.form, version, last[1], last[0])
        if last
        else Standing(version.form, version, State.NEVER)
    )


def _withdrawn_since(live: Signature, states: list[tuple[Signature, State]]) -> bool:
    """Who takes back the newest of two signatures takes back what it said, not only that sheet."""
    newer = [state for one, state in states if one.signed_at > live.signed_at]
    return State.WITHDRAWN in newer


def _state(signature: Signature, floors: dict[int, int], at: datetime) -> State:
    end = signature.ended
    if end is not None and end.at <= at:
        return State.VOIDED if end.kind == "voided" else State.WITHDRAWN
    if signature.version.number < floors.get(signature.version.form_id, 0):
        return State.OUTDATED
    return State.EXPIRED if signature.has_expired(at) else State.LIVE


def _floors(forms: list[int], at: datetime) -> dict[int, int]:
    """The lowest version of each form that still counts: the last that asked everybody again."""
    rows = ConsentVersion.objects.filter(form__in=forms, asks_again=True, published_at__lte=at)
    return {version.form_id: version.number for version in rows.order_by("number").only("form_id", "number")}


def _can_be_asked(form: ConsentForm, person: Person, at: datetime) -> bool:
    """What only a grown-up may sign for themselves is not asked of a child, nor of anybody for it."""
    return form.signer != Signer.SELF or not rules.is_child(person.date_of_birth, at, clinic_zone())
