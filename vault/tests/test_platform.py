"""The platform's own keys: for its staff's secrets and its trail, and never for a patient."""

import pytest
from django.db import transaction

from audit.actors import job
from audit.models import Event
from audit.trail import DETAIL_TAG, record
from core.context import PLATFORM, NoClinic
from core.ids import uuid7
from tenants.context import enter, enter_public
from vault import keys
from vault.blind import blind_index
from vault.errors import Shredded, VaultError
from vault.models import ClinicKey, KeyKind
from vault.sealing import open_bytes
from vault.secrets import open_secret, seal_secret

TAG = "accounts.mfa.secret/1"


def test_the_platform_has_its_own_key_and_no_root_for_subjects(glow):
    kinds = ClinicKey.objects.using("vault").filter(clinic=PLATFORM.uid).values_list("kind", flat=True)
    assert set(kinds) == {KeyKind.CLINIC, KeyKind.INDEX}


def test_a_secret_of_the_platform_opens_there_and_in_no_clinic(glow):
    row = uuid7()
    with enter_public():
        sealed = seal_secret(TAG, row, "JBSWY3DP")
        assert open_secret(TAG, row, sealed) == "JBSWY3DP"
    with enter(glow.clinic), pytest.raises(VaultError):
        open_secret(TAG, row, sealed)
    with enter(glow.clinic):
        theirs = seal_secret(TAG, row, "JBSWY3DP")
        with enter_public(), pytest.raises(Shredded):
            open_secret(TAG, row, theirs)


def test_nothing_is_sealed_where_nobody_has_entered(glow):
    with pytest.raises(NoClinic):
        seal_secret(TAG, uuid7(), "JBSWY3DP")


def test_no_subject_is_ever_the_platforms(glow):
    with enter_public():
        for ask in (keys.draw_subject_key, keys.subject_key, keys.ensure_subject_key, keys.forget):
            with pytest.raises(NoClinic):
                ask(uuid7())
    with pytest.raises(ValueError, match="no patients"):
        keys.create_subject_root(PLATFORM.uid)


def test_the_platforms_keys_are_not_dropped(glow):
    with pytest.raises(ValueError, match="not dropped"):
        keys.forget_clinic(PLATFORM.uid)


def test_inside_a_clinic_the_platforms_keys_are_out_of_reach(glow):
    with enter_public():
        outside = blind_index("email", "ops@example.com")
        with enter(glow.clinic):
            assert keys.clinic_key().clinic == glow.clinic.uid
            assert blind_index("email", "ops@example.com") != outside
        assert keys.clinic_key().clinic == PLATFORM.uid


def test_the_platforms_trail_keeps_details(glow):
    with enter_public(), transaction.atomic():
        event = record("clinic.suspended", by=job("test"), on=("x", "1"), detail={"reason": "unpaid"})
        kept = Event.objects.get(pk=event.pk)
        assert open_bytes(bytes(kept.detail), tag=DETAIL_TAG, row=kept.pk) == b'{"reason":"unpaid"}'
