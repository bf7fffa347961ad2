"""The counters: exact under parallel tries, alike for every account, and never in the clear."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections, transaction
from django.test import Client

from accounts import throttle
from accounts.models import Throttle
from tenants.context import enter

AT = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
HERE, THERE = "198.51.100.7", "198.51.100.8"
SIGN_IN = "/desk/sign-in/"


@pytest.fixture
def inside(glow):
    with enter(glow.clinic):
        yield glow


def try_often(times, account="fran@glow.example", address=HERE, at=AT):
    return [throttle.take(throttle.PASSWORD, account, address, at=at) for _ in range(times)]


@pytest.mark.promise("P153")
def test_the_eleventh_try_is_refused(inside):
    tries = try_often(12)
    assert [each.allowed for each in tries] == [True] * 10 + [False] * 2
    assert [each.just_locked for each in tries] == [False] * 9 + [True] + [False] * 2
    assert tries[-1].retry_after == 15 * 60 + 1


def test_the_lock_ends_by_itself_and_is_not_drawn_out(inside):
    try_often(10)
    try_often(3, at=AT + timedelta(minutes=14))
    assert not try_often(1, at=AT + timedelta(minutes=14, seconds=59))[0].allowed
    assert try_often(1, address=THERE, at=AT + timedelta(minutes=15))[0].allowed


def test_few_tries_are_forgotten_after_the_window(inside):
    try_often(9)
    assert all(each.allowed for each in try_often(9, address=THERE, at=AT + timedelta(minutes=15)))


def test_a_right_one_clears_the_account_and_gives_the_address_one_back(inside):
    tries = try_often(9)
    tries[-1].forgive()
    account, address = (name for name, _ in tries[-1].keys)
    assert not Throttle.objects.filter(key=account).exists()
    assert Throttle.objects.get(key=address).count == 8


def test_an_address_is_refused_after_twenty_whatever_the_account(inside):
    tries = [throttle.take(throttle.PASSWORD, f"{n}@x.example", HERE, at=AT) for n in range(22)]
    assert [each.allowed for each in tries] == [True] * 20 + [False] * 2
    assert throttle.take(throttle.PASSWORD, "0@x.example", THERE, at=AT).allowed
    later = throttle.take(throttle.PASSWORD, "1@x.example", HERE, at=AT + timedelta(minutes=59))
    assert not later.allowed
    assert throttle.take(throttle.PASSWORD, "1@x.example", HERE, at=AT + timedelta(hours=1)).allowed


def test_kinds_count_apart(inside):
    try_often(10)
    assert throttle.take(throttle.CODE, "fran@glow.example", THERE, at=AT).allowed


@pytest.mark.promise("P34")
def test_keys_cannot_be_read_and_differ_by_clinic(glow, rival):
    keys = []
    for house in (glow, rival):
        with enter(house.clinic):
            try_often(1)
            keys.append(set(Throttle.objects.values_list("key", flat=True)))
    assert not keys[0] & keys[1]
    assert all(len(key) == 64 and "fran" not in key and HERE not in key for key in keys[0] | keys[1])


def test_a_try_inside_a_transaction_is_a_fault(new_clinic):
    with enter(new_clinic(cast=False).clinic), pytest.raises(RuntimeError), transaction.atomic():
        try_often(1)


def test_old_rows_are_swept(inside):
    try_often(2)
    assert throttle.sweep(at=AT + timedelta(hours=2)) == 0
    assert throttle.sweep(at=AT + timedelta(days=1, seconds=1)) == 2


@pytest.mark.own_clinic
@pytest.mark.promise("P153")
def test_fifty_at_once(new_clinic):
    """Fifty wrong passwords in parallel: the counter is 50, ten were looked at, the rest got one and the same
    answer; so does the right password afterwards; nobody else notices."""
    glow, rival = new_clinic("glow"), new_clinic("rival")
    desk, owner = glow.cast.desk, glow.cast.owner
    answers: list[tuple[int, bytes]] = []
    gate = threading.Barrier(50)

    def wrong():
        client = Client(HTTP_HOST=glow.host, REMOTE_ADDR=HERE)
        gate.wait()
        answer = client.post(SIGN_IN, {"email": desk.email, "password": "not the password"})
        answers.append((answer.status_code, answer.content))
        connections.close_all()

    threads = [threading.Thread(target=wrong) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(status for status, _ in answers) == {422: 10, 429: 40}
    with enter(glow.clinic):
        key = throttle.key_of(throttle.PASSWORD, desk.email)
        assert Throttle.objects.get(key=key).count == 50

    refusals = {body for status, body in answers if status == 429}
    right = post(glow, desk.email, glow.cast.password, REMOTE_ADDR=HERE)
    moved = post(glow, desk.email, glow.cast.password, REMOTE_ADDR=THERE)
    nobody = post(glow, "nobody@glow.example", "x", REMOTE_ADDR=HERE)
    assert {right.content, moved.content, nobody.content} == refusals
    assert {right.status_code, moved.status_code, nobody.status_code} == {429}
    assert int(right["Retry-After"]) > 0

    assert post(glow, owner.email, glow.cast.password, REMOTE_ADDR=THERE).status_code == 302
    next_door = rival.cast.desk
    assert post(rival, next_door.email, rival.cast.password, REMOTE_ADDR=HERE).status_code == 302


def post(house, email, password, **extra):
    return Client(HTTP_HOST=house.host, **extra).post(SIGN_IN, {"email": email, "password": password})


def test_a_made_up_forwarded_address_changes_nothing(glow):
    for n in range(20):
        post(glow, f"{n}@x.example", "x", REMOTE_ADDR=HERE, HTTP_X_FORWARDED_FOR=f"203.0.113.{n}")
    answer = post(glow, "z@x.example", "x", REMOTE_ADDR=HERE, HTTP_X_FORWARDED_FOR="203.0.113.99")
    assert answer.status_code == 429


def test_behind_our_own_proxy_its_word_counts(glow, settings):
    settings.TRUSTED_PROXIES = 1
    for n in range(20):
        post(glow, f"{n}@x.example", "x", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=f"1.2.3.{n}, {HERE}")
    there = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": THERE}
    here = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": f"{THERE}, {HERE}"}
    assert post(glow, "a@x.example", "x", **there).status_code == 422
    assert post(glow, "a@x.example", "x", **here).status_code == 429


def test_lifting_the_public_limits_lifts_nothing_here(inside, settings):
    settings.PUBLIC_RATE_LIMIT = False
    assert not try_often(11)[-1].allowed


def test_unknown_accounts_lock_the_same_way(glow):
    answers = [post(glow, "nobody@glow.example", "x", REMOTE_ADDR=HERE).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]
