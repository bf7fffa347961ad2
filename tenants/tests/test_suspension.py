"""A suspended clinic says so on every page, and opens again with everything as it was."""

import pytest
from celery import shared_task
from django.test import Client

from audit.actors import Actor, ActorKind
from audit.models import Event
from core.problems import Conflict, Invalid
from tenants import actions, directory
from tenants.context import enter_public
from tenants.models import Clinic, ClinicState
from tenants.tasks import HEADER, ClinicTask, NoClinic
from tests.running import running

pytestmark = pytest.mark.own_clinic
BY = Actor(ActorKind.PLATFORM, "tester")


@pytest.mark.promise("P244")
def test_every_door_is_shut_kindly_and_opens_again(new_clinic, settings):
    house = new_clinic("glow")
    client, api = house.client(house.cast.owner), house.api(house.cast.owner)
    assert client.get("/desk/").status_code == 200
    actions.suspend(house.clinic, "unpaid since March", BY)
    for path in ("/", "/book/", "/desk/", "/desk/sign-in/", "/no/such/page/", "/brand.css"):
        answer = client.get(path)
        assert answer.status_code == 503, path
        page = answer.content.decode()
        assert "closed online for now" in page
        assert "Glow" in page
        assert "unpaid" not in page
        assert "Retry-After" in answer
        assert "Content-Security-Policy" in answer
    said = {"email": house.cast.owner.email, "password": "x"}
    assert Client(HTTP_HOST=house.host).post("/desk/sign-in/", said).status_code == 503
    refused = api.get("/api/v1/me/")
    assert refused.status_code == 503
    assert refused.json()["type"] == "/problems/clinic-suspended"
    actions.reopen(house.clinic, BY)
    assert client.get("/desk/").status_code == 200
    assert api.get("/api/v1/me/").status_code == 200
    with enter_public():
        verbs = (
            Event.objects.filter(object_id=str(house.clinic.uid))
            .order_by("id")
            .values_list("verb", flat=True)
        )
        assert list(verbs) == ["clinic.suspended", "clinic.reopened"]


def test_another_process_hears_of_it_and_jobs_stop(new_clinic):
    house = new_clinic("glow", cast=False)
    assert directory.find_by_host(house.host).is_open
    suspended = actions.suspend(house.clinic, "asked by the owner", BY)
    assert (suspended.state, suspended.suspended_reason) == (ClinicState.SUSPENDED, "asked by the owner")
    assert directory.find_by_host(house.host).is_suspended
    with pytest.raises(NoClinic):
        probe.apply(headers={HEADER: house.clinic.schema_name}, throw=True)


SHUT = """
import sys
from audit.actors import job
from tenants import actions
from tenants.context import enter_public
from tenants.models import Clinic
with enter_public():
    clinic = Clinic.objects.get(slug=sys.argv[1])
getattr(actions, sys.argv[2])(clinic, *sys.argv[3:], job("test"))
"""


def test_what_another_process_did_is_known_at_once(new_clinic, settings, monkeypatch):
    """What is remembered here would be believed for an hour; the other process's word ends that."""
    monkeypatch.setattr(directory, "_TTL_SECONDS", 3600)
    house = new_clinic("glow", cast=False)
    with running() as product:
        settings.REDIS_URL = product.redis.url
        assert directory.find_by_host(house.host).is_open
        product.run(SHUT, house.clinic.slug, "suspend", "unpaid")
        product.wait_until(lambda: directory.find_by_host(house.host).is_suspended, "the word")
        product.run(SHUT, house.clinic.slug, "reopen")
        product.wait_until(lambda: directory.find_by_host(house.host).is_open, "the word")


def test_a_change_during_a_look_up_is_not_forgotten(new_clinic, monkeypatch):
    """A process that read the row before the commit, and was told before it had written down what it read."""
    monkeypatch.setattr(directory._listener, "listen", lambda: None)  # who begins to listen forgets too
    house = new_clinic("glow", cast=False)
    with monkeypatch.context() as patch:
        patch.setattr(Clinic, "is_open", property(lambda clinic: directory.forget() or True))
        assert directory.find_by_host(house.host) is not None
    assert house.host not in directory._hosts
    assert directory.find_by_host(house.host) is not None
    assert house.host in directory._hosts


def test_without_redis_the_doors_still_shut(new_clinic, settings):
    house = new_clinic("glow", cast=False)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    actions.suspend(house.clinic, "unpaid", BY)
    assert directory.find_by_host(house.host).is_suspended


@shared_task(base=ClinicTask)
def probe() -> None:
    """Runs where its clinic is open."""


def test_twice_is_once_and_nonsense_is_refused(new_clinic):
    clinic = new_clinic("glow", cast=False).clinic
    for reason in ("", "  ", "x" * 201, "a\x00b"):
        with pytest.raises(Invalid):
            actions.suspend(clinic, reason, BY)
    first = actions.suspend(clinic, "one", BY)
    assert actions.suspend(clinic, "two", BY).suspended_reason == first.suspended_reason == "one"
    assert actions.reopen(clinic, BY).is_open
    assert actions.reopen(clinic, BY).suspended_reason == ""
    Clinic.objects.using("owner").filter(pk=clinic.pk).update(state=ClinicState.CLOSED)
    with pytest.raises(Conflict):
        actions.suspend(clinic, "gone", BY)
