"""Keys of clinics and subjects: no agreement, no key; a key that is gone stays gone."""

import contextvars
import gc
import pickle
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import transaction

from core.context import NoClinic
from core.problems import BaaRequired
from vault import keys, sealing, store
from vault.errors import Damaged, KeyExists, KeyringError, NoSubjectKey, Shredded
from vault.keyring import LocalKeyring
from vault.models import VAULT, ClinicKey, KekUse, KeyKind, SubjectKey
from vault.store import cache
from vault.tests.conftest import a_clinic, inside
from vault.tokens import key_id_of

pytestmark = pytest.mark.django_db(databases=[VAULT])
TAG = "soap.subjective/1"


def seal(subject, row, text="hello"):
    return sealing.seal_bytes(text.encode(), tag=TAG, row=row, subject=subject)


def unseal(token, row):
    return sealing.open_bytes(token, tag=TAG, row=row).decode()


# --- Provisioning ---


@pytest.mark.promise("P222")
def test_a_new_clinic_has_its_own_keys_and_no_root(vault):
    ref = a_clinic(signed=False)
    assert {row.kind for row in ClinicKey.objects.filter(clinic=ref.uid)} == {"clinic", "index"}
    with inside(ref):
        assert keys.clinic_key().secret != keys.index_key().secret
        with pytest.raises(BaaRequired):
            keys.draw_subject_key(uuid4())
        with pytest.raises(BaaRequired):
            keys.ensure_subject_key(uuid4())
        with pytest.raises(BaaRequired):
            seal(uuid4(), uuid4())
    assert SubjectKey.objects.count() == 0


def test_the_signature_makes_the_root(vault):
    ref = a_clinic(signed=False)
    with inside(ref):
        with pytest.raises(BaaRequired):
            keys.ensure_subject_key(uuid4())
        keys.create_subject_root(ref.uid)
        keys.ensure_subject_key(uuid4())


def test_provisioning_can_be_run_again(here):
    before = set(ClinicKey.objects.values_list("uid", flat=True))
    keys.create_clinic_keys(here.uid)
    keys.create_subject_root(here.uid)
    keys.forget_all()
    keys.create_clinic_keys(here.uid)
    keys.create_subject_root(here.uid)
    assert set(ClinicKey.objects.values_list("uid", flat=True)) == before
    assert len(before) == 3


def test_no_root_for_a_clinic_without_keys(vault):
    with pytest.raises(Shredded):
        keys.create_subject_root(uuid4())


def test_keys_that_were_not_stored_are_not_used(vault):
    ref = a_clinic(signed=False)
    keys.forget_all()
    with inside(ref):
        first = keys.clinic_key().uid
    other = uuid4()
    with pytest.raises(RuntimeError, match="power"), transaction.atomic(using=VAULT):
        keys.create_clinic_keys(other)
        raise RuntimeError("power")
    assert ClinicKey.objects.filter(clinic=other).count() == 0
    with inside(ref):
        assert keys.clinic_key().uid == first


def test_a_failure_half_way_leaves_nothing_in_memory(vault, monkeypatch):
    ref = a_clinic(signed=False)
    other = uuid4()

    def fail(*args):
        raise RuntimeError("power")

    monkeypatch.setattr(keys, "_create_under", fail)
    with pytest.raises(RuntimeError, match="power"):
        keys.create_clinic_keys(other)
    assert cache.current(other, KeyKind.CLINIC) is None
    assert ClinicKey.objects.exclude(clinic=ref.uid).count() == 0


def test_wraps_by_the_keyring_are_counted(vault):
    assert KekUse.objects.count() == 0
    for _ in range(3):
        a_clinic()
    # Only the clinic key is wrapped by the keyring; the rest hangs under it.
    assert KekUse.objects.get().count == 3
    assert KekUse.objects.get().kid == vault.active_kid()


def test_a_key_that_wrapped_too_often_refuses(vault):
    KekUse.objects.create(kid=vault.active_kid(), count=2**24 - 1)
    a_clinic()
    with pytest.raises(KeyringError, match="rotate"):
        a_clinic()
    vault.add_key()
    a_clinic()


