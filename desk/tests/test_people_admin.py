"""The staff as the settings change it; what ends is over with the very next request, wherever it is asked."""

import re
from datetime import date, timedelta

import pytest
import time_machine

from accounts import actions, sessions
from accounts.actors import actor_for
from accounts.models import Invitation, User
from accounts.tests.helpers import fresh, session_of, verbs
from audit.actors import job
from core.clock import now
from core.problems import Conflict, Forbidden
from desk.tests import days
from practice import actions as practice_actions
from practice.models import Posting, Provider, WorkingHours
from tenants.context import enter
from tests.cast import BY

PEOPLE = "/desk/settings/people/"
POLL = {"HTTP_HX_REQUEST": "true", "HTTP_X_POLL": "1"}


def page_of(house, role):
    return f"{PEOPLE}{house.cast.users[role].pk}/"


def stale(house, client):
    """The browser's person showed who they are half an hour ago."""
    with session_of(house, client) as session:
        session[sessions.CONFIRMED] -= 1800
    return client


@pytest.mark.promise("P11")
def test_the_list_and_a_page(glow):
    client = glow.client(glow.cast.owner)
    text = client.get(PEOPLE).content.decode()
    assert all(user.display_name in text for user in glow.cast.users.values())
    assert "South Congress" in text
    text = client.get(page_of(glow, "provider")).content.decode()
    assert "ines@glow.example" in text
    assert "9 am" in text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.promise("P13")
def test_an_invitation_from_the_page(glow):
    client = glow.client(glow.cast.users["admin"])
    asked = {
        "email": "nell@glow.example",
        "display_name": "Nell New",
        "role": "provider",
        "locations": [str(glow.cast.location.uid)],
        "treats": "on",
        "credentials": "RN",
        "services": [str(glow.cast.services["botox"].uid)],
    }
    assert client.post(PEOPLE + "invite/", asked).status_code == 303
    with enter(glow.clinic):
        invitation = Invitation.objects.get()
        assert invitation.placement.treats
    assert "Nell New" in client.get(PEOPLE).content.decode()
    again = client.post(PEOPLE + "invite/", asked)
    assert again.status_code == 422
    assert "invited already" in again.content.decode()
    assert client.post(f"{PEOPLE}invitations/{invitation.uid}/resend/").status_code == 303
    assert client.post(f"{PEOPLE}invitations/{invitation.uid}/withdraw/").status_code == 303
    assert "Nell New" not in client.get(PEOPLE).content.decode()


@pytest.mark.promise("P11")
def test_an_admin_cannot_make_an_owner(glow):
    client = glow.client(glow.cast.users["admin"])
    assert 'value="owner"' not in client.get(PEOPLE + "invite/").content.decode()
    place = [str(glow.cast.location.uid)]
    wish = {"email": "x@glow.example", "role": "owner", "locations": place}
    assert client.post(PEOPLE + "invite/", wish).status_code == 422
    assert client.post(page_of(glow, "front_desk") + "role/", {"role": "owner"}).status_code == 422
    assert client.post(page_of(glow, "owner") + "role/", {"role": "analyst"}).status_code == 403
    assert client.post(page_of(glow, "owner") + "end-access/").status_code == 403
    assert fresh(glow, "owner").role == "owner"


@pytest.mark.promise("P159")
def test_another_role_holds_with_the_very_next_request(glow):
    fran, program = glow.client(glow.cast.desk), glow.api(glow.cast.desk)
    visits = "/api/v1/appointments/"
    # 422: let in, and asked for which days
    assert [fran.get("/desk/").status_code, program.get(visits).status_code] == [200, 422]
    changed = glow.client(glow.cast.owner).post(page_of(glow, "front_desk") + "role/", {"role": "marketer"})
    assert changed.status_code == 303
    assert fran.get("/desk/week/").status_code == 403
    assert fran.get("/desk/")["Location"] == "/desk/profile/"
    assert fran.get("/desk/", **POLL).status_code == 403
    assert fran.get(visits).status_code == 403
    assert program.get(visits).status_code == 403


@pytest.mark.promise("P159")
def test_the_end_of_access_holds_with_the_very_next_request(glow):
    page, poll, inside = (glow.client(glow.cast.desk) for _ in range(3))
    program = glow.api(glow.cast.desk)
    for client in (page, poll, inside):
        assert client.get("/desk/").status_code == 200
    glow.client(glow.cast.owner).post(page_of(glow, "front_desk") + "end-access/")
    assert page.get("/desk/")["Location"].startswith("/desk/sign-in/")
    assert poll.get("/desk/", **POLL).status_code == 401
    assert inside.get("/api/v1/me/").status_code == 401
    assert program.get("/api/v1/me/").status_code == 401
    login = {"email": glow.cast.desk.email, "password": glow.cast.password}
    assert glow.client().post("/desk/sign-in/", login).status_code == 422


