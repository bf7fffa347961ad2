"""The recall drill: the lot is shut at once, everybody who had it is written to, and the proof is read from the outbox."""

from datetime import timedelta

import pytest

from audit.models import Event
from charting import actions, recalls
from charting.actions.recall import run_recall, tell_patients, told_by_hand
from charting.models import RecallNotice
from charting.recalls import read_proof
from charting.tests.test_injections import NOW, Room
from core.problems import Conflict, NotFound
from messaging import consents
from messaging.actions import stop_contact
from messaging.contacts import index_of
from messaging.models import Channel, Message, Purpose, State
from patients import actions as patients
from patients.rules import Details
from practice import actions as practice
from practice.actions import stock
from practice.tests.shelf import BY
from tenants.context import enter

LATER = NOW + timedelta(hours=6)  # past eleven at night in Austin


class Drill(Room):
    def treat(self, person):
        how = {"location": self.here, "kind": "treatment", "by": BY, "at": self.at}
        self.encounter = actions.begin_encounter(person, self.cast.providers["ines"], **how)
        return self.chart()

    def messages(self):
        return Message.objects.filter(kind=recalls.KIND)


@pytest.fixture
def drill(glow):
    with enter(glow.clinic):
        drill = Drill(glow)
        for name in ("pat", "quinn"):
            drill.treat(drill.cast.people[name])
        yield drill


def recall(drill):
    return run_recall(drill.lot, reason="Maker's letter, sterility", by=BY, at=LATER)


def proof(drill):
    drill.lot.refresh_from_db()
    return read_proof(drill.cast.users["supervisor"], drill.lot)


def test_lot_to_patients_to_messages_to_proof(drill):
    recall(drill)
    with pytest.raises(stock.LotUnusable):
        drill.chart()
    assert drill.messages().count() == 4, "two people, by mail and by text"
    for message in drill.messages():
        assert message.purpose == Purpose.TRANSACTIONAL
        assert message.send_after == LATER, "at once, at any hour"
        assert ("Relaxine" in message.body) == (message.channel == Channel.EMAIL), "a text names no product"
    told = proof(drill)
    assert (told.started_at, told.told_at) == (LATER, LATER)
    assert (len(told.patients), told.reached, told.under_way, told.to_call) == (2, 0, 2, 0)
    pat = next(one for one in told.patients if one.person == drill.cast.pat)
    drill.messages().filter(subject=pat.person.uid, channel=Channel.SMS).update(state=State.DELIVERED)
    drill.messages().exclude(subject=pat.person.uid).update(state=State.FAILED)
    told = proof(drill)
    assert (told.reached, told.under_way, told.to_call) == (1, 0, 1)
    told_by_hand(drill.lot, drill.cast.people["quinn"], by=BY, at=LATER)
    told = proof(drill)
    assert (told.reached, told.to_call) == (2, 0)


def test_a_number_that_said_stop_gets_a_mail_and_no_text(drill):
    pat = drill.cast.pat
    stop_contact(drill.cast.desk, to=pat.phone, at=NOW, subject=pat.uid)
    quinn = drill.cast.people["quinn"]
    consents.decide(
        index_of(Channel.SMS, quinn.phone),
        Channel.SMS,
        topic="service",
        granted=False,
        text_version="1",
        source="test",
        at=NOW,
    )
    recall(drill)
    assert {one.channel for one in drill.messages()} == {Channel.EMAIL}


def test_whom_nothing_reaches_is_on_the_list_to_be_called(drill):
    nobody = patients.create_person(Details("Nina", "Nocontact", "", "+15125550188"), by=BY, at=NOW)
    stop_contact(drill.cast.desk, to="+15125550188", at=NOW, subject=nobody.uid)
    drill.treat(nobody)
    recall(drill)
    told = proof(drill)
    assert [one.person for one in told.patients if one.needs_a_call] == [nobody]


def test_it_can_be_repeated_and_writes_to_nobody_twice(drill):
    recall(drill)
    assert tell_patients(drill.lot.__class__.objects.get(pk=drill.lot.pk), by=BY, at=LATER) == 0
    with pytest.raises(Conflict):
        recall(drill)
    assert drill.messages().count() == 4
    assert RecallNotice.objects.count() == 2


def test_who_had_it_removed_from_the_map_did_not_have_it(drill):
    actions.remove_point(drill.chart(), **drill.how())
    point = drill.encounter.injection_map.points.filter(removed_at=None).get()
    actions.remove_point(point, **drill.how())
    assert recalls.persons_of(drill.lot) == [drill.cast.pat.pk]


def test_a_recall_of_the_wrong_lot_is_lifted(drill):
    recall(drill)
    practice.lift_recall(drill.lot, by=BY, at=LATER)
    drill.chart()
    with pytest.raises(Conflict):
        practice.lift_recall(drill.lot, by=BY, at=LATER)
    drill.lot.refresh_from_db()
    with pytest.raises(Conflict):
        tell_patients(drill.lot, by=BY, at=LATER)
    run_recall(drill.lot, reason="It was the right one", by=BY, at=LATER + timedelta(days=1))
    assert drill.messages().count() == 8, "a second recall is told again"


def test_one_event_names_all_who_were_listed(drill):
    recall(drill)
    before = Event.objects.filter(verb="recall.listed").count()
    proof(drill)
    event = Event.objects.filter(verb="recall.listed").order_by("-at")[0]
    assert Event.objects.filter(verb="recall.listed").count() == before + 1
    assert set(event.shown) == {drill.cast.pat.uid, drill.cast.people["quinn"].uid}


def test_told_by_hand_is_for_patients_of_the_recall(drill):
    recall(drill)
    with pytest.raises(NotFound):
        told_by_hand(drill.lot, drill.cast.stranger, by=BY, at=LATER)


def test_the_pages_of_the_drill(drill):
    client = drill.house.client(drill.cast.users["supervisor"])
    url = f"/desk/stock/lots/{drill.lot.uid}/recall/"
    page = client.get(url).content.decode()
    assert "Recall, and tell 2 patients" in page
    answer = client.post(url, {"reason": "No"})
    assert answer.status_code == 422
    assert not drill.messages().exists()
    assert client.post(url, {"reason": "Maker's letter, sterility", "sure": "on"}).status_code == 303
    page = client.get(url).content.decode()
    assert "0 of 2" in page
    assert "Pat Peterson" in page
    assert 'hx-trigger="every 5s"' in page
    drill.messages().update(state=State.DELIVERED)
    page = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "2 of 2" in page
    assert "hx-trigger" not in page
    assert "<html" not in page


def test_the_drill_asks_as_often_for_many_as_for_few(drill, django_assert_max_num_queries):
    recall(drill)
    client = drill.house.client(drill.cast.users["supervisor"])
    url = f"/desk/stock/lots/{drill.lot.uid}/recall/"
    client.get(url)
    with django_assert_max_num_queries(26):
        client.get(url)