def test_rotation_of_the_keyring(here, vault):
    subject, row = uuid4(), uuid4()
    keys.ensure_subject_key(subject)
    token = seal(subject, row)
    old = vault.active_kid()
    new = vault.add_key()
    assert keys.rewrap_clinic_keys() == 1
    assert keys.rewrap_clinic_keys() == 0
    assert set(ClinicKey.objects.filter(kind="clinic").values_list("kid", flat=True)) == {new}
    keys.forget_all()
    assert unseal(token, row) == "hello"
    assert old != new


# --- Subjects ---


def test_a_clinic_is_required(vault):
    for call in (
        keys.clinic_key,
        keys.index_key,
        lambda: keys.subject_key(uuid4()),
        lambda: keys.key_by_id(uuid4()),
        lambda: keys.draw_subject_key(uuid4()),
        lambda: keys.warm([uuid4()]),
    ):
        with pytest.raises(NoClinic):
            call()


def test_sealed_and_opened_by_any_process(here):
    subject, row = uuid4(), uuid4()
    keys.ensure_subject_key(subject)
    token = seal(subject, row)
    keys.forget_all()
    assert unseal(token, row) == "hello"


def test_a_subject_without_a_key(here):
    with pytest.raises(NoSubjectKey):
        seal(uuid4(), uuid4())


def test_a_draft_seals_at_once_and_touches_no_table(here, django_assert_num_queries):
    subject, row = uuid4(), uuid4()
    keys.clinic_key()
    with django_assert_num_queries(0, using=VAULT):
        draft = keys.draw_subject_key(subject)
        token = seal(subject, row)
        assert unseal(token, row) == "hello"
    assert not draft.kept
    assert SubjectKey.objects.count() == 0
    with django_assert_num_queries(1, using=VAULT):
        keys.keep(draft)
    keys.forget_all()
    assert unseal(token, row) == "hello"


def test_a_draft_that_nobody_holds_is_gone(here):
    subject = uuid4()
    draft = keys.draw_subject_key(subject)
    seal(subject, uuid4())
    del draft
    gc.collect()
    with pytest.raises(NoSubjectKey):
        seal(subject, uuid4())


def test_drawing_twice_is_one_draft(here):
    subject = uuid4()
    draft = keys.draw_subject_key(subject)
    assert keys.draw_subject_key(subject) is draft
    assert keys.ensure_subject_key(subject) is draft.key


def test_another_thread_does_not_see_the_draft(here):
    subject = uuid4()
    draft = keys.draw_subject_key(subject)
    context = contextvars.copy_context()
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(context.run, keys.draw_subject_key, subject).result()
    assert other is not draft
    assert other.key.uid != draft.key.uid


def test_of_two_drafts_the_second_fails_loudly(here):
    subject = uuid4()
    context = contextvars.copy_context()
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(context.run, keys.draw_subject_key, subject).result()
    mine = keys.draw_subject_key(subject)
    keys.keep(mine)
    with pytest.raises(KeyExists), transaction.atomic(using=VAULT):
        keys.keep(other)
    assert SubjectKey.objects.get().uid == mine.key.uid


def test_a_retry_after_keep_is_no_second_key(here, django_capture_on_commit_callbacks):
    subject = uuid4()
    with django_capture_on_commit_callbacks(using=VAULT, execute=True):
        keys.keep(keys.draw_subject_key(subject))
    gc.collect()
    again = keys.draw_subject_key(subject)
    assert again.kept
    assert keys.keep(again).uid == SubjectKey.objects.get().uid
    assert SubjectKey.objects.count() == 1


def test_ensure_is_idempotent(here):
    subject = uuid4()
    first = keys.ensure_subject_key(subject).uid
    keys.forget_all()
    assert keys.ensure_subject_key(subject).uid == first
    assert SubjectKey.objects.count() == 1


