"""What was written about the visits that are over: signed notes, drafts, a queue to co-sign, one that came back."""

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from accounts.actors import actor_for
from accounts.models import User
from accounts.roles import Role
from audit.actors import Actor
from charting.actions import encounter_of_visit
from charting.actions.notes import begin_note, save_note, sign_note
from charting.actions.reviews import add_addendum, cosign_note, return_note
from charting.actions.setting_up import save_macro, save_rule, save_template
from charting.models import CoSignature, Note, ReviewState
from charting.notes import Typed
from charting.queries import template_for
from practice.models import Service
from scheduling.models import Appointment, Status

MOST: Final = 36
DRAFTS: Final = 3  # of each provider's last visits
MACROS: Final = {
    "upright": "Upright for four hours, no rubbing, no sport today.",
    "calls": "Calls at once with drooping, blurred sight, severe pain or spreading redness.",
    "spf": "SPF 50 every morning, no sun and no sauna for two weeks.",
}
GENERAL: Final[dict[str, Any]] = {
    "required": ["subjective", "objective", "assessment", "plan"],
    "hints": {
        "subjective": "What they want, what has changed since last time",
        "objective": "What you see and measure",
        "assessment": "What you make of it",
        "plan": "What was done, aftercare, when to come back",
    },
    "fields": [
        {"label": "Checked before", "kind": "checklist", "options": ["Consent", "History", "Photos"]},
        {"label": "Discomfort", "kind": "choice", "options": ["None", "Mild", "Moderate", "Severe"]},
    ],
}
SAYS: Final = (
    (
        "Happy with the last visit. No new medicines, not pregnant, no headaches.",
        "Skin intact, no signs of infection. Left side a little stronger at rest, as before.",
        "Suitable for {service} as discussed. No contraindication found today.",
        "Done as planned, tolerated well. Written aftercare given. Check in two weeks.",
    ),
    (
        "Wants to look less tired before a family celebration. Slept badly last week.",
        "Texture even, mild redness on both cheeks. No open areas.",
        "Good candidate; expectations are realistic and were repeated back.",
        "Treatment completed without event. SPF 50 daily, no sauna for a week. Next visit in six weeks.",
    ),
    (
        "A small bruise after the last time, gone in four days. Asks for the same again.",
        "No residual bruising. Tone and movement symmetrical.",
        "Stable result; the interval can stay as it is.",
        "Same settings as last time. Cold pack for ten minutes. Calls if anything worries them.",
    ),
    (
        "First time here. Read about {service} and wants to know what is realistic.",
        "Fitzpatrick III, slight photoageing. No lesions that need another look.",
        "Consultation first, then a careful beginning.",
        "Began with the lowest setting. Patch of skin behind the ear watched for ten minutes: calm.",
    ),
    (
        "No complaints. Uses retinol at night, stopped three days ago as asked.",
        "Barrier intact, no scaling. Photos taken from three sides.",
        "Responding as hoped; about a third better than at the beginning.",
        "Session completed. Retinol again from day five. Series continues in four weeks.",
    ),
)


def write_notes(*, at: datetime, say: Callable[[str], None]) -> None:
    """Once: a clinic that has notes keeps them."""
    if Note.objects.exists():
        return
    director = User.objects.filter(role=Role.SUPERVISOR).order_by("created_at")[0]
    by = actor_for(director)
    _set_up(by, at)
    rows = Appointment.objects.whole().filter(status=Status.DONE, provider__user__isnull=False)
    visits = list(rows.select_related("provider__user").order_by("-ends_at")[:MOST])
    says = itertools.cycle(SAYS)
    drafts: dict[int, int] = {}
    for visit in visits:
        left = drafts.setdefault(visit.provider_id, DRAFTS)
        _note(visit, next(says), signs=left <= 0)
        drafts[visit.provider_id] = left - 1
    _review(director, at)
    say(
        f"  {len(visits)} notes, {CoSignature.objects.exclude(state=ReviewState.COSIGNED).count()} to co-sign."
    )


def _set_up(by: Actor, at: datetime) -> None:
    save_template(None, name="General", services=[], definition=GENERAL, by=by, at=at)
    injected = [one for one in Service.objects.in_use() if _is_injected(one.name)]
    if injected:
        field = {"label": "Dilution", "kind": "number", "unit": "ml", "options": []}
        definition = GENERAL | {"fields": [*GENERAL["fields"], field]}
        uids = [one.uid for one in injected]
        save_template(None, name="Injectables", services=uids, definition=definition, by=by, at=at)
    for shortcut, text in MACROS.items():
        save_macro(None, shortcut=shortcut, text=text, owner=None, by=by, at=at)
    save_rule(None, percent=40, services=[], first_months=0, since=None, days=7, by=by, at=at)


def _is_injected(name: str) -> bool:
    return any(word in name.casefold() for word in ("relaxer", "botox", "filler", "toxin", "inject"))


def _note(visit: Appointment, says: tuple[str, str, str, str], *, signs: bool) -> None:
    user, ended = visit.provider.user, visit.ends_at
    assert user is not None
    encounter = encounter_of_visit(visit, by=actor_for(user), at=visit.starts_at)
    template = template_for(visit.service)
    note = begin_note(encounter, template=template, user=user, at=visit.starts_at)
    note.encounter = encounter
    names = ("subjective", "objective", "assessment", "plan")
    parts = {
        name: text.format(service=visit.service.name.lower()) for name, text in zip(names, says, strict=True)
    }
    if not signs:
        parts |= {"assessment": "", "plan": ""}
    fields = template.fields if template else []
    values: dict[str, Any] = {
        one["key"]: one["options"] if one["kind"] == "checklist" else one["options"][0]
        for one in fields
        if one["options"]
    }
    note = save_note(note, Typed(parts, values), revision=note.revision, user=user, at=ended)
    if signs:
        note.encounter = encounter
        sign_note(note, revision=note.revision, user=user, at=ended + timedelta(minutes=4))


def _review(director: User, at: datetime) -> None:
    """The older half is co-signed, one came back, the rest waits; the oldest of it is overdue."""
    rows = CoSignature.objects.select_related("note__encounter__person", "note__signed_by")
    waiting = [one for one in rows.order_by("due_at") if one.note.signed_by_id != director.pk]
    for one in waiting[1 : len(waiting) // 2]:
        cosign_note(one.note, user=director, at=min(at, one.due_at))
    if len(waiting) > 2:
        last = waiting[-1].note
        return_note(last, "Which side was treated first, and was the lot checked?", user=director, at=at)
    if len(waiting) > 5 and (signer := waiting[2].note.signed_by) is not None:
        add_addendum(waiting[2].note, "Seen again by phone: calm, no redness.", user=signer, at=at)
