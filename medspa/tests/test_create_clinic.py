"""A clinic by command: ready in seconds, or not there at all."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from core.problems import BaaRequired
from patients.actions import create_person
from patients.rules import Details
from patients.tests.test_person import AT, BY
from practice.profile import profile
from practice.queries import services_in_use
from tenants import provisioning
from tenants.context import enter, enter_public
from tenants.models import BusinessAssociateAgreement, Clinic
from vault.models import ClinicKey

GOOD = {
    "name": "Second Chance Skin",
    "slug": "second-chance",
    "owner_email": "Otis@Second.example",
    "timezone": "America/Denver",
    "kind": "tattoo_removal",
}
pytestmark = pytest.mark.own_clinic


@pytest.fixture(autouse=True)
def database(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield
        for clinic in clinics():
            provisioning.drop_clinic(clinic)


def clinics() -> list[Clinic]:
    with enter_public():
        return list(Clinic.objects.filter(slug__startswith="second-"))


def create(**changes: Any) -> str:
    out = StringIO()
    call_command("create_clinic", stdout=out, **{**GOOD, **changes})
    return out.getvalue()


def test_a_clinic_with_its_agreement_is_ready():
    said = create(baa_signer="Otis Owner", owner_password="a long enough passphrase")
    assert "http://second-chance.localhost" in said
    assert "not signed" not in said
    (clinic,) = clinics()
    assert not clinic.second_factor_optional
    with enter_public():
        assert BusinessAssociateAgreement.objects.get(clinic=clinic).signer_name == "Otis Owner"
    with enter(clinic):
        owner = User.objects.get()
        assert (owner.email, owner.role) == ("otis@second.example", "owner")
        assert owner.check_password("a long enough passphrase")
        assert profile().kind == "tattoo_removal"
        assert len(services_in_use()) >= 4
        assert create_person(Details("Pat", "P"), by=BY, at=AT).is_verified
    answer = Client(HTTP_HOST="second-chance.localhost").get("/api/v1/booking-texts/")
    assert "Second Chance Skin" in answer.json()["service_sms"]["text"]


def test_without_the_agreement_no_patient_can_be_stored():
    said = create()
    assert "not signed" in said
    (clinic,) = clinics()
    with enter(clinic), pytest.raises(BaaRequired):
        create_person(Details("Pat", "P"), by=BY, at=AT)


def test_the_password_is_made_up_and_shown():
    said = create()
    password = next(line.split()[1] for line in said.splitlines() if line.strip().startswith("password"))
    (clinic,) = clinics()
    with enter(clinic):
        assert User.objects.get().check_password(password)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"slug": "x"}, "3 to 40"),
        ({"slug": "second--"}, "single hyphens"),
        ({"slug": "admin"}, "kept for the platform"),
        ({"name": " "}, "--name"),
        ({"name": "a\0b"}, "cannot be read"),
        ({"owner_email": "nobody"}, "--owner-email"),
        ({"timezone": "Mars/Olympus"}, "--timezone"),
        ({"timezone": "../../etc/passwd"}, "--timezone"),
        ({"owner_password": "short"}, "--owner-password"),
        ({"kind": "bakery"}, "bakery"),
    ],
)
def test_nonsense_is_refused_and_leaves_nothing(changes, words):
    keys = ClinicKey.objects.using("vault").count()
    with pytest.raises(CommandError) as caught:
        create(**changes)
    assert words in str(caught.value)
    assert clinics() == []
    assert ClinicKey.objects.using("vault").count() == keys


def test_a_taken_name_is_refused_and_the_clinic_stays():
    create()
    with pytest.raises(CommandError, match="taken"):
        create()
    assert len(clinics()) == 1


def test_half_a_clinic_is_none(monkeypatch):
    def fail(**kwargs):
        raise RuntimeError("the power went")

    monkeypatch.setattr("medspa.management.commands.create_clinic.open_clinic", fail)
    keys = ClinicKey.objects.using("vault").count()
    with pytest.raises(RuntimeError):
        create(baa_signer="Otis Owner")
    assert clinics() == []
    assert ClinicKey.objects.using("vault").count() == keys