def test_access_given_again_brings_no_session_and_no_token_back(glow):
    fran, program, olive = (
        glow.client(glow.cast.desk),
        glow.api(glow.cast.desk),
        glow.client(glow.cast.owner),
    )
    olive.post(page_of(glow, "front_desk") + "end-access/")
    assert olive.post(page_of(glow, "front_desk") + "reopen/").status_code == 303
    assert fran.get("/desk/").status_code == 302
    assert program.get("/api/v1/me/").status_code == 401
    login = {"email": glow.cast.desk.email, "password": glow.cast.password}
    assert glow.client().post("/desk/sign-in/", login)["Location"] == "/desk/"


def test_the_last_owner_stays(glow):
    client = glow.client(glow.cast.owner)
    client.post(page_of(glow, "owner") + "role/", {"role": "admin"})
    assert fresh(glow, "owner").role == "owner"
    assert "last owner" in client.get(PEOPLE).content.decode()


def test_the_ownership_is_given_on(glow):
    olive = stale(glow, glow.client(glow.cast.owner))
    path = page_of(glow, "admin") + "ownership/"
    assert olive.post(path).status_code == 403
    assert fresh(glow, "admin").role == "admin"
    assert olive.post(path, {"step_up_secret": glow.cast.password}).status_code == 303
    assert [fresh(glow, "owner").role, fresh(glow, "admin").role] == ["admin", "owner"]
    assert "ownership.transferred" in verbs(glow)
    with enter(glow.clinic), pytest.raises(Conflict):
        actions.transfer_ownership(fresh(glow, "owner"), fresh(glow, "front_desk"), at=now())


def test_what_was_being_sent_is_carried_through_the_question(glow):
    client = stale(glow, glow.client(glow.cast.owner))
    asked = {
        "email": "nell@glow.example",
        "display_name": "Nell <b>",
        "role": "front_desk",
        "locations": [str(glow.cast.location.uid)],
    }
    question = client.post(PEOPLE + "invite/", asked)
    assert question.status_code == 403
    kept = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', question.content.decode()))
    assert kept["email"] == "nell@glow.example"
    assert kept["display_name"] == "Nell &lt;b&gt;"
    wrong = client.post(PEOPLE + "invite/", asked | {"step_up_secret": "wrong"})
    assert wrong.status_code == 422
    with enter(glow.clinic):
        assert not Invitation.objects.exists()
    assert client.post(PEOPLE + "invite/", asked | {"step_up_secret": glow.cast.password}).status_code == 303
    assert client.post(page_of(glow, "analyst") + "end-access/").status_code == 303, (
        "for a quarter of an hour"
    )


def test_the_question_is_guarded_against_guessing(glow):
    client = stale(glow, glow.client(glow.cast.owner))
    path = page_of(glow, "analyst") + "end-access/"
    answers = [client.post(path, {"step_up_secret": f"wrong {n}"}).status_code for n in range(11)]
    assert answers == [422] * 10 + [429]
    assert client.post(path, {"step_up_secret": glow.cast.password}).status_code == 429
    assert fresh(glow, "analyst").is_active


def test_a_quarter_of_an_hour(glow):
    client, path = glow.client(glow.cast.owner), page_of(glow, "analyst") + "role/"
    with time_machine.travel(now() + timedelta(minutes=14)):
        assert client.post(path, {"role": "marketer"}).status_code == 303
    with time_machine.travel(now() + timedelta(minutes=16)):
        assert client.post(path, {"role": "analyst"}).status_code == 403


def test_places(glow):
    client = glow.client(glow.cast.owner)
    path = page_of(glow, "front_desk") + "places/"
    assert client.post(path, {}).status_code == 422
    assert client.post(path, {"locations": [str(glow.cast.location.uid)]}).status_code == 303
    with enter(glow.clinic):
        assert Posting.objects.filter(user=glow.cast.desk).count() == 1


def test_a_colleague_becomes_bookable_and_stops(glow):
    client, page = glow.client(glow.cast.owner), page_of(glow, "admin")
    asked = {
        "display_name": "Adam A.",
        "credentials": "MD",
        "services": [str(glow.cast.services["botox"].uid)],
    }
    assert client.post(page + "provider/", asked).status_code == 303
    with enter(glow.clinic):
        first = Provider.objects.get(user=glow.cast.users["admin"])
        assert (first.name, first.bookable_online, first.services.count()) == ("Adam A., MD", False, 1)
    assert client.post(page + "provider/stop/").status_code == 303
    assert client.post(page + "provider/", asked).status_code == 303
    with enter(glow.clinic):
        assert Provider.objects.get(user=glow.cast.users["admin"]).archived_at is None


