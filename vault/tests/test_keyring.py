"""The keyring file, and wraps that fit only what they are for."""

import pickle
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from uuid import UUID

import pytest

from vault import keyring as keyring_module
from vault import wrapping
from vault.errors import Damaged, KeyringError
from vault.keyring import LocalKeyring
from vault.wrapping import KeyContext

KEY = bytes(range(32))
CONTEXT = KeyContext("medspa", "test", UUID(int=1), "clinic", UUID(int=2), 1)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "secrets" / "keyring.json"


@pytest.fixture
def ring(path):
    counter = count(1)
    return LocalKeyring.create(path, lambda kid: next(counter))


def test_created_for_the_owner_only(ring, path):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    ring.health()


def test_an_umask_cannot_narrow_or_widen_it(tmp_path):
    import os

    before = os.umask(0)
    try:
        LocalKeyring.create(tmp_path / "ring.json")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "ring.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666, 0o610])
def test_a_wider_mode_is_refused(ring, path, mode):
    kid, blob = ring.wrap(KEY, CONTEXT)
    path.chmod(mode)
    with pytest.raises(KeyringError, match="0600"):
        ring.unwrap(kid, blob, CONTEXT)
    with pytest.raises(KeyringError, match="0600"):
        ring.health()


def test_one_that_is_there_is_never_replaced(ring, path):
    before = path.read_bytes()
    with pytest.raises(KeyringError, match="already"):
        LocalKeyring.create(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        '{"format": 1, "active": "a", "keys": {}}',
        '{"format": 1, "active": "a", "keys": {"a": "AA=="}}',
        '{"format": 2, "active": "a", "keys": {}}',
        '{"format": 1, "active": "a", "keys": {"a": "!!"}}',
        "\xff",
    ],
)
def test_a_file_that_is_no_keyring(ring, path, text):
    path.write_text(text)
    with pytest.raises(KeyringError):
        ring.health()


def test_a_missing_file(ring, path):
    path.unlink()
    with pytest.raises(KeyringError, match="cannot be opened"):
        ring.health()


def test_wraps_come_back_and_differ(ring):
    wraps = [ring.wrap(KEY, CONTEXT) for _ in range(20)]
    assert len({blob for _, blob in wraps}) == 20
    assert {ring.unwrap(kid, blob, CONTEXT) for kid, blob in wraps} == {KEY}


@pytest.mark.parametrize(
    "other",
    [
        replace(CONTEXT, app="other"),
        replace(CONTEXT, env="production"),
        replace(CONTEXT, clinic=UUID(int=9)),
        replace(CONTEXT, kind="index"),
        replace(CONTEXT, key_id=UUID(int=9)),
        replace(CONTEXT, version=2),
    ],
)
def test_a_wrap_fits_only_its_context(ring, other):
    kid, blob = ring.wrap(KEY, CONTEXT)
    with pytest.raises(Damaged):
        ring.unwrap(kid, blob, other)


def test_a_changed_wrap_is_refused():
    blob = wrapping.wrap(KEY, KEY, CONTEXT)
    for at in range(len(blob)):
        with pytest.raises(Damaged):
            wrapping.unwrap(KEY, blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :], CONTEXT)
        with pytest.raises(Damaged):
            wrapping.unwrap(KEY, blob[:at], CONTEXT)


def test_the_context_is_written_one_way():
    assert CONTEXT.canonical() == (
        b'{"app":"medspa","clinic":"00000000-0000-0000-0000-000000000001","env":"test",'
        b'"key_id":"00000000-0000-0000-0000-000000000002","kind":"clinic","version":1}'
    )


def test_rotation_keeps_the_old_key_for_unwrapping(ring, path):
    old = ring.wrap(KEY, CONTEXT)
    kid = ring.add_key()
    new = ring.wrap(KEY, CONTEXT)
    assert (new[0], ring.active_kid()) == (kid, kid)
    assert old[0] != kid
    assert ring.unwrap(*old, CONTEXT) == ring.unwrap(*new, CONTEXT) == KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_an_unknown_kid(ring):
    with pytest.raises(KeyringError, match="no key"):
        ring.unwrap("local-gone", b"x" * 60, CONTEXT)


def test_used_up(path, monkeypatch):
    monkeypatch.setattr(keyring_module, "MAX_WRAPS", 3)
    counter = count(1)
    ring = LocalKeyring.create(path, lambda kid: next(counter))
    for _ in range(3):
        ring.wrap(KEY, CONTEXT)
    with pytest.raises(KeyringError, match="rotate"):
        ring.wrap(KEY, CONTEXT)


def test_the_limit():
    assert keyring_module.MAX_WRAPS == 2**24


def test_no_wrap_without_a_counter(path):
    with pytest.raises(KeyringError, match="counted"):
        LocalKeyring.create(path).wrap(KEY, CONTEXT)


def test_it_shows_itself_to_nobody(ring, path):
    text = path.read_text()
    secret = text.partition(": {")[2].split('"')[3]
    assert secret in text
    assert secret not in repr(ring)
    assert secret not in repr(ring._read())
    with pytest.raises(TypeError):
        pickle.dumps(ring)


def test_threads(ring):
    with ThreadPoolExecutor(4) as pool:
        wraps = list(pool.map(lambda _: ring.wrap(KEY, CONTEXT), range(100)))
    assert len({blob for _, blob in wraps}) == 100
