"""Provisioning of a sign-up: whole or not at all, wherever it is cut off; then the owner's way in."""

import re
import time
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from accounts import second_factor, welcome
from accounts.models import User, WelcomeLink
from accounts.roles import Role
from core.problems import BaaRequired
from messaging.models import Message
from practice.models import ClinicProfile, Location, Service
from practice.presets import PRESETS
from tenants import agreements, provisioning, tasks, template
from tenants.context import enter, enter_public
from tenants.models import Clinic, ClinicState
from vault import keys
from website import opening
from website.models import SignUp
from website.tests.test_sign_up import no_limits, post, queued, sign_up_of, slug

pytestmark = pytest.mark.own_clinic
__all__ = ["no_limits", "queued", "slug"]
PASSWORD = "three quiet herons walk"


def provision(sign_up: SignUp) -> None:
    tasks.provision(str(sign_up.clinic_id))


def mails(clinic: Clinic) -> list[Message]:
    with enter(clinic):
        return list(Message.objects.filter(kind="welcome").order_by("id"))


def link_in(message: Message, clinic: Clinic) -> str:
    with enter(clinic):
        found = re.search(r"http://[^/]+(/desk/welcome/[\w-]+/)", message.body)
    assert found
    return found[1]


def opened(slug: str) -> tuple[Clinic, str]:
    """An open clinic, and the path in its owner's mail."""
    assert post(slug).status_code == 303
    provision(sign_up_of(slug))
    clinic = sign_up_of(slug).clinic
    return clinic, link_in(mails(clinic)[0], clinic)


@pytest.mark.promise("P3")
def test_a_sign_up_becomes_a_clinic_that_can_be_used(slug):
    began = time.monotonic()
    path = post(slug)["Location"]
    provision(sign_up_of(slug))
    assert time.monotonic() - began < 5
    sign_up = sign_up_of(slug)
    assert (sign_up.state, sign_up.step) == (SignUp.State.OPEN, SignUp.Step.WELCOMED)
    clinic = sign_up.clinic
    with enter(clinic):
        profile, place, owner = ClinicProfile.objects.get(), Location.objects.get(), User.objects.get()
        assert (profile.kind, profile.phone, profile.website) == (
            "medspa",
            "+13125550142",
            "https://lumen.example",
        )
        assert (place.city, place.state, place.timezone) == ("Chicago", "IL", "America/Chicago")
        assert (owner.role, owner.email) == (Role.OWNER, "olga@lumen.example")
        assert not owner.has_usable_password()
        assert Service.objects.exists()
    page = Client(HTTP_HOST="localhost").get(path).content.decode()
    assert f"{slug}.localhost" in page
    assert "refresh" not in page
    assert Client(HTTP_HOST=f"{slug}.localhost").get("/book/").status_code == 200


@pytest.mark.promise("P6")
@pytest.mark.parametrize("kind", ["medspa", "tattoo_removal", "aesthetic"])
def test_each_kind_of_clinic_begins_with_its_own_offer(slug, kind):
    post(slug, kind=kind)
    provision(sign_up_of(slug))
    with enter(sign_up_of(slug).clinic):
        offered = {one["name"] for services in PRESETS[kind].services.values() for one in services}
        assert set(Service.objects.values_list("name", flat=True)) == offered
        assert ClinicProfile.objects.get().kind == kind


CUTS = {
    "before the schema": ("tenants.template.clinic_sql", 0),
    "in the middle of the script": ("tenants.provisioning.run_script", 0),
    "before the furniture": ("website.opening._furnish", 0),
    "in the middle of the furniture": ("website.opening.create_user", 0),
    "before the door opens": ("website.opening._note", 1),
    "before the mail": ("website.opening.welcome.send", 0),
}


