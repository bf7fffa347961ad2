"""The registry of field tags: what a token is bound to in place of table and column names.

Append only. A tag that was ever used stays, with its meaning: tokens in tables and backups name it for ever.
Another form of the same content gets the next number.
"""

from typing import Final

PHOTO_BODY: Final = "photo.body/1"
DOCUMENT_BODY: Final = "document.body/1"

TAGS: Final[tuple[str, ...]] = (
    "soap.subjective/1",
    PHOTO_BODY,
    "patients.person.first_name/1",
    "patients.person.last_name/1",
    "patients.person.date_of_birth/1",
    "patients.contact_point.value/1",
    "scheduling.appointment.note/1",
    "messaging.message.to/1",
    "messaging.message.body/1",
    "messaging.message.subject_line/1",
    "audit.event.detail/1",
    "accounts.mfa.secret/1",
    "accounts.user.phone/1",
    "tenants.provider_account.secret/1",
    "messaging.inbound.sealed/1",
    "scheduling.appointment.cancel_reason/1",
    "scheduling.appointment.override_reason/1",
    "scheduling.time_off.reason/1",
    "accounts.idempotent_answer.body/1",
    "portal.code.to/1",
    "patients.correction.text/1",
    "webhooks.endpoint.url/1",
    "webhooks.endpoint.secret/1",
    "webhooks.endpoint.old_secret/1",
    "accounts.passkey/1",
    "patients.break_glass.reason/1",
    "charting.history.body/1",
    "charting.intake.answers/1",
    "charting.intake.decisions/1",
    "charting.exam.limits/1",
    "charting.encounter.join_link/1",
    "consents.signature.text/1",
    "consents.signature.boxes/1",
    "consents.signature.name/1",
    "consents.signature.strokes/1",
    "consents.signature.device/1",
    "consents.withdrawal.reason/1",
    "patients.merge.detail/1",
    "soap.objective/1",
    "soap.assessment/1",
    "soap.plan/1",
    "soap.answers/1",
    "soap.content_hash/1",
    "soap.addendum/1",
    "ai.act.output/1",
    "practice.stock_movement.note/1",
    "charting.injection_point.spot/1",
    "charting.laser_series.title/1",
    "charting.laser_series.facts/1",
    "charting.laser_session.settings/1",
    "charting.laser_session.notes/1",
    "charting.laser_session.reason/1",
    "charting.adverse_event.what/1",
    "charting.adverse_event.since/1",
    "charting.adverse_event.assessment/1",
    "charting.adverse_event.outcome/1",
    "photos.photo.note/1",
    "photos.photo.marks/1",
    DOCUMENT_BODY,
    "documents.document.title/1",
    "documents.document.removal/1",
    "charting.plan.title/1",
    "charting.plan.draft/1",
    "charting.plan.reason/1",
    "charting.plan_version.content/1",
    "charting.plan_decision.text/1",
    "charting.plan_decision.name/1",
    "charting.plan_decision.reason/1",
    "charting.plan_decision.device/1",
)

# What is looked up by blind index, with the version of its normal form.
INDEX_KINDS: Final[dict[str, str]] = {
    "phone": "phone/1",
    "email": "email/1",
    "name": "name/1",
    "ai_inputs": "ai_inputs/1",
}

_KNOWN: Final = frozenset(TAGS)


class UnknownTag(LookupError):
    """A tag that is not in the registry."""


def registered(tag: str) -> str:
    """The tag itself, if it is in the registry."""
    if tag not in _KNOWN:
        raise UnknownTag(f"{tag!r} is not in vault/tags.py; append it there")
    return tag
