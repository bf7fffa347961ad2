"""A visit's panel and the steps of its day, with htmx and without."""

from datetime import time

import pytest

from core.ids import uuid7
from desk.tests.days import MINUTE, book, fresh, htmx, text_of
from messaging.models import Message, State
from scheduling.models import Status
from tenants.context import enter

PAGES = ("", "move/", "cancel/")
STEPS = ("confirm/", "check-in/", "start/", "complete/", "no-show/", "undo/", "unbook/", "cancel/", "move/")


def at(visit, step=""):
    return f"/desk/visits/{visit.uid}/{step}"


def test_the_page_shows_the_panel_beside_its_day(glow, visit):
    response = glow.client(glow.cast.desk).get(at(visit))
    words = text_of(response)
    for said in ("2:00 – 2:30 pm", "Botox", "Ines Ibarra, NP", "$360.00", "Room", "23 Apr 1988, 37"):
        assert said in words
    body = response.content.decode()
    assert 'href="tel:+15125550123"' in body
    assert 'href="mailto:pat@example.com"' in body
    assert "Day by provider" in body
    assert 'aria-current="true"' in body


def test_for_htmx_the_panel_comes_alone(glow, visit):
    body = htmx(glow.client(glow.cast.desk), "get", at(visit)).content.decode()
    assert body.lstrip().startswith("<aside")
    assert "<html" not in body
    assert 'class="cal"' not in body


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["marketer", "analyst"])
def test_a_forbidden_visit_looks_like_none(role, page, glow, visit):
    assert glow.client(glow.cast.users[role]).get(at(visit, page)).status_code == 404


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", ["marketer", "analyst"])
def test_a_forbidden_step_changes_nothing(role, step, glow, visit):
    assert glow.client(glow.cast.users[role]).post(at(visit, step)).status_code == 404
    assert fresh(glow, visit).status == Status.BOOKED


@pytest.mark.parametrize("page", PAGES)
def test_another_clinics_visit_and_a_random_one_are_404(page, glow, rival, visit):
    client = rival.client(rival.cast.users["owner"])
    assert client.get(at(visit, page)).status_code == 404
    assert glow.client(glow.cast.desk).get(f"/desk/visits/{uuid7()}/{page}").status_code == 404


@pytest.mark.parametrize("step", STEPS)
def test_another_clinic_takes_no_step(step, glow, rival, visit):
    client = rival.client(rival.cast.users["owner"])
    assert client.post(at(visit, step), {"reason": "x"}).status_code == 404
    assert fresh(glow, visit).status == Status.BOOKED


def test_from_check_in_to_done_and_one_step_back(glow, visit):
    client = glow.client(glow.cast.desk)
    for step, status in (
        ("confirm/", Status.CONFIRMED),
        ("check-in/", Status.ARRIVED),
        ("start/", Status.IN_ROOM),
        ("complete/", Status.DONE),
        ("undo/", Status.IN_ROOM),
    ):
        response = client.post(at(visit, step))
        assert response.status_code == 303
        assert response["Location"] == at(visit)
        assert fresh(glow, visit).status == status
    words = text_of(client.get(at(visit)))
    assert "Taken back." in words
    assert "In room 0 min" in words


def test_a_step_by_htmx_changes_panel_and_day_in_one_answer(glow, visit):
    response = htmx(glow.client(glow.cast.desk), "post", at(visit, "check-in/"), page=at(visit))
    body = response.content.decode()
    assert response.status_code == 200
    assert body.lstrip().startswith("<aside")
    assert 'id="cal"' in body
    assert body.count("hx-swap-oob") == 6
    assert 'data-status="arrived"' in body
    assert "Waiting 1" in body
    assert "Checked in." in text_of(response)
    assert f'action="{at(visit, "undo/")}"' in body
    assert response["HX-Push-Url"] == at(visit)


def test_by_htmx_from_a_page_without_a_day_the_visit_is_opened(glow, visit):
    response = htmx(glow.client(glow.cast.desk), "post", at(visit, "check-in/"), page="/desk/patients/")
    assert response.status_code == 204
    assert response["HX-Redirect"] == at(visit)


def test_a_step_that_no_longer_fits_says_so_and_shows_the_visit_as_it_is(glow, visit):
    client = glow.client(glow.cast.desk)
    client.post(at(visit, "check-in/"))
    response = htmx(client, "post", at(visit, "check-in/"), page=at(visit))
    assert response.status_code == 409
    assert "already" in text_of(response)
    assert "Waiting 0 min" in text_of(response)
    plain = client.post(at(visit, "check-in/"))
    assert plain.status_code == 303
    assert "already" in text_of(client.get(at(visit)))


