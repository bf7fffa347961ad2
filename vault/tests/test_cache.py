"""Unwrapped keys: few, briefly, and never outside this process."""

import copy
import pickle
import random
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from vault import cache as cache_module
from vault.cache import Key, KeyCache

CLINIC, OTHER = UUID(int=1), UUID(int=2)
SECRET = b"s3cret-s3cret-s3cret-s3cret-s3cr"


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def held(clock):
    return KeyCache(size=3, ttl=300, clock=clock)


def a_key(owner=None, *, version=1, clinic=CLINIC):
    return Key(uuid4(), clinic, owner or uuid4(), version, SECRET)


def test_the_measures_of_the_design():
    assert (cache_module.SIZE, cache_module.TTL_SECONDS) == (2_000, 300)


def test_found_by_id_and_by_owner(held):
    key = a_key()
    held.put(key)
    assert held.get(CLINIC, key.uid) is key
    assert held.current(CLINIC, key.owner) is key


def test_not_found_from_another_clinic(held):
    key = a_key()
    held.put(key)
    assert held.get(OTHER, key.uid) is None
    assert held.current(OTHER, key.owner) is None


def test_gone_after_its_time_however_often_used(held, clock):
    key = a_key()
    held.put(key)
    for _ in range(3):
        clock.now += 99.9
        assert held.get(CLINIC, key.uid) is key
    clock.now += 0.3
    assert held.get(CLINIC, key.uid) is None
    assert held.current(CLINIC, key.owner) is None
    assert len(held) == 0


def test_the_least_recently_used_goes_first(held):
    one, two, three, four = (a_key() for _ in range(4))
    for key in (one, two, three):
        held.put(key)
    held.get(CLINIC, one.uid)
    held.put(four)
    assert [held.get(CLINIC, key.uid) for key in (one, two, three, four)] == [one, None, three, four]
    assert held.current(CLINIC, two.owner) is None


def test_the_newest_version_seals_and_the_old_one_opens(held):
    owner = uuid4()
    new, old = a_key(owner, version=2), a_key(owner, version=1)
    held.put(new)
    held.put(old)
    assert held.current(CLINIC, owner) is new
    assert held.get(CLINIC, old.uid) is old


def test_forgetting_one_owner_or_a_clinic(held):
    one, two, elsewhere = a_key(), a_key(), a_key(clinic=OTHER)
    for key in (one, two, elsewhere):
        held.put(key)
    held.forget(CLINIC, one.owner)
    assert held.get(CLINIC, one.uid) is None
    assert held.get(CLINIC, two.uid) is two
    held.forget(CLINIC)
    assert held.get(CLINIC, two.uid) is None
    assert held.get(OTHER, elsewhere.uid) is elsewhere
    held.clear()
    assert len(held) == 0


def test_keys_show_themselves_to_nobody(held):
    key = a_key()
    held.put(key)
    for shown in (repr(key), str(key), f"{key}", repr(held), repr([key]), repr({"k": key})):
        assert "s3cret" not in shown
    for thing in (key, held):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            with pytest.raises(TypeError):
                pickle.dumps(thing, protocol)
    for copying in (copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            copying(key)


def test_many_threads():
    held = KeyCache(size=50)
    keys = [a_key() for _ in range(200)]

    def work(seed):
        chance = random.Random(seed)
        for _ in range(2_000):
            key = chance.choice(keys)
            what = chance.randrange(4)
            if what == 0:
                held.put(key)
            elif what == 1:
                assert held.get(CLINIC, key.uid) in (None, key)
            elif what == 2:
                assert held.current(CLINIC, key.owner) in (None, key)
            else:
                held.forget(CLINIC, key.owner)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert len(held) <= 50
    assert len(held._current) == len(held._keys)
