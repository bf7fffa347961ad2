"""Series and sessions: the memory, the reason for a jump, the lock."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.actors import actor_for
from audit.models import Event
from charting import actions, gate_reading
from charting.actions.history import ChangedMeanwhile
from charting.actions.lasers import JumpNeedsReason, SessionLocked
from charting.actions.rules import Rule, set_gate_rules
from charting.gate_reading import Treatment
from charting.lasers import asked, memory, past, showing
from charting.models import LaserSession
from charting.tests.courses import AT, FIGURES, SERIES, TATTOO, begin, course, treat, visit
from core.problems import Conflict, Invalid
from tenants.context import enter
from tests.running import at_once

REASON = "Ink did not react at all; test spot yesterday was calm."
NEXT = AT + timedelta(days=56)


def by(house):
    return actor_for(house.cast.users["provider"])


@pytest.mark.promise("P51")
def test_the_next_session_opens_with_the_last_settings(inside):
    series = course(inside.cast, 3)
    at = AT + timedelta(days=3 * 56)
    known = memory.recall(series, inside.cast.devices["laser"], at=at)
    assert (known.done, known.days, known.skin, known.estimate) == (3, 56, 3, 13)
    assert known.begins_with is not None
    assert known.begins_with.fluence == 250
    encounter = visit(inside.cast, at=at)
    page = inside.client(inside.cast.users["provider"]).get(
        reverse("charting:new_session", args=[encounter.uid])
    )
    words = page.content.decode()
    assert 'value="2.5"' in words
    assert 'value="1064"' in words
    assert "Session 4 of 8" in words
    assert "56 days" in words


def test_another_device_begins_with_usual_figures_and_says_so(inside):
    series = begin(inside.cast)
    known = memory.recall(series, inside.cast.devices["laser"], at=AT)
    assert known.same is None
    assert known.begins_with is not None


@pytest.mark.promise("P51")
def test_a_jump_needs_a_reason_and_the_trail_keeps_it(inside):
    series = course(inside.cast, 1)
    with pytest.raises(JumpNeedsReason) as refused:
        treat(inside.cast, series, at=NEXT, fluence="3.2")
    assert [one.code for one in refused.value.jumps] == ["fluence"]
    with pytest.raises(JumpNeedsReason):
        treat(inside.cast, series, at=NEXT, fluence="3.2", reason="because")
    kept = treat(inside.cast, series, at=NEXT, fluence="3.2", reason=REASON)
    assert kept.number == 2
    assert kept.reason == REASON
    event = Event.objects.filter(verb="laser_session.kept").latest("id")
    assert event.patient_id == inside.cast.pat.uid


def test_the_page_keeps_what_was_typed_when_it_asks_for_the_reason(inside):
    course(inside.cast, 1)
    encounter = visit(inside.cast, at=NEXT)
    client, url = (
        inside.client(inside.cast.users["provider"]),
        reverse("charting:new_session", args=[encounter.uid]),
    )
    typed = FIGURES | {"fluence": "3.75", "notes": "Small blister at the edge"}
    refused = client.post(url, typed)
    assert refused.status_code == 422
    words = refused.content.decode()
    assert "Far from the last session" in words
    assert 'value="3.75"' in words
    assert "Small blister at the edge" in words
    assert "id_reason" in words
    assert client.post(url, typed | {"reason": REASON}).status_code == 303
    assert LaserSession.objects.get(encounter=encounter).parameters.fluence == 375


def test_too_soon_is_told_by_the_calendar_of_the_clinic(inside):
    series = course(inside.cast, 1)
    with pytest.raises(JumpNeedsReason) as refused:
        treat(inside.cast, series, at=AT + timedelta(days=41))
    assert [one.code for one in refused.value.jumps] == ["interval"]
    assert treat(inside.cast, series, at=AT + timedelta(days=42)).number == 2


def test_a_visit_says_which_session_is_next_and_a_test_spot_is_none(inside):
    series = begin(inside.cast)
    at = AT + timedelta(days=60)
    assert [(one.number, one.days) for one in past.under_way(inside.cast.pat, at=at)] == [(1, None)]
    treat(inside.cast, series, at=AT)
    treat(inside.cast, series, at=AT + timedelta(days=30), is_test=True)
    found = past.under_way(inside.cast.pat, at=at)
    assert [(one.series, one.number, one.days) for one in found] == [(series, 2, 60)]


def test_a_test_spot_is_no_session(inside):
    series = begin(inside.cast)
    spot = treat(inside.cast, series, is_test=True)
    first = treat(inside.cast, series, at=AT + timedelta(days=2))
    assert (spot.number, first.number) == (0, 1)


def patch_test(house, service="laser", *, at):
    """What the gate says of it."""
    cast = house.cast
    set_gate_rules({"patch_test": Rule("block", months=6, nature="laser")}, by=by(house))
    treatment = Treatment(cast.pat, cast.services[service], cast.providers["ines"], cast.location)
    (found,) = gate_reading.read(treatment, at=at).items
    return found.code


def test_a_test_spot_opens_the_gate_after_a_day_and_for_as_long_as_the_rule_says(inside):
    treat(inside.cast, begin(inside.cast), is_test=True)
    assert patch_test(inside, at=AT - timedelta(hours=1)) == "patch_test_missing"
    assert patch_test(inside, at=AT + timedelta(hours=23)) == "patch_test_fresh"
    assert patch_test(inside, at=AT + timedelta(hours=24)) == ""
    assert patch_test(inside, at=AT + timedelta(days=200)) == "patch_test_expired"
    assert patch_test(inside, "facial", at=AT + timedelta(days=2)) == "patch_test_missing"


def test_a_second_spot_does_not_take_the_first_away_and_none_clears_a_reaction(inside):
    series = begin(inside.cast)
    treat(inside.cast, series, is_test=True)
    treat(inside.cast, series, at=AT + timedelta(days=30), is_test=True)
    assert patch_test(inside, at=AT + timedelta(days=30, hours=2)) == ""
    given = {"against": "laser", "tested_on": "2026-03-04", "result": "reaction"}
    actions.add_history(inside.cast.pat, "patch_test", given, by=by(inside), at=AT + timedelta(days=2))
    assert patch_test(inside, at=AT + timedelta(days=40)) == "patch_test_reaction"


def test_the_timeline_tells_of_the_series_and_each_session(inside):
    series = course(inside.cast, 2)
    treat(inside.cast, series, at=NEXT + timedelta(days=60), is_test=True)
    page = inside.client(inside.cast.users["provider"])
    shown = page.get(
        reverse("charting:chart", args=[inside.cast.pat.uid]), {"kind": "session"}
    ).content.decode()
    for words in (
        "Left forearm: a series of 8",
        "Left forearm, session 1 of 8",
        "Left forearm, session 2 of 8",
        "Left forearm, test spot",
        f"/desk/series/{series.uid}/",
    ):
        assert words in shown


def test_the_next_session_shows_how_it_looked_last(glow):
    """Of the series' own visits before one of its service; nobody without the right to photos sees one."""
    from photos.models import PhotoSet
    from photos.tests.pictures import add_photo

    first, newer, other = add_photo(glow), add_photo(glow), add_photo(glow)
    with enter(glow.clinic):
        series = course(glow.cast, 1)
        encounter = visit(glow.cast, at=NEXT)
        sets = PhotoSet.objects
        sets.filter(pk=first.photo_set_id).update(visit=series.sessions.get().encounter.uid)
        sets.filter(pk=newer.photo_set_id).update(service=glow.cast.services["laser"])
        sets.filter(pk=other.photo_set_id).update(service=glow.cast.services["botox"])
    client = glow.client(glow.cast.users["provider"])
    page = client.get(f"/desk/encounters/{encounter.uid}/sessions/new/").content.decode()
    assert f"/api/v1/photos/{first.uid}/content/?size=thumbnail" in page
    assert f"/desk/photos/{first.uid}/" in page
    with enter(glow.clinic):
        PhotoSet.objects.filter(pk=first.photo_set_id).update(visit=None)
    page = client.get(f"/desk/encounters/{encounter.uid}/sessions/new/").content.decode()
    assert str(newer.uid) in page
    assert str(other.uid) not in page


