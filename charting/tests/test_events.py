"""A reaction: reported by the patient, told without a word of it, assessed and closed by who treats."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from accounts.actors import actor_for
from charting import actions, events
from charting.actions.history import ChangedMeanwhile
from charting.models import AdverseEvent
from charting.tests.reactions import AT, REPORT, reaction
from core.ids import uuid7
from core.problems import Conflict, Invalid
from messaging.models import Message

ASSESSED = {"severity": "mild", "assessment": "Superficial blistering, no infection."}


def by(house):
    return actor_for(house.cast.users["provider"])


@pytest.mark.promise("P51")
def test_a_report_opens_a_task_and_tells_without_a_word_of_it(inside):
    event = reaction(inside.cast)
    assert (event.state, event.reported_by, event.due_at) == ("open", "patient", AT + timedelta(hours=12))
    mails = list(Message.objects.filter(kind="adverse_event"))
    assert {mail.to for mail in mails} == {inside.cast.users["supervisor"].email}
    for mail in mails:
        told = mail.subject_line + mail.content["text"]
        assert f"/desk/events/{event.uid}/" in told
        for secret in ("Pat", "Peterson", "lister", "aser"):
            assert secret not in told


def test_two_presses_report_once(inside):
    once = uuid7()
    assert reaction(inside.cast, once=once).pk == reaction(inside.cast, once=once).pk
    assert Message.objects.filter(kind="adverse_event").count() == 1


def test_assessed_then_closed(inside):
    event = reaction(inside.cast)
    with pytest.raises(Conflict, match="not-assessed"):
        actions.close_event(event, {"outcome": "Healed"}, version=1, by=by(inside), at=AT)
    assessed = actions.assess_event(event, ASSESSED, version=1, by=by(inside), at=AT)
    assert (assessed.state, assessed.grade, assessed.version) == ("assessed", "mild", 2)
    with pytest.raises(ChangedMeanwhile):
        actions.assess_event(event, ASSESSED, version=1, by=by(inside), at=AT)
    closed = actions.close_event(assessed, {"outcome": "Healed"}, version=2, by=by(inside), at=AT)
    assert closed.state == "closed"
    with pytest.raises(ChangedMeanwhile):
        actions.assess_event(closed, ASSESSED, version=3, by=by(inside), at=AT)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"what": " "}, "what"),
        ({"what": "x" * 2001}, "what"),
        ({"since": ""}, "since"),
        ({"severity": ""}, "severity"),
        ({"severity": "fatal"}, "severity"),
        ({"what": "a\x00b"}, "what"),
    ],
)
def test_a_report_that_cannot_be(inside, change, field):
    with pytest.raises(Invalid) as refused:
        reaction(inside.cast, **change)
    assert [one["field"] for one in refused.value.errors] == [field]


def test_what_was_written_is_sealed(inside):
    event = reaction(inside.cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT what, since FROM charting_adverseevent WHERE uid = %s", [event.uid])
        assert b"lister" not in b"".join(bytes(cell) for cell in cursor.fetchone())


def test_who_sees_it(inside):
    reaction(inside.cast)
    cast = inside.cast
    assert events.count_waiting(cast.users["provider"]) == 1  # of the care team
    assert events.count_waiting(cast.users["supervisor"]) == 1
    from patients.models import CareRelation

    CareRelation.objects.all().delete()
    assert events.count_waiting(cast.users["provider"]) == 0


def test_the_patient_reports_and_the_staff_assesses(glow):
    patient = glow.portal(glow.cast.pat)
    page = patient.get("/portal/report/").content.decode()
    assert page.index("Call 911") < page.index('<form class="card ticket"')
    refused = patient.post("/portal/report/", REPORT | {"severity": ""})
    assert refused.status_code == 422
    assert REPORT["what"] in refused.content.decode()
    assert patient.post("/portal/report/", REPORT | {"once": str(uuid7())}).status_code == 303
    assert "has your report" in patient.get("/portal/report/?done=1").content.decode()

    staff = glow.client(glow.cast.users["provider"])
    listed = staff.get("/desk/events/").content.decode()
    assert "Pat Peterson" in listed
    from tenants.context import enter

    with enter(glow.clinic):
        uid = AdverseEvent.objects.get().uid
    url = reverse("charting:event", args=[uid])
    assert REPORT["what"] in staff.get(url).content.decode()
    typed = {"severity": "mild", "assessment": "", "version": "1"}
    assert staff.post(f"{url}assess/", typed).status_code == 422
    assert staff.post(f"{url}assess/", typed | ASSESSED).status_code == 303
    late = staff.post(f"{url}assess/", typed | ASSESSED)
    assert late.status_code == 409
    assert ASSESSED["assessment"] in late.content.decode()
    assert staff.post(f"{url}close/", {"outcome": "Healed", "version": "2"}).status_code == 303
    assert "Nothing waits" in staff.get("/desk/events/").content.decode()


def test_the_portal_is_spanish_too(glow):
    patient = glow.portal(glow.cast.pat)
    page = patient.get("/portal/report/", headers={"Accept-Language": "es"}).content.decode()
    assert "Llame al 911" in page


def test_outside_the_care_team_nobody_reads_the_alert(inside):
    from patients.models import CareRelation, Person
    from patients.record import Looking

    reaction(inside.cast)
    cast = inside.cast

    def told(role):
        person = Person.objects.get(pk=cast.pat.pk)  # as a request fetches them: they remember the answer
        looking = Looking(cast.users[role], person, AT)
        return len(events.alerts(looking)), len(events.entries(looking, 5))

    assert (told("provider"), told("supervisor"), told("front_desk")) == ((1, 1), (1, 1), (0, 0))
    CareRelation.objects.all().delete()
    assert (told("provider"), told("supervisor")) == ((0, 0), (1, 1))