@pytest.mark.parametrize("place", CUTS)
def test_cut_off_anywhere_it_goes_on_and_is_whole(slug, place):
    target, calls = CUTS[place]
    post(slug)
    from django.utils.module_loading import import_string

    module, _, name = target.rpartition(".")
    owner = (
        import_string(module) if module == "website.opening.welcome" else __import__(module, fromlist=[name])
    )
    real = getattr(owner, name)
    seen = []

    def cut(*args, **kwargs):
        seen.append(1)
        if len(seen) > calls:
            raise KeyboardInterrupt  # what no handler of ours may swallow: the process is gone
        return real(*args, **kwargs)

    with mock.patch.object(owner, name, cut), pytest.raises(KeyboardInterrupt):
        provision(sign_up_of(slug))
    halfway = sign_up_of(slug)
    if place != "before the mail":
        assert halfway.clinic.state == ClinicState.REQUESTED
        assert Client(HTTP_HOST=f"{slug}.localhost").get("/book/").status_code == 404
    provision(halfway)
    provision(halfway)  # and once more for nothing
    whole = sign_up_of(slug)
    assert whole.state == SignUp.State.OPEN
    with enter(whole.clinic):
        assert User.objects.count() == 1
        assert Location.objects.count() == 1
    assert len(mails(whole.clinic)) == 1


def test_a_failure_is_shown_and_can_be_tried_again(slug, queued):
    path = post(slug)["Location"]
    broken = mock.patch.object(provisioning, "run_script", side_effect=RuntimeError("disk full"))
    with broken, pytest.raises(RuntimeError):
        provision(sign_up_of(slug))
    client = Client(HTTP_HOST="localhost")
    page = client.get(path).content.decode()
    assert "Try again" in page
    assert "disk full" not in page
    queued.reset_mock()
    assert client.post(f"{path}retry/").status_code == 303
    assert client.post(f"{path}retry/").status_code == 303
    assert queued.call_count == 1
    provision(sign_up_of(slug))
    assert sign_up_of(slug).state == SignUp.State.OPEN


def test_one_built_before_a_deployment_is_built_anew(slug):
    post(slug)
    sign_up = sign_up_of(slug)
    with mock.patch.object(opening, "_furnish", side_effect=RuntimeError), pytest.raises(RuntimeError):
        provision(sign_up)
    Clinic.objects.using("owner").filter(pk=sign_up.clinic_id).update(migrations="of yesterday")
    provision(sign_up)
    assert sign_up_of(slug).clinic.migrations == template.current_template().digest


