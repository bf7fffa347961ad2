"""The ledger of destroyed keys: on two stores, before the key goes, readable after a crash."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from vault import keys, tombstones
from vault.models import VAULT, ClinicKey, SubjectKey

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def row(**more: object) -> SubjectKey:
    return SubjectKey(clinic=uuid4(), subject=uuid4(), root=uuid4(), wrapped=b"wrapped", **more)


def test_both_stores_know_and_neither_holds_the_key(tmp_path):
    stores = [tmp_path / "one" / "ledger.jsonl", tmp_path / "two" / "ledger.jsonl"]
    gone = row()
    tombstones.bury([gone], stores, at=AT)
    for store in stores:
        assert tombstones.read([store]).keys == [gone.uid]
        assert "wrapped" in store.read_text()
        assert gone.wrapped.hex() not in store.read_text()
        assert store.stat().st_mode & 0o777 == 0o600


def test_a_line_cut_by_a_crash_hurts_no_other(tmp_path):
    store, first, second = tmp_path / "ledger.jsonl", row(), row()
    tombstones.bury([first], [store], at=AT)
    with store.open("a") as file:
        file.write('{"at": "2026-')
    tombstones.bury([second], [store], at=AT)
    ledger = tombstones.read([store])
    assert set(ledger.keys) == {first.uid, second.uid}
    assert ledger.damaged == 1


@pytest.mark.django_db(databases=["default", "vault"])
def test_no_key_goes_where_the_ledger_cannot_be_written(glow, settings, tmp_path):
    held = ClinicKey.objects.using(VAULT).filter(clinic=glow.clinic.uid).count()
    (tmp_path / "file").write_text("")
    settings.TOMBSTONES_COPY_PATH = str(tmp_path / "file" / "ledger.jsonl")
    with pytest.raises(OSError):
        keys.forget_clinic(glow.clinic.uid)
    assert ClinicKey.objects.using(VAULT).filter(clinic=glow.clinic.uid).count() == held


@pytest.mark.django_db(databases=["default", "vault"])
def test_a_clinic_leaves_a_tombstone_for_each_key(glow, settings, tmp_path):
    settings.TOMBSTONES_PATH = str(tmp_path / "one.jsonl")
    settings.TOMBSTONES_COPY_PATH = str(tmp_path / "two.jsonl")
    uid = glow.clinic.uid
    wanted = set(ClinicKey.objects.using(VAULT).filter(clinic=uid).values_list("uid", flat=True))
    wanted |= set(SubjectKey.objects.using(VAULT).filter(clinic=uid).values_list("uid", flat=True))
    keys.forget_clinic(uid, at=AT)
    ledger = tombstones.read(keys.stores_of_tombstones())
    assert set(ledger.keys) == wanted
    assert ledger.clinics == [uid]
