"""The demo, a few days of it: made once, found again, told in var/demo.json as other programs expect."""

import json
import stat
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from audit.models import Event
from core.clock import day_span, local_date, now
from medspa.demo import paper, visits
from medspa.demo.data import GLOW, RIVAL
from messaging.models import Message
from patients.models import Person, PersonState
from patients.tests.test_canaries import leaks
from practice.models import Location
from scheduling.models import Appointment, Occupancy, Status
from tenants import provisioning
from tenants.context import enter, enter_public
from tenants.models import Clinic, Due

ROLES = {"owner", "admin", "provider", "supervisor", "front_desk", "marketer", "analyst"}
SMALL = (replace(GLOW, slug="glow-demo"), replace(RIVAL, slug="rival-demo"))
pytestmark = pytest.mark.own_clinic


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("medspa.management.commands.demo.CLINICS", SMALL)
        patch.setattr(paper, "VAR_DIR", tmp_path_factory.mktemp("var"))
        patch.setattr(visits, "PAST_DAYS", 2)
        patch.setattr(visits, "COMING_DAYS", 2)
        call_command("demo", stdout=StringIO())
        yield paper.path()
        for clinic in clinics():
            provisioning.drop_clinic(clinic)


@pytest.fixture(autouse=True)
def database(demo, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def clinics() -> list[Clinic]:
    with enter_public():
        return list(Clinic.objects.filter(slug__endswith="-demo").order_by("slug"))


def test_both_clinics_have_plans_that_are_followed_and_aftercare_that_was_read(demo):
    from charting.models import AftercareSheet, AftercareText
    from charting.plans import reading

    for clinic in clinics():
        with enter(clinic):
            states = set()
            for person in Person.objects.filter(plans__isnull=False).distinct():
                states |= {one.state for one in reading.plans_of(person, at=now())}
            assert {"accepted", "offered", "declined"} <= states, clinic.slug
            assert AftercareText.objects.current().exists()
            assert not AftercareSheet.objects.filter(state="waiting").exists()


def test_the_file_is_as_others_read_it(demo):
    told = json.loads(demo.read_text())
    assert set(told) == {"platform", "sandbox", "clinics"}
    assert set(told["platform"]) == {"url", "admin"}
    assert stat.S_IMODE(demo.stat().st_mode) == 0o600
    for clinic, zone, factor in zip(
        told["clinics"], ("America/Chicago", "America/Los_Angeles"), (False, True), strict=True
    ):
        assert set(clinic) == {"name", "slug", "url", "timezone", "staff", "patients"}
        assert clinic["timezone"] == zone
        assert clinic["url"].startswith(f"http://{clinic['slug']}.localhost")
        assert {one["role"] for one in clinic["staff"]} == ROLES
        for one in clinic["staff"]:
            assert set(one) == {"role", "email", "password", "totp_secret", "api_token"}
            assert bool(one["totp_secret"]) is factor
        assert len(clinic["patients"]) >= 10
        for one in clinic["patients"]:
            assert set(one) == {"id", "email", "phone"}


def test_the_shelf_adds_up(demo):
    """bought = charted + wasted + left; something expired, something ends soon; points on the past visits."""
    from charting.models import InjectionPoint
    from practice.models import Lot, StockLevel, StockMovement
    from practice.stock import balance

    with enter(clinics()[0]):
        for level in StockLevel.objects.all():
            whole = balance(StockMovement.objects.filter(lot=level.lot, location=level.location))
            assert whole.left == level.left >= 0
        today = local_date(now(), Location.objects.get().zone)
        days = [lot.days_left(today) for lot in Lot.objects.all()]
        assert min(days) < 0
        assert any(0 <= left <= 60 for left in days)
        points = InjectionPoint.objects.exclude(lot=None)
        assert sum(points.values_list("units", flat=True)) == balance(StockMovement.objects.all()).charted


def test_every_token_opens_its_own_clinic(demo):
    told = json.loads(demo.read_text())
    for clinic, other in zip(told["clinics"], reversed(told["clinics"]), strict=True):
        for one in clinic["staff"]:
            bearer = f"Bearer {one['api_token']}"
            own = Client(HTTP_HOST=f"{clinic['slug']}.localhost", HTTP_AUTHORIZATION=bearer)
            assert own.get("/api/v1/me/").status_code == 200
            foreign = Client(HTTP_HOST=f"{other['slug']}.localhost", HTTP_AUTHORIZATION=bearer)
            assert foreign.get("/api/v1/me/").status_code == 401


def test_today_is_full_and_in_all_states(demo):
    for clinic in clinics():
        with enter(clinic):
            place = Location.objects.get()
            today = day_span(local_date(now(), place.zone), place.zone)
            assert Appointment.objects.starting(today).count() >= 8
            past = Appointment.objects.filter(ends_at__lt=now() - timedelta(hours=1)).standing()
            assert set(past.values_list("status", flat=True)) <= {Status.DONE, Status.NO_SHOW}
            coming = Appointment.objects.filter(starts_at__gt=now() + timedelta(hours=1))
            assert not coming.filter(status__in=[Status.DONE, Status.IN_ROOM, Status.NO_SHOW]).exists()


def test_everybody_and_all_time_went_through_the_gate(demo):
    for clinic in clinics():
        with enter(clinic):
            assert Person.objects.count() == 60
            assert Person.objects.filter(state=PersonState.CLAIMED).exists()
            for visit in Appointment.objects.standing():
                assert Occupancy.objects.filter(appointment=visit).exists()
            booked = Event.objects.filter(verb="appointment.booked").count()
            assert booked == Appointment.objects.count()
            names = {person.name for person in Person.objects.all()}
            assert "محمد الفارسي" in names
            assert max(map(len, names)) >= 40


def test_nothing_of_the_past_is_sent_now(demo):
    for clinic in clinics():
        with enter(clinic):
            assert not Message.objects.outgoing().waiting().exists()
        with enter_public():
            rows = Due.objects.filter(schema=clinic.schema_name)
            assert not rows.filter(kind="message").exists()
            assert not rows.filter(due_at__lte=now() - timedelta(minutes=5)).exists()


@pytest.mark.promise("P62")
def test_no_patient_of_the_demo_lies_open_in_the_main_database(demo):
    words = ["wolfeschlegelstein", "żółkiewski", "الفارسي", "ravenscroft", "goldfinch", "@example.com"]
    words += ["5125550111", "5035550111", "(512) 555-0111", "by the window", "allergic to latex"]
    for schema in [clinic.schema_name for clinic in clinics()] + ["public"]:
        assert leaks(schema, words) == set()


def test_a_second_run_changes_nothing(demo):
    before = demo.read_bytes()
    counts = []
    for clinic in clinics():
        with enter(clinic):
            counts.append((Appointment.objects.count(), Event.objects.count()))
    out = StringIO()
    call_command("demo", stdout=out)
    assert "is there" in out.getvalue()
    assert demo.read_bytes() == before
    for clinic, count in zip(clinics(), counts, strict=True):
        with enter(clinic):
            assert (Appointment.objects.count(), Event.objects.count()) == count


def test_lost_credentials_are_made_anew_and_the_rest_is_kept(demo):
    before = json.loads(demo.read_text())
    with enter(clinics()[0]):
        visits_before = set(Appointment.objects.values_list("uid", flat=True))
    demo.unlink()
    call_command("demo", stdout=StringIO())
    after = json.loads(demo.read_text())
    old, new = (told["clinics"][0]["staff"][0]["api_token"] for told in (before, after))
    assert old != new
    host = f"{after['clinics'][0]['slug']}.localhost"
    codes = [
        Client(HTTP_HOST=host, HTTP_AUTHORIZATION=f"Bearer {token}").get("/api/v1/me/").status_code
        for token in (old, new)
    ]
    assert codes == [401, 200]
    with enter(clinics()[0]):
        assert visits_before <= set(Appointment.objects.values_list("uid", flat=True))
