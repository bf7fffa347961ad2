"""The checklist tells from what is stored what is missing; suggestions fill gaps, once, and touch nothing."""

from datetime import UTC, datetime, time

import pytest

from audit.actors import job
from audit.models import Event
from core.problems import Conflict, Invalid
from practice import actions, checklist, presets, queries
from practice.actions.hours import Week
from practice.models import (
    ClinicKind,
    ClinicProfile,
    Closure,
    Device,
    Location,
    Provider,
    Room,
    Service,
    ServiceCategory,
)
from tenants.context import enter

AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
BY = job("test")
PAGE = "/desk/set-up/"


@pytest.fixture
def bare(glow):
    """Glow before anybody said anything; the test's transaction gives it back."""
    from patients.models import Person

    with enter(glow.clinic):
        Person.objects.all().delete()
        for model in (Service, ServiceCategory, Room, Device, Provider, Closure, Location, ClinicProfile):
            model.objects.all().delete()
    return glow


def undone(house) -> list[str]:
    with enter(house.clinic):
        return [step.key for step in checklist.read().needed if not step.done]


def test_a_clinic_that_is_set_up(glow):
    with enter(glow.clinic):
        assert checklist.read().is_complete
        assert checklist.is_bookable()
        assert not checklist.wants_showing()
    assert "Patients can book" in glow.client(glow.cast.owner).get(PAGE).content.decode()


@pytest.mark.promise("P22")
def test_from_nothing_to_bookable(bare):
    owner = bare.client(bare.cast.owner)
    everything = ["clinic", "location", "hours", "services", "people", "online"]
    assert undone(bare) == everything  # texts are never deleted, the agreement is signed
    assert "Patients cannot book yet." in owner.get("/desk/").content.decode()
    assert "Patients cannot book yet." not in bare.client(bare.cast.desk).get("/desk/").content.decode()
    refused = owner.post(PAGE + "preset/", {"kind": "medspa"})
    assert refused.status_code == 409
    clinic = {"name": "Glow", "phone": "+15125550142", "locale": "en", "region": "US", "currency": "USD"}
    assert owner.post("/desk/settings/clinic/", clinic).status_code == 303
    place = {
        "name": "Centre",
        "timezone": "America/Chicago",
        "country": "US",
        "address_1": "1 Main Street",
        "city": "Austin",
    }
    assert owner.post("/desk/settings/locations/new/", place).status_code == 303
    assert undone(bare) == ["hours", "services", "people", "online"]
    assert owner.post(PAGE + "preset/", {"kind": "tattoo_removal"}).status_code == 303
    assert undone(bare) == ["people", "online"]
    with enter(bare.clinic):
        location = queries.locations()[0]
        ann = actions.create_provider(by=BY, display_name="Ann Able")
        actions.set_working_hours(ann, location, [Week(0, time(9), time(17))], by=BY)
        consultation = Service.objects.get(name="Consultation")
        actions.set_service_providers(consultation, [ann], by=BY)
        assert checklist.read().is_complete
        assert not checklist.wants_showing()
    assert "Consultation" in bare.client().get("/book/").content.decode()


@pytest.mark.promise("P6")
@pytest.mark.parametrize("kind", ClinicKind.values)
def test_suggestions_of_each_kind_add_up(bare, kind):
    with enter(bare.clinic):
        location = actions.create_location(by=BY, name="Centre", timezone="America/Denver")
        ann = actions.create_provider(by=BY, display_name="Ann Able")
        actions.set_working_hours(ann, location, [Week(0, time(9), time(17))], by=BY)
        presets.apply(kind, by=BY, at=AT)
        services = queries.services_in_use()
        assert len(services) >= 6
        assert all(service.description for service in services)
        from practice.offer import Obstacles

        obstacles = Obstacles.read()
        assert [(one.name, obstacles.of(one)) for one in services if obstacles.of(one)] == []
        assert Event.objects.filter(verb="clinic.preset_applied").exists()


def test_suggestions_touch_nothing_and_come_once(glow):
    with enter(glow.clinic):
        before = [Service.objects.count(), Room.objects.count(), Device.objects.count()]
        texts = queries.current_texts()
        presets.apply("medspa", by=BY, at=AT)
        assert [Service.objects.count(), Room.objects.count(), Device.objects.count()] == before
        assert queries.current_texts() == texts
        with pytest.raises(Conflict):
            presets.apply("medspa", by=BY, at=AT)
        with pytest.raises(Invalid):
            presets.apply("circus", by=BY, at=AT)


def test_a_clinic_opened_with_suggestions_is_not_offered_them_again(bare):
    with enter(bare.clinic):
        actions.open_clinic(kind="medspa", name="Fresh", timezone="America/Denver", by=BY, at=AT)
        assert ClinicProfile.objects.get().preset_applied_at == AT
    assert "Take over suggestions" not in bare.client(bare.cast.owner).get(PAGE).content.decode()


def test_the_checklist_is_put_away_and_taken_out(bare):
    owner = bare.client(bare.cast.owner)
    assert owner.post(PAGE + "hide/", {"hide": "1"}).status_code == 303
    assert "Patients cannot book yet." not in owner.get("/desk/").content.decode()
    assert "Remind me" in owner.get(PAGE).content.decode()
    assert owner.post(PAGE + "hide/", {"hide": "0"}).status_code == 303
    assert "Patients cannot book yet." in owner.get("/desk/").content.decode()


def test_an_unknown_kind_is_refused(bare):
    owner = bare.client(bare.cast.owner)
    assert owner.post(PAGE + "preset/", {"kind": "circus"}).status_code == 422
    assert owner.post(PAGE + "preset/", {}).status_code == 422