def test_the_link_is_looked_at_for_free_and_used_once(slug):
    clinic, path = opened(slug)
    client = Client(HTTP_HOST=f"{slug}.localhost")
    for _scanner in range(3):
        assert client.get(path).status_code == 200
    weak = client.post(path, {"new": "short", "repeated": "short"})
    assert weak.status_code == 422
    other = client.post(path, {"new": PASSWORD, "repeated": PASSWORD + "s"})
    assert other.status_code == 422
    answer = client.post(path, {"new": PASSWORD, "repeated": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/baa/")
    assert client.get("/desk/baa/")["Location"].startswith("/desk/two-factor/set-up/?next=%2Fdesk%2Fbaa%2F")
    again = Client(HTTP_HOST=f"{slug}.localhost")
    assert again.get(path).status_code == 410
    assert again.post(path, {"new": PASSWORD + "2", "repeated": PASSWORD + "2"}).status_code == 410
    assert again.post(f"{path}again/").status_code == 410
    assert len(mails(clinic)) == 1
    assert client.get("/desk/welcome/" + "A" * 43 + "/").status_code == 404


def test_a_link_that_ran_out_asks_for_its_successor(slug):
    clinic, path = opened(slug)
    with enter(clinic):
        past = datetime.now(UTC) - timedelta(days=8)
        WelcomeLink.objects.update(created_at=past, expires_at=past + welcome.LIVES)
    client = Client(HTTP_HOST=f"{slug}.localhost")
    assert client.get(path).status_code == 410
    assert client.post(path, {"new": PASSWORD, "repeated": PASSWORD}).status_code == 410
    assert client.post(f"{path}again/").status_code == 200
    assert client.post(f"{path}again/").status_code == 429  # not twice in a minute
    sent = mails(clinic)
    assert len(sent) == 2
    assert client.get(link_in(sent[1], clinic)).status_code == 200


def test_the_mail_is_sent_again_from_the_progress_page_and_voids_the_first(slug):
    progress = post(slug)["Location"]
    provision(sign_up_of(slug))
    clinic = sign_up_of(slug).clinic
    first = link_in(mails(clinic)[0], clinic)
    client = Client(HTTP_HOST="localhost")
    assert client.post(f"{progress}mail/").status_code == 429  # it was sent a moment ago
    with enter(clinic):
        WelcomeLink.objects.update(created_at=datetime.now(UTC) - timedelta(minutes=5))
    assert client.post(f"{progress}mail/").status_code == 303
    assert Client(HTTP_HOST=f"{slug}.localhost").get(first).status_code == 410
    second = link_in(mails(clinic)[1], clinic)
    assert Client(HTTP_HOST=f"{slug}.localhost").get(second).status_code == 200


@pytest.mark.promise("P15")
@pytest.mark.promise("P222")
def test_from_the_mail_to_a_signed_agreement(slug):
    """The whole way in, by its pages: password, second factor, agreement; and no patient before it."""
    clinic, path = opened(slug)
    client = Client(HTTP_HOST=f"{slug}.localhost")
    client.post(path, {"new": PASSWORD, "repeated": PASSWORD})
    page = client.get("/desk/two-factor/set-up/?next=/desk/baa/").content.decode()
    secret = re.search(r'data-copy="([A-Z2-7]+)"', page)[1]
    code = second_factor.code_at(secret, datetime.now(UTC))
    assert client.post("/desk/two-factor/set-up/", {"code": code, "next": "/desk/baa/"}).status_code == 200
    page = client.get("/desk/baa/").content.decode()
    assert "Until it is signed" in page
    assert TEXT in page
    assert "No patient can be stored yet" in client.get("/desk/").content.decode()
    with enter(clinic), pytest.raises(BaaRequired):
        keys.ensure_subject_key(clinic.uid)
    refused = client.post(
        "/desk/baa/sign/", {"version": agreements.VERSION, "signer_name": "", "signer_title": "x"}
    )
    assert refused.status_code == 422
    signature = {"signer_name": "Olga Opener", "signer_title": "Owner", "agreed": "on"}
    assert client.post("/desk/baa/sign/", {"version": "2020-01", **signature}).status_code == 422
    for _pressed_twice in range(2):
        answer = client.post("/desk/baa/sign/", {"version": agreements.VERSION, **signature})
        assert answer.status_code == 302
    copy = client.get("/desk/baa/").content.decode()
    assert "Olga Opener, Owner" in copy
    assert agreements.VERSION in copy
    assert TEXT in copy
    assert "No patient can be stored yet" not in client.get("/desk/").content.decode()
    with enter(clinic):
        assert keys.ensure_subject_key(clinic.uid)
    with enter_public():
        assert clinic.agreements.count() == 1


TEXT = "is between <b>Lumen &amp; Co. Aesthetics</b>"


@pytest.mark.promise("P30")
def test_a_clinic_opened_by_command_gets_its_owner_by_command(slug, capsys):
    clinic = provisioning.create_clinic(slug=slug, name="Lumen & Co. Aesthetics")
    call_command("create_clinic_owner", clinic=slug, email="odo@lumen.example", name="Odo")
    said = capsys.readouterr().out
    path = re.search(r"(/desk/welcome/[\w-]+/)", said)[1]
    assert Client(HTTP_HOST=f"{slug}.localhost").get(path).status_code == 200
    call_command("create_clinic_owner", clinic=slug, email="pia@lumen.example", password=True)
    assert "password" in capsys.readouterr().out
    with enter(clinic):
        assert User.objects.filter(role=Role.OWNER).count() == 2
    for wrong in ({"email": "nobody"}, {"email": "odo@lumen.example"}, {"clinic": "no-such-clinic"}):
        with pytest.raises(CommandError):
            call_command("create_clinic_owner", **{"clinic": slug, "email": "new@lumen.example", **wrong})
    with pytest.raises(CommandError, match="create_clinic_owner"):
        call_command("createsuperuser")
