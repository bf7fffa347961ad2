"""Guardians and the record's own log: who looks after whom is the staff's word, and everybody may know who looked."""

import re
from datetime import timedelta

import pytest
from django.db import transaction

from audit.models import Event
from charting.models import AdverseEvent
from core.problems import Invalid
from messaging.models import Message
from patients import actions as patients
from patients import guardians
from patients.models import Guardianship, Person
from patients.rules import Details
from portal.tests.conftest import Patient
from practice.models import Service
from scheduling.models import Appointment
from scheduling.tests.browsing import AT, hidden, plain, time_path
from scheduling.tests.visits import TEN, book_for, token
from tenants.context import enter
from tests.cast import BEGAN, BY

pytestmark = pytest.mark.usefixtures("friday")


@pytest.fixture
def mia(glow):
    """Fifteen, in Pat's care."""
    with enter(glow.clinic):
        born = AT.date().replace(year=AT.year - 15)
        mia = patients.create_person(Details("Mia", "Peterson", date_of_birth=born), by=BY, at=BEGAN)
        link(glow, mia, glow.cast.pat)
    return mia


def link(house, dependant, guardian, relation="parent", user=None):
    return guardians.link(
        user or house.cast.desk, dependant, guardian, relation=relation, on=AT.date(), at=AT
    )


def test_a_guardian_sees_and_books_for_a_dependant(pat, glow, mia):
    assert "Mia Peterson" in pat.get("/portal/")
    pat.post(f"/portal/people/{mia.uid}/")
    read = plain(pat.get("/portal/"))
    assert "These are the pages of Mia , whom you look after." in read
    pat.client.get("/book/")
    with enter(glow.clinic):
        slot = token(glow.cast, at=TEN, now=AT)
    pat.post(time_path(glow.cast), {"slot": slot})
    path = pat.path
    page = pat.get(path)
    assert "Mia Peterson" in page
    young = plain(pat.post(path, hidden(page), 422))
    assert "Botox is for people of 18 and older." in young
    with enter(glow.clinic):
        Service.objects.filter(name="Botox").update(min_age=12)
    pat.post(path, hidden(page))
    with enter(glow.clinic):
        visit = Appointment.objects.select_related("person").get()
        assert visit.person.uid == mia.uid
        told = Message.objects.get(about=visit.uid, kind="visit_booked")
        assert told.to == glow.cast.pat.email  # Mia has no address of her own
        event = Event.objects.get(verb="appointment.booked")
        assert (event.actor_kind, event.actor_id, event.on_behalf) == (
            "patient",
            str(glow.cast.pat.uid),
            str(mia.uid),
        )
    pat.get(f"/portal/visits/{visit.uid}/", 200)
    pat.post("/portal/people/me/")
    pat.get(f"/portal/visits/{visit.uid}/", 404)  # on their own pages it is not theirs


def test_a_guardian_reports_a_reaction_of_a_dependant(pat, glow, mia):
    """It is of Mia's record, by Pat on her behalf; Pat's own pages and record know nothing of it."""
    report = {"what": "Blisters on her arm", "since": "this morning", "severity": "moderate"}
    pat.post(f"/portal/people/{mia.uid}/")
    page = pat.get("/portal/report/")
    assert "Mia" in page
    key = hidden(page)
    pat.post("/portal/report/", key | report)
    with enter(glow.clinic):
        event = AdverseEvent.objects.select_related("person").get()
        assert (event.person.uid, event.reported_by, event.what) == (mia.uid, "guardian", report["what"])
        noted = Event.objects.get(verb="adverse_event.reported")
        assert (noted.actor_id, noted.on_behalf) == (str(glow.cast.pat.uid), str(mia.uid))
        assert noted.patient_id == mia.uid
    pat.post("/portal/people/me/")
    pat.post(
        "/portal/report/", key | report
    )  # the same form, sent again for another person, is another report
    with enter(glow.clinic):
        own = AdverseEvent.objects.exclude(pk=event.pk).select_related("person").get()
        assert (own.person.uid, own.reported_by) == (glow.cast.pat.uid, "patient")