def test_subjects_and_clinics_do_not_open_each_others(here):
    one, two, row = uuid4(), uuid4(), uuid4()
    keys.ensure_subject_key(one)
    keys.ensure_subject_key(two)
    token = seal(one, row)
    with pytest.raises(Damaged):
        unseal(token, uuid4())
    swapped = token[:2] + keys.subject_key(two).uid.bytes + token[18:]
    with pytest.raises(Damaged):
        unseal(swapped, row)
    with inside(a_clinic()), pytest.raises(Shredded):
        unseal(token, row)


def test_a_destroyed_key(here):
    subject, row = uuid4(), uuid4()
    keys.ensure_subject_key(subject)
    token = seal(subject, row)
    SubjectKey.objects.filter(subject=subject).delete()
    keys.forget(subject)
    with pytest.raises(Shredded):
        unseal(token, row)
    with pytest.raises(NoSubjectKey):
        seal(subject, row)


def test_forgetting_drops_a_draft_too(here):
    subject = uuid4()
    draft = keys.draw_subject_key(subject)
    keys.forget(subject)
    with pytest.raises(NoSubjectKey):
        seal(subject, uuid4())
    assert draft.key.owner == subject


def test_a_forgotten_clinic(here):
    subject, row = uuid4(), uuid4()
    keys.ensure_subject_key(subject)
    token = seal(subject, row)
    own = seal(None, row)
    rival = a_clinic()
    keys.forget_clinic(here.uid)
    assert set(ClinicKey.objects.values_list("clinic", flat=True)) == {rival.uid}
    for gone in (token, own):
        with pytest.raises(Shredded):
            unseal(gone, row)
    with pytest.raises(Shredded):
        keys.clinic_key()


@pytest.mark.parametrize("model", [ClinicKey, SubjectKey])
def test_wrapped_keys_moved_between_rows_do_not_open(here, model):
    one, two = uuid4(), uuid4()
    tokens = {subject: seal_for(subject) for subject in (one, two)}
    rows = list(model.objects.exclude(kind="clinic") if model is ClinicKey else model.objects.all())
    rows[0].wrapped, rows[1].wrapped = rows[1].wrapped, rows[0].wrapped
    for row in rows:
        row.save()
    keys.forget_all()
    for token, row in tokens.values():
        with pytest.raises(Damaged):
            unseal(token, row)


def seal_for(subject):
    row = uuid4()
    keys.ensure_subject_key(subject)
    return seal(subject, row), row


def test_another_environment_does_not_unwrap(here, settings):
    settings.VAULT_ENV = "elsewhere"
    keys.forget_all()
    with pytest.raises(Damaged):
        keys.clinic_key()


def test_warm_is_one_query(here, django_assert_num_queries):
    sealed = [seal_for(uuid4()) for _ in range(20)]
    keys.forget_all()
    keys.clinic_key()
    with django_assert_num_queries(1, using=VAULT):
        keys.warm(key_id_of(token) for token, _ in sealed)
    with django_assert_num_queries(0, using=VAULT):
        assert {unseal(token, row) for token, row in sealed} == {"hello"}
        keys.warm(key_id_of(token) for token, _ in sealed)


def test_a_key_of_the_clinic_is_found_by_id_when_nothing_is_cached(here, django_assert_num_queries):
    row = uuid4()
    token = seal(None, row)
    keys.forget_all()
    with django_assert_num_queries(1, using=VAULT):
        assert unseal(token, row) == "hello"


def test_drafts_show_and_carry_nothing(here):
    draft = keys.draw_subject_key(uuid4())
    assert draft.key.secret.hex() not in repr(draft)
    with pytest.raises(TypeError):
        pickle.dumps(draft)


def test_what_the_vault_holds_is_wrapped(here):
    subject = uuid4()
    secret = keys.ensure_subject_key(subject).secret
    stored = bytes(SubjectKey.objects.get().wrapped)
    assert len(stored) == 12 + 32 + 16
    assert secret not in stored
    assert isinstance(store.keyring(), LocalKeyring)
