"""A clinic that is nothing but its keys, so that the vault is tested without the floors above it."""

from contextlib import contextmanager

import pytest
from django.db import connections

from core.context import ClinicRef, current_clinic
from core.ids import uuid7
from vault import keys, store
from vault.models import VAULT, ClinicKey, KekUse
from vault.tests.notes import Note


@contextmanager
def inside(ref):
    token = current_clinic.set(ref)
    try:
        yield ref
    finally:
        current_clinic.reset(token)


def a_clinic(*, signed=True):
    ref = ClinicRef(uuid7(), "c_vault", "vault")
    keys.create_clinic_keys(ref.uid)
    if signed:
        keys.create_subject_root(ref.uid)
        store.root_of(ref.uid)
    return ref


@pytest.fixture
def vault(request, settings, tmp_path):
    """An empty vault with a keyring of its own; nothing of it outlives the test."""
    from vault.keyring import LocalKeyring

    request.getfixturevalue("db")
    settings.KEYRING_PATH = str(tmp_path / "keyring.json")
    ClinicKey.objects.all().delete()  # the platform's own are there from the start
    KekUse.objects.all().delete()
    keys.forget_all()
    yield LocalKeyring.create(settings.KEYRING_PATH)
    keys.forget_all()


@pytest.fixture
def here(vault):
    """Inside a clinic that signed the agreement."""
    with inside(a_clinic()) as ref:
        yield ref


@pytest.fixture
def notes(here):
    with connections[VAULT].schema_editor() as editor:
        editor.create_model(Note)
    return Note._default_manager