HOURS = {"from_0": "09:00", "to_0": "12:00", "from2_0": "13:00", "to2_0": "17:30"}


def test_hours_of_a_week(glow):
    client, path = glow.client(glow.cast.owner), page_of(glow, "provider") + "hours/"
    assert client.get(path).content.decode().count('value="18:00"') == 7
    assert client.post(path, HOURS).status_code == 303
    with enter(glow.clinic):
        rows = WorkingHours.objects.filter(provider=glow.cast.providers["ines"])
        assert [(row.weekday, str(row.starts), str(row.ends)) for row in rows] == [
            (0, "09:00:00", "12:00:00"),
            (0, "13:00:00", "17:30:00"),
        ]


def test_hours_from_a_day_on_leave_the_present_alone(glow):
    client, path = glow.client(glow.cast.owner), page_of(glow, "provider") + "hours/"
    day = (now() + timedelta(days=30)).date()
    assert client.post(path, HOURS | {"valid_from": str(day)}).status_code == 303
    with enter(glow.clinic):
        ines = glow.cast.providers["ines"]
        eve = [row for row in ines.working_hours.all() if row.holds_on(day - timedelta(days=1))]
        then = [row for row in ines.working_hours.all() if row.holds_on(day)]
    assert (len(eve), len(then)) == (7, 2)
    assert "Other hours from" in client.get(page_of(glow, "provider")).content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"to_0": "08:00"}, "The end must come after the start."),
        ({"to_0": ""}, "Give both times, or neither."),
        ({"from2_0": "11:00"}, "overlap"),
        ({"from_0": "25:00"}, "Enter a time"),
        ({"valid_from": "2020-01-01"}, "to come"),
    ],
)
def test_hours_that_make_no_sense_are_refused_and_kept(glow, changes, said):
    client, path = glow.client(glow.cast.owner), page_of(glow, "provider") + "hours/"
    answer = client.post(path, HOURS | changes)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="17:30"' in answer.content.decode()
    with enter(glow.clinic):
        assert glow.cast.providers["ines"].working_hours.count() == 7


def test_nobody_ends_their_own_access(glow):
    with enter(glow.clinic):
        actions.change_role(fresh(glow, "admin"), "owner", by=job("tests"), at=now())
    assert glow.client(glow.cast.owner).post(page_of(glow, "owner") + "end-access/").status_code == 403


def test_rank_is_judged_under_the_lock(glow):
    """A copy read before somebody else changed it counts for nothing."""
    with enter(glow.clinic):
        admin, old = fresh(glow, "admin"), fresh(glow, "front_desk")
        actions.change_role(fresh(glow, "front_desk"), "owner", by=job("tests"), at=now())
        with pytest.raises(Forbidden):
            actions.end_access(old, by=actor_for(admin), at=now())
        assert User.objects.get(pk=old.pk).is_active


def columns_of(house, day) -> list[str]:
    body = house.client(house.cast.owner).get(f"/desk/day/{day}/").content.decode()
    return re.findall(r'<ol class="cal__col" aria-label="([^"]*)"', body)


def test_whoever_left_has_a_column_only_where_visits_wait(glow):
    with time_machine.travel(days.AT, tick=False):
        ines = glow.cast.providers["ines"]
        days.book(glow, day=days.TUESDAY + timedelta(days=7))
        glow.client(glow.cast.owner).post(f"{PEOPLE}{ines.user_id}/end-access/")
        assert ines.name not in columns_of(glow, "2026-03-04")
        assert ines.name in columns_of(glow, "2026-03-10")
        with enter(glow.clinic):
            assert Provider.objects.get(pk=ines.pk).archived_at is not None
            assert ines.working_hours.exists(), "kept for whoever comes back"


def test_where_somebody_works_no_more_nobody_books_them(glow):
    with time_machine.travel(days.AT, tick=False), enter(glow.clinic):
        cast = glow.cast
        user = User.objects.get(pk=cast.providers["ines"].user_id)
        practice_actions.post_staff(user, cast.location, since=date(2026, 1, 5), by=BY)
        other = practice_actions.create_location(by=BY, name="Second", timezone="America/Chicago")
        practice_actions.set_postings(user, [other], by=BY, today=date(2026, 3, 3))
        assert not cast.providers["ines"].working_hours.filter(location=cast.location).exists()
    with time_machine.travel(days.AT, tick=False):
        assert cast.providers["ines"].name not in columns_of(glow, "2026-03-04")