# --- Real threads ------------------------------------------------------------------------------------------------


@pytest.mark.own_clinic
def test_of_sessions_written_at_once_each_has_a_number_of_its_own(new_clinic):
    house = new_clinic("glow")
    with enter(house.clinic):
        series = begin(house.cast)
        visits = [visit(house.cast, at=NEXT + timedelta(minutes=number)) for number in range(4)]

    def keep(number):
        with enter(house.clinic):
            given = {"encounter": visits[number], "reason": REASON}
            return treat(house.cast, series, at=visits[number].began_at, **given).number

    assert sorted(at_once(4, keep)) == [1, 2, 3, 4]


@pytest.mark.own_clinic
def test_two_presses_on_one_visit_make_one_session(new_clinic):
    house = new_clinic("glow")
    with enter(house.clinic):
        series, encounter = begin(house.cast), visit(house.cast)

    def keep(number):
        with enter(house.clinic):
            return treat(house.cast, series, encounter=encounter).number

    told = [one if isinstance(one, int) else one.type for one in at_once(2, keep)]
    assert sorted(told, key=str) == [1, "session-exists"]


@pytest.mark.own_clinic
def test_a_signature_and_a_correction_at_once_leave_what_was_signed(new_clinic):
    """Whoever comes second finds the session locked, or signs what the other wrote: never a change after the lock."""
    house = new_clinic("glow")
    with enter(house.clinic):
        series = begin(house.cast)
        encounters = [visit(house.cast, at=NEXT + timedelta(days=60 * number)) for number in range(4)]
        sessions = [treat(house.cast, series, at=one.began_at, encounter=one) for one in encounters]

    for encounter, session in zip(encounters, sessions, strict=True):

        def press(number, encounter=encounter, session=session):
            with enter(house.clinic):
                if number == 0:
                    with transaction.atomic():
                        actions.lock_sessions(encounter, by=by(house), at=NEXT)
                    return LaserSession.objects.get(pk=session.pk).version
                given = FIGURES | {"notes": "Corrected."}
                return actions.change_session(session, given, version=1, by=by(house), at=NEXT).version

        locked_at, changed = at_once(2, press)
        with enter(house.clinic):
            kept = LaserSession.objects.select_related("encounter__person").get(pk=session.pk)
            assert kept.locked_at == NEXT
            if isinstance(changed, SessionLocked):
                assert (kept.version, kept.notes, locked_at) == (1, "", 1)
            else:
                assert (kept.version, kept.notes, changed) == (2, "Corrected.", 2)


