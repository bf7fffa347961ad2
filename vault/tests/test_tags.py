"""The registry is append only."""

import re

import pytest

from vault import tags
from vault.fields import SealedTextField

# Copied once; a line may be added below the last, never changed or taken away.
FIRST = (
    "soap.subjective/1",
    "photo.body/1",
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
)


def test_nothing_was_changed_or_taken_away():
    assert tags.TAGS[: len(FIRST)] == FIRST
    assert {"phone": "phone/1", "email": "email/1", "name": "name/1"}.items() <= tags.INDEX_KINDS.items()


def test_each_is_there_once_and_well_formed():
    assert len(set(tags.TAGS)) == len(tags.TAGS)
    assert all(re.fullmatch(r"[a-z_]+(\.[a-z_]+){1,2}/[1-9]\d*", tag) for tag in tags.TAGS)


def test_a_field_without_a_registered_tag_does_not_import():
    with pytest.raises(tags.UnknownTag, match="append it there"):
        SealedTextField(tag="patients.person.shoe_size/1")
    with pytest.raises(TypeError):
        SealedTextField()  # type: ignore[call-arg]