def test_nobody_is_missed_before_the_visit_began(glow, visit, clock):
    client = glow.client(glow.cast.desk)
    assert "No-show" not in text_of(htmx(client, "get", at(visit)))
    client.post(at(visit, "no-show/"))
    assert fresh(glow, visit).status == Status.BOOKED
    clock.move_to(visit.starts_at + 12 * MINUTE)
    client = glow.client(glow.cast.desk)
    assert "12 min late" in text_of(htmx(client, "get", at(visit)))
    client.post(at(visit, "no-show/"))
    assert fresh(glow, visit).status == Status.NO_SHOW


def test_cancelling_needs_a_reason_and_can_be_undone(glow, visit):
    client = glow.client(glow.cast.desk)
    refused = client.post(at(visit, "cancel/"), {"reason": " "})
    assert refused.status_code == 422
    assert "Say why" in text_of(refused)
    assert fresh(glow, visit).status == Status.BOOKED
    done = client.post(at(visit, "cancel/"), {"reason": "Has the flu", "tell_patient": "on"})
    assert done.status_code == 303
    assert fresh(glow, visit).status == Status.CANCELLED
    shown = client.get(at(visit))
    assert "Has the flu" in text_of(shown)
    assert f'action="{at(visit, "undo/")}"' in shown.content.decode()
    assert "Pat Peterson" not in text_of(client.get("/desk/")).replace("Visit cancelled", "")
    client.post(at(visit, "undo/"))
    assert fresh(glow, visit).status == Status.BOOKED


def test_after_ten_minutes_nothing_is_undone(glow, visit, clock):
    client = glow.client(glow.cast.desk)
    client.post(at(visit, "check-in/"))
    assert "Undo last step 10 min left" in text_of(htmx(client, "get", at(visit)))
    clock.shift(10 * 60 + 1)
    assert "Undo" not in text_of(htmx(client, "get", at(visit)))
    assert htmx(client, "post", at(visit, "undo/"), page=at(visit)).status_code == 409
    assert fresh(glow, visit).status == Status.ARRIVED


def test_a_booking_is_taken_back_before_anybody_heard_of_it(glow, visit):
    client = glow.client(glow.cast.desk)
    assert client.post(at(visit, "unbook/")).status_code == 303
    assert fresh(glow, visit).status == Status.CANCELLED
    with enter(glow.clinic):
        states = set(Message.objects.filter(about=visit.uid).values_list("state", flat=True))
    assert states == {State.VOID}


def test_a_booking_of_yesterday_is_not_taken_back(glow, visit, clock):
    clock.shift(11 * 60)
    response = htmx(glow.client(glow.cast.desk), "post", at(visit, "unbook/"), page=at(visit))
    assert response.status_code == 409
    assert "Cancel the visit instead" in text_of(response)
    assert fresh(glow, visit).status == Status.BOOKED


def test_a_message_nobody_knows_the_fate_of_is_shown_with_its_meaning(glow, visit):
    with enter(glow.clinic):
        Message.objects.filter(about=visit.uid).update(state=State.UNKNOWN)
    words = text_of(htmx(glow.client(glow.cast.desk), "get", at(visit)))
    assert "Perhaps sent" in words
    assert "It is not sent again by itself" in words


def test_reminders_ahead_are_shown(glow, clock):
    from datetime import date

    later = book(glow, time(10), day=date(2026, 3, 9))
    words = text_of(htmx(glow.client(glow.cast.desk), "get", at(later)))
    assert "Reminder 24 hours before" in words
    assert "Goes out Sun 8 Mar, 10:00 am" in words


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_steps_are_posts(method, glow, visit):
    client = glow.client(glow.cast.desk)
    assert getattr(client, method)(at(visit, "check-in/")).status_code == 405


def test_a_step_needs_the_forms_token(glow, visit):
    client = glow.client(glow.cast.desk, enforce_csrf_checks=True)
    assert client.post(at(visit, "check-in/")).status_code == 403
    assert fresh(glow, visit).status == Status.BOOKED


@pytest.mark.parametrize("page", PAGES)
def test_the_leaf_shows_the_clinics_day_and_not_that_of_greenwich(page, glow, clock):
    late = book(glow, time(19), override_reason="Stays late")
    words = text_of(htmx(glow.client(glow.cast.desk), "get", at(late, page)))
    assert "Tue 3 Mar" in words
    assert "Wed 4 Mar" not in words
