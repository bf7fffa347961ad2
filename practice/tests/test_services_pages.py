"""Services, headings, booking rules and texts as the owner writes them down."""

import pytest

from audit.models import Event
from practice import queries
from practice.models import ClinicProfile, Device, PolicyText, Service, ServiceCategory
from practice.offer import Obstacles, read_amount, write_amount
from tenants.context import enter

LIST = "/desk/settings/services/"
POLICIES = "/desk/settings/policies/"
PEEL = {
    "name": "Peel",
    "new_category": "Skin",
    "description": "Brighter in an hour.",
    "duration_minutes": "40",
    "buffer_before": "5",
    "buffer_after": "10",
    "processing_start": "10",
    "processing_minutes": "15",
    "price": "1,180.50",
    "deposit": "50",
    "room_kind": "treatment",
    "device_kind": "",
    "min_age": "18",
    "online": "on",
}
RULES = {
    "rules": "1",
    "slot_minutes": "30",
    "min_notice_minutes": "60",
    "horizon_days": "90",
    "hold_minutes": "10",
    "free_cancel_hours": "48",
    "reminder_0_hours": "24",
    "reminder_0_by": "email+sms",
}
TEXTS = {"texts": "1", "cancellation_policy": "Two days.", "service_sms": "Texts. Reply STOP to end them."}


@pytest.fixture
def owner(glow):
    return glow.client(glow.cast.owner)


def test_a_service_is_added_changed_copied_moved_and_archived(glow, owner):
    givers = {"providers": [str(glow.cast.providers["nora"].uid)]}
    assert owner.post(LIST + "new/", PEEL | givers).status_code == 303
    with enter(glow.clinic):
        row = Service.objects.get(name="Peel")
        assert (row.price_amount, row.deposit_amount, row.category.name) == (118_050, 5_000, "Skin")
        assert [one.display_name for one in row.providers.all()] == ["Nora Novak"]
        assert row in queries.bookable_services()
    page = f"{LIST}{row.uid}/"
    assert 'value="1180.50"' in owner.get(page).content.decode()
    again = PEEL | givers | {"name": "Deep peel", "new_category": "", "category": str(row.category.uid)}
    assert owner.post(page, again).status_code == 303
    copied = owner.post(page + "copy/")["Location"]
    with enter(glow.clinic):
        made = Service.objects.get(name="Deep peel (copy)")
        assert str(made.uid) in copied
        assert not made.online
    assert owner.post(f"{LIST}{made.uid}/up/").status_code == 303
    with enter(glow.clinic):
        skin = Service.objects.filter(category=row.category).order_by("position")
        assert [one.name for one in skin] == ["Deep peel (copy)", "Deep peel"]
    assert owner.post(page + "archive/").status_code == 303
    with enter(glow.clinic):
        assert not Service.objects.in_use().filter(pk=row.pk).exists()
    assert owner.post(page + "restore/").status_code == 303
    with enter(glow.clinic):
        verbs = set(Event.objects.filter(object_id=str(row.uid)).values_list("verb", flat=True))
    assert {"service.created", "service.updated", "service.archived", "service.restored"} <= verbs


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": ""}, "Enter the name patients will read."),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"new_category": ""}, "Choose a heading, or type a new one."),
        ({"new_category": "x" * 81}, "at most 80 characters"),
        ({"duration_minutes": "0"}, "from 5 to 720"),
        ({"duration_minutes": "99999999999999999999"}, "from 5 to 720"),
        ({"duration_minutes": "half an hour"}, "from 5 to 720"),
        ({"buffer_after": "121"}, "from 0 to 120"),
        ({"processing_minutes": "31"}, "The gap must end before the visit does."),
        ({"price": "cheap"}, "Give an amount such as 180"),
        ({"price": "-5"}, "Give an amount such as 180"),
        ({"price": "5.005"}, "Give an amount such as 180"),
        ({"deposit": "2000"}, "The deposit cannot be more than the price."),
        ({"room_kind": "dungeon"}, "Choose one of the list."),
        ({"min_age": "121"}, "from 0 to 120"),
        ({"providers": ["x"]}, "Choose from the list."),
    ],
)
def test_services_that_cannot_be(glow, owner, wrong, says):
    answer = owner.post(LIST + "new/", PEEL | wrong)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    with enter(glow.clinic):
        assert not Service.objects.filter(duration_minutes=40).exists()
        assert not ServiceCategory.objects.filter(name="Skin").exists()