@pytest.mark.promise("P93")
def test_what_ends_for_the_guardian_ends_with_the_next_request(pat, glow, mia):
    pat.post(f"/portal/people/{mia.uid}/")
    assert "Mia" in pat.get("/portal/you/")
    with enter(glow.clinic):
        made = Guardianship.objects.get()
        guardians.unlink(glow.cast.desk, mia, made.uid, at=AT)
    assert "Mia" not in pat.get("/portal/you/")
    pat.post(f"/portal/people/{mia.uid}/", status=404)
    with enter(glow.clinic):
        verbs = set(Event.objects.filter(patient_id=mia.uid).values_list("verb", flat=True))
        assert {"guardian.linked", "guardian.unlinked", "dependant.opened"} <= verbs


@pytest.mark.promise("P159")
@pytest.mark.parametrize("which", ["guardian", "dependant"])
def test_who_is_archived_looks_after_nobody_and_is_looked_after_by_nobody(pat, glow, mia, which):
    pat.post(f"/portal/people/{mia.uid}/")
    with enter(glow.clinic):
        archived = glow.cast.pat if which == "guardian" else mia
        assert guardians.reach(mia, "email", at=AT) == glow.cast.pat.email
        Person.objects.filter(pk=archived.pk).update(archived_at=AT)
        assert guardians.reach(mia, "email", at=AT) == ""
        assert guardians.guardians_of(glow.cast.desk, mia, at=AT) == []
        with pytest.raises(Invalid) as refused:
            link(glow, Person.objects.get(pk=mia.pk), Person.objects.get(pk=glow.cast.pat.pk))
        assert refused.value.errors[0]["code"] == "archived"
    if which == "guardian":
        assert pat.client.get("/portal/you/").status_code == 302
    else:
        assert "Mia" not in pat.get("/portal/you/")
        pat.post(f"/portal/people/{mia.uid}/", status=404)


@pytest.mark.promise("P159")
def test_who_comes_of_age_is_their_own_from_that_day_unless_the_staff_links_them_anew(pat, glow, mia):
    eighteenth = AT.replace(year=AT.year + 3)
    pat.post(f"/portal/people/{mia.uid}/")
    with enter(glow.clinic):
        before, pair = eighteenth - timedelta(days=1), (glow.cast.pat, mia)
        assert guardians.cares_for(*pair, at=before)
        assert not guardians.cares_for(*pair, at=eighteenth)
        assert guardians.reach(mia, "email", at=eighteenth) == ""
        mia = patients.update_person(
            mia, {"date_of_birth": AT.date().replace(year=AT.year - 18)}, by=BY, on=AT.date()
        )
        Guardianship.objects.update(linked_at=AT - timedelta(days=9))
    assert "Mia" not in pat.get("/portal/you/")
    pat.post(f"/portal/people/{mia.uid}/", status=404)
    with enter(glow.clinic):
        link(glow, mia, glow.cast.pat, "carer")
    pat.post(f"/portal/people/{mia.uid}/")
    assert "Mia" in pat.get("/portal/you/")


def test_nobody_looks_after_whom_the_staff_did_not_link(quinn, glow, mia):
    for uid in (mia.uid, glow.cast.pat.uid, glow.cast.people["quinn"].uid):
        quinn.post(f"/portal/people/{uid}/", status=404)
    assert "Nobody is linked to you" in quinn.get("/portal/people/")


def test_who_cannot_be_a_guardian(glow, mia):
    with enter(glow.clinic):
        for guardian, relation, code in (
            (mia, "parent", "same"),
            (glow.cast.stranger, "parent", "not_verified"),
            (glow.cast.people["quinn"], "uncle", "unknown"),
        ):
            with pytest.raises(Invalid) as refused, transaction.atomic():
                link(glow, mia, guardian, relation)
            assert code in {each["code"] for each in refused.value.errors}
        with pytest.raises(Invalid) as refused:
            link(glow, mia, glow.cast.pat)
        assert refused.value.errors[0]["code"] == "already"
        with pytest.raises(Invalid) as refused:
            link(glow, glow.cast.pat, mia)
        assert "minor" in {each["code"] for each in refused.value.errors}