def test_a_visit_has_one_session_of_a_series(inside):
    series, encounter = begin(inside.cast), visit(inside.cast)
    treat(inside.cast, series, encounter=encounter)
    with pytest.raises(Conflict) as refused:
        treat(inside.cast, series, encounter=encounter)
    assert refused.value.type == "session-exists"


def test_changed_meanwhile_is_refused_and_nothing_lost(inside):
    session = treat(inside.cast, begin(inside.cast))
    changed = actions.change_session(session, FIGURES | {"fluence": "2.6"}, version=1, by=by(inside), at=AT)
    assert (changed.version, changed.parameters.fluence) == (2, 260)
    with pytest.raises(ChangedMeanwhile):
        actions.change_session(session, FIGURES | {"fluence": "2.4"}, version=1, by=by(inside), at=AT)
    typed = FIGURES | {"fluence": "2.4", "notes": "mine", "version": "1"}
    page = inside.client(inside.cast.users["provider"]).post(
        reverse("charting:session", args=[session.uid]), typed
    )
    assert page.status_code == 409
    assert "mine" in page.content.decode()
    assert 'value="2.4"' in page.content.decode()


@pytest.mark.promise("P51")
def test_the_database_refuses_to_change_a_locked_session(inside):
    session = treat(inside.cast, begin(inside.cast))
    actions.lock_sessions(session.encounter, by=by(inside), at=AT)
    with pytest.raises(SessionLocked):
        actions.change_session(session, FIGURES, version=1, by=by(inside), at=AT)
    for statement in (
        "UPDATE charting_lasersession SET number = 7 WHERE uid = %s",
        "UPDATE charting_lasersession SET locked_at = NULL WHERE uid = %s",
        "DELETE FROM charting_lasersession WHERE uid = %s",
    ):
        with (
            pytest.raises(DatabaseError, match="locked with its note"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [session.uid])
    page = (
        inside.client(inside.cast.users["provider"])
        .get(reverse("charting:session", args=[session.uid]))
        .content.decode()
    )
    assert "Locked with the note" in page
    assert "<textarea" not in page


def test_the_figures_are_sealed_in_the_table(inside):
    session = treat(inside.cast, begin(inside.cast), notes="Frosting even")
    with connection.cursor() as cursor:
        cursor.execute("SELECT settings, notes FROM charting_lasersession WHERE uid = %s", [session.uid])
        kept = b"".join(bytes(cell) for cell in cursor.fetchone())
    assert b"1064" not in kept
    assert b"Frosting" not in kept


def test_the_summary_reads_as_a_sentence(inside):
    series, encounter = begin(inside.cast), visit(inside.cast)
    treat(inside.cast, series, encounter=encounter, notes="Even frosting")
    (line,) = asked.session_summary(encounter)
    assert line.startswith("Left forearm, session 1 of 8: Elite; 1064 nm · 4 mm · 2.5 J/cm² · 450 ps")
    assert line.endswith("endpoint: Frosting; cooling: Cold air; Even frosting")


def test_progress_and_the_day_of_the_next_one(inside):
    series = course(inside.cast, 3)
    last = AT + timedelta(days=2 * 56)
    done = showing.course(series, at=last + timedelta(days=7))
    assert (done.done, done.planned, done.next_number) == (3, 8, 4)
    assert done.book_on == done.earliest
    page = (
        inside.client(inside.cast.users["provider"])
        .get(reverse("charting:series", args=[series.uid]))
        .content.decode()
    )
    assert "Sessions side by side" in page
    assert f"service={inside.cast.services['laser'].uid}" in page


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"planned": 0}, "planned"),
        ({"planned": "many"}, "planned"),
        ({"least_days": 60}, "ideal_days"),
        ({"most_days": 731}, "most_days"),
        ({"ink": "lots"}, "ink"),
        ({"scarring": ""}, "scarring"),
    ],
)
def test_a_series_that_cannot_be(inside, change, field):
    with pytest.raises(Invalid) as refused:
        actions.begin_series(
            inside.cast.pat, inside.cast.services["laser"], SERIES | TATTOO | change, by=by(inside), at=AT
        )
    assert field in {one["field"] for one in refused.value.errors}


def test_the_skin_type_alone_is_enough_for_hair(inside):
    facts = dict.fromkeys(TATTOO, "") | {"skin": "5"}
    series = begin(inside.cast, **facts)
    assert series.skin == 5
    assert series.tattoo is None


def test_the_demo_has_series_under_way(inside):
    from charting.models import AdverseEvent, LaserSeries
    from medspa.demo.data import CLINICS
    from medspa.demo.sessions import treat as fill

    people = [inside.cast.pat, inside.cast.people["quinn"], inside.cast.stranger]
    for demo in CLINICS:
        LaserSession.objects.all().delete()
        LaserSeries.objects.all().delete()
        fill(demo, people, site="http://glow.localhost", at=AT)
        assert LaserSession.objects.count() >= 8
        assert not [one.reason for one in LaserSession.objects.all() if one.reason]
    assert AdverseEvent.objects.count() == 1
