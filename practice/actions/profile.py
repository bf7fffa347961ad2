"""The clinic changes how it presents itself, or publishes a text that bookings refer to."""

import hashlib
import re
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from core.problems import Invalid, failure
from core.text import TextProblem, clean_text
from practice import profile as profiles
from practice.actions.saving import fill
from practice.models import ClinicProfile, PolicyKind, PolicyText, Service
from practice.offer import check_booking_rules
from practice.rules import check_choices, read_contact
from practice.signals import hours_changed

WRITABLE: Final = frozenset(
    {
        *("kind", "name", "legal_name", "phone", "email", "website", "accent", "logo_mark", "locale"),
        *("currency", "region", "sms_sender", "slot_minutes", "min_notice_minutes", "horizon_days"),
        *("hold_minutes", "free_cancel_hours", "reminder_offsets_hours"),
    }
)
MARKS: Final = {"sunrise", "peak", "bloom", "drop", "wave"}  # static/img/marks.svg
CHANNELS: Final = {"email", "sms"}
COLOUR: Final = re.compile(r"#[0-9a-f]{6}\Z")
LONGEST_TEXT: Final = 10_000


@transaction.atomic
def update_profile(*, by: Actor, **fields: Any) -> ClinicProfile:
    """Change the clinic's profile, or fill it in for the first time."""
    fields, failures = read_contact(fields, profiles.profile().region)
    failures += check_choices(fields)
    if failures:
        raise Invalid(errors=failures)
    if "accent" in fields:
        fields["accent"] = str(fields["accent"]).strip().lower()
        if not COLOUR.match(fields["accent"]):
            message = _("Give the colour as # and six digits, such as #8d2d57.")
            raise Invalid(errors=[failure("accent", "invalid", message)])
    mark = str(fields.get("logo_mark", ""))
    if len(mark) > 2 and mark not in MARKS:
        message = _("Choose one of the drawn marks, or one or two letters.")
        raise Invalid(errors=[failure("logo_mark", "unknown", message)])
    if "reminder_offsets_hours" in fields:
        _check_reminders(fields["reminder_offsets_hours"])
    row = ClinicProfile.objects.select_for_update(no_key=True).first() or ClinicProfile()
    changed = fill(row, fields, WRITABLE, check=check_booking_rules)
    if "currency" in changed:
        Service.objects.update(currency=row.currency)
    if "horizon_days" in changed:
        hours_changed.send(sender=ClinicProfile, location=None, provider=None)
    record("clinic.profile_updated", by=by, on=row, detail={"fields": changed})
    profiles.forget()
    return row


@transaction.atomic
def hide_set_up(hidden: bool, *, by: Actor, at: datetime) -> None:
    """The checklist is put away, or taken out again."""
    row = ClinicProfile.objects.select_for_update(no_key=True).first() or profiles.profile()
    row.set_up_hidden_at = at if hidden else None
    row.save()
    record("clinic.set_up_hidden" if hidden else "clinic.set_up_shown", by=by, on=row)
    profiles.forget()


def _check_reminders(offsets: Any) -> None:
    good = isinstance(offsets, list) and all(
        isinstance(one, dict)
        and set(one) == {"hours", "channels"}
        and type(one["hours"]) is int
        and 1 <= one["hours"] <= 24 * 14
        and isinstance(one["channels"], list)
        and one["channels"]
        and set(one["channels"]) <= CHANNELS
        for one in offsets
    )
    if not good:
        message = _("Each reminder has hours from 1 to 336 and the channels email, sms or both.")
        raise Invalid(errors=[failure("reminder_offsets_hours", "invalid", message)])


@transaction.atomic
def publish_text(kind: str, text: str, *, by: Actor, at: datetime) -> PolicyText:
    """A new version of a text; bookings from now on refer to it. The same text again changes nothing."""
    kind = PolicyKind(kind)
    try:
        text = clean_text(text, LONGEST_TEXT, multiline=True)
    except TextProblem as problem:
        raise Invalid(errors=[failure(kind, problem.code, problem.message)]) from None
    if not text:
        raise Invalid(errors=[failure(kind, "required", _("Write the text that patients agree to."))])
    if kind == PolicyKind.SERVICE_SMS and not re.search(r"\bSTOP\b", text):
        message = _("Say that replying STOP ends the messages; the law asks for it.")
        raise Invalid(errors=[failure(kind, "stop_missing", message)])
    current = PolicyText.objects.current().get(kind)
    if current and current.text == text:
        return current
    version = f"{at:%Y-%m-%d}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    row = PolicyText.objects.create(kind=kind, version=version, text=text, created_at=at)
    record("policy_text.published", by=by, on=row, detail={"kind": kind, "version": version})
    return row
