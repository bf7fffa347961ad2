"""Writes of the clinic's own nouns: who did it is recorded, nonsense is refused whole, news is sent."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import DatabaseError, transaction

from audit.actors import job
from audit.models import Event
from core.problems import Invalid
from practice import actions, queries
from practice.actions.hours import Week
from practice.models import Location, OpeningHours, PolicyText, Provider, Resource, Service
from practice.profile import profile
from practice.signals import hours_changed
from practice.timetable import timetable
from tenants.context import enter

AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
BY = job("test")


@pytest.fixture
def cast(glow):
    with enter(glow.clinic):
        yield glow.cast


@pytest.fixture
def news():
    heard = []

    def hear(sender, location, provider, **kwargs):
        heard.append((location, provider))

    hours_changed.connect(hear)
    yield heard
    hours_changed.disconnect(hear)


def fields_of(invalid: pytest.ExceptionInfo) -> set[str]:
    return {one["field"] for one in invalid.value.errors}


def last_verb() -> str:
    return Event.objects.latest("at").verb


def test_a_service_that_adds_up(cast):
    service = actions.create_service(
        by=BY, category=cast.services["botox"].category, name="Peel", duration_minutes=40, providers=[]
    )
    assert last_verb() == "service.created"
    assert service.currency == "USD"
    assert service not in queries.bookable_services()  # nobody gives it
    actions.set_service_providers(service, [cast.providers["nora"]], by=BY)
    assert service in queries.bookable_services()
    actions.archive_service(service, by=BY, at=AT)
    assert service not in queries.bookable_services()


@pytest.mark.parametrize(
    ("numbers", "field"),
    [
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"duration_minutes": 10_000}, "duration_minutes"),
        ({"buffer_after": 500}, "buffer_after"),
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"processing_start": 20, "processing_minutes": 20}, "processing_minutes"),
        ({"price_amount": 100, "deposit_amount": 200}, "deposit_amount"),
        ({"min_age": 121}, "min_age"),
        ({"price_amount": -1}, "price_amount"),
    ],
)
def test_services_that_do_not_add_up(cast, numbers, field):
    before = Service.objects.count()
    good = {"category": cast.services["botox"].category, "name": "Peel", "duration_minutes": 30}
    with pytest.raises(Invalid) as caught:
        actions.create_service(by=BY, **{**good, **numbers})
    assert field in fields_of(caught)
    assert Service.objects.count() == before


def test_a_field_nobody_named_is_a_fault_of_ours(cast):
    with pytest.raises(TypeError):
        actions.update_service(cast.services["botox"], by=BY, archived_at=AT)


def test_hours_are_replaced_whole_and_told(cast, news):
    week = [Week(0, time(9), time(12)), Week(0, time(13), time(17))]
    actions.set_opening_hours(cast.location, week, by=BY)
    assert OpeningHours.objects.filter(location=cast.location).count() == 2
    actions.set_working_hours(cast.providers["ines"], cast.location, week[:1], by=BY)
    actions.close_location(cast.location, date(2026, 12, 24), date(2026, 12, 26), by=BY)
    assert news == [
        (cast.location, None),
        (cast.location, cast.providers["ines"]),
        (cast.location, None),
    ]
    table = timetable(cast.location, date(2026, 12, 21), date(2026, 12, 28))
    ines, sven = cast.providers["ines"].pk, cast.providers["sven"].pk
    assert len(table.works_on(ines, date(2026, 12, 21))) == 1
    assert len(table.works_on(sven, date(2026, 12, 21))) == 2
    assert table.works_on(ines, date(2026, 12, 22)) == []  # a Tuesday


@pytest.mark.parametrize(
    ("week", "code"),
    [
        ([Week(7, time(9), time(12))], "weekday"),
        ([Week(0, time(12), time(9))], "order"),
        ([Week(0, time(9), time(9))], "order"),
        ([Week(0, time(9), time(12)), Week(0, time(11), time(17))], "overlap"),
    ],
)
def test_hours_that_cannot_be(cast, week, code):
    with pytest.raises(Invalid) as caught:
        actions.set_opening_hours(cast.location, week, by=BY)
    assert code in {one["code"] for one in caught.value.errors}
    assert OpeningHours.objects.filter(location=cast.location).count() == 7


def test_summer_and_winter_hours_may_differ(cast):
    week = [
        Week(0, time(9), time(12), valid_until=date(2026, 12, 31)),
        Week(0, time(10), time(14), valid_from=date(2027, 1, 1)),
    ]
    assert len(actions.set_working_hours(cast.providers["ines"], cast.location, week, by=BY)) == 2


def test_a_closure_that_ends_before_it_begins(cast):
    with pytest.raises(Invalid):
        actions.close_location(cast.location, date(2026, 12, 26), date(2026, 12, 24), by=BY)


def test_places_know_where_and_when_they_are(cast, news):
    made = actions.create_location(
        by=BY, name="Second", timezone="America/Denver", phone="(303) 555-0111", state="CO"
    )
    assert made.phone == "+13035550111"
    with pytest.raises(Invalid) as caught:
        actions.update_location(made, by=BY, timezone="Mars/Olympus", phone="1")
    assert fields_of(caught) == {"timezone", "phone"}
    actions.update_location(made, by=BY, timezone="America/Boise")
    assert news == [(made, None)]
    actions.archive_location(made, by=BY, at=AT)
    assert made not in Location.objects.open()


def test_whoever_can_be_busy_has_a_number_of_its_own(cast):
    room = actions.create_room(by=BY, name="Blue room", kind="treatment", location=cast.location)
    device = actions.create_device(by=BY, name="PicoWay", kind="laser", location=cast.location)
    provider = actions.create_provider(by=BY, display_name="Otto Orth")
    numbers = {row.resource_id for row in (room, device, provider)}
    assert set(Resource.objects.filter(pk__in=numbers).values_list("kind", flat=True)) == {
        "room",
        "device",
        "provider",
    }
    assert room in queries.rooms_for(cast.services["botox"], cast.location)
    actions.archive_room_or_device(room, by=BY, at=AT)
    assert room not in queries.rooms_for(cast.services["botox"], cast.location)
    assert queries.rooms_for(cast.services["consultation"], cast.location) == []
    actions.archive_provider(provider, by=BY, at=AT)
    assert provider not in Provider.objects.in_use()


def test_who_gives_what(cast):
    laser, botox = cast.services["laser"], cast.services["botox"]
    assert {one.display_name for one in queries.providers_for(laser)} == {"Ines Ibarra", "Sven Sandberg"}
    actions.update_provider(cast.providers["nora"], by=BY, bookable_online=False)
    assert cast.providers["nora"] not in queries.providers_for(botox)
    assert cast.providers["nora"] in queries.providers_for(botox, online=False)


def test_the_profile_of_now(cast):
    actions.update_profile(by=BY, accent=" #1FD1B2 ", slot_minutes=30)
    assert (profile().accent, profile().slot_minutes) == ("#1fd1b2", 30)


@pytest.mark.parametrize(
    "wrong",
    [
        {"accent": "red"},
        {"accent": "#12345"},
        {"accent": "#12345g"},
        {"accent": "#fff;}body{display:none"},
        {"slot_minutes": 7},
        {"logo_mark": "dragon"},
        {"reminder_offsets_hours": [{"hours": 0, "channels": ["sms"]}]},
        {"reminder_offsets_hours": [{"hours": 24, "channels": ["pigeon"]}]},
        {"reminder_offsets_hours": "24"},
        {"name": ""},
    ],
)
def test_profiles_that_cannot_be(cast, wrong):
    with pytest.raises(Invalid):
        actions.update_profile(by=BY, **wrong)


def test_a_text_gets_a_version_and_is_never_changed(cast):
    first = actions.publish_text("cancellation_policy", "One day ahead.", by=BY, at=AT)
    again = actions.publish_text("cancellation_policy", "One day ahead.", by=BY, at=AT)
    second = actions.publish_text("cancellation_policy", "Two days ahead.", by=BY, at=AT)
    assert first.version == again.version != second.version
    assert queries.current_texts()["cancellation_policy"].text == "Two days ahead."
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyText.objects.filter(pk=first.pk).update(text="Never mind.")


@pytest.mark.promise("P6")
@pytest.mark.parametrize("kind", ["medspa", "tattoo_removal", "aesthetic"])
def test_each_kind_of_clinic_starts_with_its_own(new_bare_clinic, kind):
    location = actions.open_clinic(kind=kind, name="Fresh", timezone="America/Denver", by=BY, at=AT)
    services = queries.services_in_use()
    assert len(services) >= 4
    for service in services:
        if service.room_kind:
            assert queries.rooms_for(service, location), service.name
        if service.device_kind:
            assert queries.devices_for(service, location), service.name
    assert set(queries.current_texts()) == {"service_sms", "cancellation_policy"}
    assert profile().kind == kind
    names = {service.name for service in services}
    assert ("Removal, small" in names) is (kind == "tattoo_removal")


@pytest.fixture
def new_bare_clinic(glow):
    """A clinic with nothing in it: the test's transaction takes it away and gives it back."""
    with enter(glow.clinic):
        from patients.models import Person
        from practice.models import Closure, Device, Room, ServiceCategory

        Person.objects.all().delete()
        for model in (Service, ServiceCategory, Room, Device, Provider, Closure, Location):
            model.objects.all().delete()
        yield glow
