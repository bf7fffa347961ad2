"""A vault that does not answer is a 503 that loses nothing, and works again when it answers."""

import time
from uuid import uuid4

import pytest
from django.db import OperationalError, connections
from django.db.models import QuerySet
from psycopg_pool import PoolTimeout

from core.problems import Unavailable
from vault import keys, sealing, store
from vault.errors import Shredded
from vault.models import VAULT, ClinicKey, SubjectKey

pytestmark = pytest.mark.django_db(databases=[VAULT])
TAG = "soap.subjective/1"


def test_unreachable_is_unavailable(here, monkeypatch):
    subject, row = uuid4(), uuid4()
    keys.ensure_subject_key(subject)
    token = sealing.seal_bytes(b"hello", tag=TAG, row=row, subject=subject)
    keys.forget_all()

    def refuse(*args, **kwargs):
        raise OperationalError("connection refused")

    with monkeypatch.context() as patch:
        patch.setattr(QuerySet, "_fetch_all", refuse)
        for call in (
            lambda: sealing.open_bytes(token, tag=TAG, row=row),
            lambda: keys.subject_key(subject),
            lambda: keys.ensure_subject_key(uuid4()),
            lambda: keys.create_clinic_keys(uuid4()),
        ):
            with pytest.raises(Unavailable):
                call()
    assert sealing.open_bytes(token, tag=TAG, row=row) == b"hello"


def test_a_key_that_cannot_be_kept_is_unavailable(here, monkeypatch):
    draft = keys.draw_subject_key(uuid4())

    def refuse(*args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(SubjectKey, "save", refuse)
    with pytest.raises(Unavailable):
        keys.keep(draft)
    assert not draft.kept


def test_a_server_that_is_not_there(here, settings):
    """The real thing: a connection of its own to a socket nobody listens on."""
    keys.forget_all()
    wrapper = connections[VAULT]
    lost = wrapper.copy()
    lost.settings_dict = {**wrapper.settings_dict, "HOST": "/nonexistent", "OPTIONS": {}}
    connections[VAULT] = lost
    try:
        with pytest.raises(Unavailable):
            keys.clinic_key()
    finally:
        connections[VAULT] = wrapper
    keys.clinic_key()


class Away:
    """A pool that has no connection to give."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, *args, **kwargs):
        self.asked += 1
        raise OperationalError from PoolTimeout("none after 2 s")


@pytest.fixture
def away(here, monkeypatch):
    away = Away()
    with monkeypatch.context() as patch:
        patch.setattr(QuerySet, "_fetch_all", away)
        patch.setattr(connections[VAULT], "in_atomic_block", False)
        patch.setattr(store, "_away", store._Away())
        yield away


def test_who_comes_within_the_second_does_not_wait_too(here, away):
    keys.forget_all()
    for _ in range(3):
        with pytest.raises(Unavailable):
            keys.clinic_key()
    assert away.asked == 1


def test_the_clinics_own_key_outlives_its_time_and_no_others_does(here, monkeypatch):
    subject = uuid4()
    keys.ensure_subject_key(subject)
    keys._drafts.forget()
    own = keys.clinic_key()
    monkeypatch.setattr(store.cache, "_clock", lambda: time.monotonic() + 301)

    def refuse(*args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(QuerySet, "_fetch_all", refuse)
    assert keys.clinic_key() is own
    assert keys.key_by_id(own.uid) is own
    for call in (keys.index_key, lambda: keys.subject_key(subject), lambda: store.root_of(here.uid)):
        with pytest.raises(Unavailable):
            call()


def test_a_clinic_that_is_gone_is_not_remembered(here, monkeypatch):
    keys.clinic_key()
    ClinicKey.objects.using(VAULT).filter(clinic=here.uid).delete()
    monkeypatch.setattr(store.cache, "_clock", lambda: time.monotonic() + 301)
    with pytest.raises(Shredded):
        keys.clinic_key()
    assert store.cache.lasting(here.uid) == []