def test_the_desk_links_and_unlinks(glow):
    desk, cast = glow.client(glow.cast.desk), glow.cast
    page = f"/desk/patients/{cast.people['quinn'].uid}/guardians/"
    assert "Pat Peterson" in desk.get(page, {"q": "pete"}).content.decode()
    lost = desk.post(page, {"q": "pete", "guardian": "x", "relation": "parent"})
    assert lost.status_code == 422
    assert "Pat Peterson" in lost.content.decode()
    done = desk.post(page, {"q": "pete", "guardian": str(cast.pat.uid), "relation": "guardian"})
    assert done.status_code == 303
    record = desk.get(f"/desk/patients/{cast.people['quinn'].uid}/").content.decode()
    assert "Looked after by" in record
    assert "Legal guardian" in record
    with enter(glow.clinic):
        made = Guardianship.objects.get()
    assert desk.post(f"{page}{made.uid}/end/").status_code == 303
    with enter(glow.clinic):
        assert Guardianship.objects.get().ended_at == AT


def test_the_desk_sees_and_settles_a_correction(pat, glow):
    pat.post("/portal/you/correction/", {"text": "Born in 1989"})
    desk, page = glow.client(glow.cast.desk), f"/desk/patients/{glow.cast.pat.uid}/"
    body = desk.get(page).content.decode()
    assert "Born in 1989" in body
    action = re.findall(r'action="([^"]+/corrections/[^"]+)"', body)[0]
    desk.post(action)
    assert "Born in 1989" not in desk.get(page).content.decode()
    assert "Born in 1989" not in pat.get("/portal/you/")


# --- Who opened my record ------------------------------------------------------------------------------------


@pytest.mark.promise("P12")
def test_the_patient_reads_who_looked_by_name_and_role(pat, glow):
    with enter(glow.clinic):
        book_for(glow.cast, TEN, now=AT)
    staff = glow.client(glow.cast.users["provider"])
    staff.get(f"/desk/patients/{glow.cast.pat.uid}/")
    staff.get(f"/desk/patients/{glow.cast.pat.uid}/")
    pat.get("/portal/visits/")
    read = plain(pat.get("/portal/record/"))
    assert "Ines Ibarra provider" in read
    assert "opened the record" in read
    assert "Fran Fischer front desk" in read
    assert "booked a visit" in read
    assert "You" in read
    home = plain(pat.get("/portal/"))
    assert "Who opened your record" in home
    assert "Ines Ibarra, Fri 26 Feb" in home


def test_roles_are_told_in_the_patients_language(pat, glow):
    glow.client(glow.cast.desk).get(f"/desk/patients/{glow.cast.pat.uid}/")
    pat.client.cookies["language"] = "es"
    read = plain(pat.get("/portal/record/"))
    assert "Fran Fischer recepción" in read
    assert "front desk" not in read


def test_the_list_of_others_is_not_shown(quinn, glow):
    staff = glow.client(glow.cast.users["provider"])
    staff.get(f"/desk/patients/{glow.cast.pat.uid}/")
    assert "Ines" not in quinn.get("/portal/record/")


def test_an_address_cut_short_begins_anew(pat):
    assert pat.client.get("/portal/record/?cursor=nonsense").status_code == 303


def test_both_clinics_have_portals_of_their_own(glow, rival, friday):
    ours, theirs = Patient(glow, glow.cast.pat), Patient(rival, rival.cast.pat)
    assert "Pat." in ours.get("/portal/")
    assert "Paula." in theirs.get("/portal/")
    theirs.client.defaults["HTTP_HOST"] = glow.host
    assert theirs.client.get("/portal/").status_code == 302