def test_a_heading_with_services_stays(glow, owner):
    with enter(glow.clinic):
        face = glow.cast.services["botox"].category
        spare = ServiceCategory.objects.create(name="Spare")
    assert owner.post(f"{LIST}headings/{face.uid}/", {"delete": "1"}).status_code == 409
    assert owner.post(f"{LIST}headings/{spare.uid}/", {"delete": "1"}).status_code == 303
    renamed = owner.post(f"{LIST}headings/{face.uid}/", {"name": "Faces", "position": "3"})
    assert renamed.status_code == 303
    with enter(glow.clinic):
        assert [(one.name, one.position) for one in ServiceCategory.objects.all()] == [
            ("Body", 1),
            ("Faces", 3),
        ]


def test_what_keeps_a_service_from_being_booked(glow):
    with enter(glow.clinic):
        laser = glow.cast.services["laser"]
        assert Obstacles.read().of(laser) == []
        Device.objects.filter(pk=glow.cast.devices["laser"].pk).delete()  # the cast keeps its own
        assert "laser" in str(Obstacles.read().of(laser)[0])
        for provider in glow.cast.providers.values():
            provider.working_hours.all().delete()
        assert "working hours" in str(Obstacles.read().of(laser)[0])
        laser.providers.clear()
        assert str(Obstacles.read().of(laser)[0]) == "Nobody gives it"


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("360", "USD", 36_000),
        ("1,200.5", "USD", 120_050),
        ("$80", "USD", 8_000),
        ("12,50", "EUR", 1_250),
        ("900", "JPY", 900),
    ],
)
def test_amounts(text, currency, amount):
    assert read_amount(text, currency) == amount
    assert read_amount(write_amount(amount, currency), currency) == amount


@pytest.mark.parametrize("text", ["", "free", "1.2.3", "1e5", "٣", "12,5000", "99999999999", "=1+1", "1 200"])
def test_what_is_no_amount(text):
    with pytest.raises(ValueError):
        read_amount(text, "USD")


@pytest.mark.promise("P22")
def test_booking_rules(glow, owner):
    assert owner.post(POLICIES, RULES).status_code == 303
    with enter(glow.clinic):
        row = ClinicProfile.objects.get()
    assert (row.slot_minutes, row.free_cancel_hours, row.horizon_days) == (30, 48, 90)
    assert row.reminder_offsets_hours == [{"hours": 24, "channels": ["email", "sms"]}]


@pytest.mark.parametrize(
    "wrong",
    [
        {"slot_minutes": "7"},
        {"horizon_days": "0"},
        {"horizon_days": "731"},
        {"hold_minutes": "0"},
        {"hold_minutes": "600"},
        {"free_cancel_hours": "-1"},
        {"reminder_0_hours": "337"},
        {"reminder_0_by": "pigeon"},
    ],
)
def test_rules_that_cannot_be(glow, owner, wrong):
    answer = owner.post(POLICIES, RULES | wrong)
    assert answer.status_code == 422
    with enter(glow.clinic):
        assert ClinicProfile.objects.get().free_cancel_hours == 24


def test_a_text_becomes_a_new_version(glow, owner):
    assert owner.post(POLICIES, TEXTS).status_code == 303
    assert owner.post(POLICIES, TEXTS).status_code == 303  # the same again is no version
    with enter(glow.clinic):
        assert queries.current_texts()["cancellation_policy"].text == "Two days."
        assert PolicyText.objects.count() == 4
    assert "Earlier versions" in owner.get(POLICIES).content.decode()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"service_sms": "Texts."}, "replying STOP"),
        ({"service_sms": ""}, "Write the text"),
        ({"cancellation_policy": "x" * 10_001}, "10000"),
        ({"cancellation_policy": "a\0b"}, "Null characters"),
    ],
)
def test_texts_that_cannot_be(glow, owner, wrong, says):
    answer = owner.post(POLICIES, TEXTS | wrong)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    with enter(glow.clinic):
        assert PolicyText.objects.count() == 2
