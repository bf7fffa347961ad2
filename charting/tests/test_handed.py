"""Health forms and consents on one screen in the patient's hand: nothing else opens, and nothing of before is shown."""

from datetime import UTC, datetime, timedelta

import pytest

from audit.models import Event
from charting import actions
from charting.models import Intake
from charting.tests.test_intakes import PARTS, fill, form_of
from consents.models import Signature
from consents.tests.papers import published
from core.ids import uuid7
from patients.self_service import actor_of
from tenants.context import enter
from tests.cast import PASSWORD

pytestmark = [pytest.mark.promise("P48"), pytest.mark.promise("P65")]
BEFORE = datetime.now(UTC) - timedelta(days=3)


@pytest.fixture
def desk(glow):
    """Fran at the desk, with a health form and a consent to hand over."""
    with enter(glow.clinic):
        glow.health = form_of(glow.cast)
        glow.paper = published(uuid7().hex, asked="everyone", at=BEFORE)
    glow.screen = glow.client(glow.cast.desk)
    return glow


def hand_over(house, **chosen):
    pat = house.cast.pat.uid
    given = chosen or {"task": [str(house.health.uid)], "form": [str(house.paper.form.uid)]}
    return house.screen.post(f"/desk/patients/{pat}/forms/hand-over/", given)


def step_of(house, step, person=None):
    return f"/desk/hand-over/{(person or house.cast.pat).uid}/health/{house.health.uid}/{step}/"


def test_one_hand_over_carries_both(desk):
    pat, screen = desk.cast.pat.uid, desk.screen
    page = screen.get(f"/desk/patients/{pat}/forms/").content.decode()
    assert desk.health.title in page
    assert hand_over(desk)["Location"] == f"/desk/hand-over/{pat}/"
    assert screen.get(f"/desk/hand-over/{pat}/")["Location"] == step_of(desk, 1)
    for number, part in enumerate(PARTS, 1):
        assert screen.get(step_of(desk, number)).status_code == 200
        answer = screen.post(step_of(desk, number), part)
        assert answer.status_code == 303, answer.content
    assert answer["Location"] == f"/desk/hand-over/{pat}/"
    # Then what is to be signed
    assert (
        screen.get(f"/desk/hand-over/{pat}/")["Location"] == f"/desk/hand-over/{pat}/{desk.paper.form.uid}/"
    )
    assert b"kiosk" in screen.get(f"/desk/hand-over/{pat}/{desk.paper.form.uid}/").content
    with enter(desk.clinic):
        intake = Intake.objects.get()
        assert intake.completed_at
        assert intake.completed_by == str(actor_of(desk.cast.pat))
        event = Event.objects.get(verb="intake.handed_in")
        assert (event.actor_kind, event.actor_id) == ("staff", str(desk.cast.desk.pk))
        assert not Signature.objects.exists()


def test_nothing_else_opens_until_the_staff_is_back(desk, rival):
    pat, quinn, screen = desk.cast.pat, desk.cast.people["quinn"], desk.screen
    hand_over(desk, task=[str(desk.health.uid)])
    closed = ("/desk/", f"/desk/patients/{pat.uid}/", f"/desk/patients/{pat.uid}/forms/", "/desk/profile/")
    for path in (*closed, f"/desk/hand-over/{quinn.uid}/", step_of(desk, 1, quinn)):
        assert screen.get(path)["Location"].startswith("/desk/take-back/"), path
        assert screen.post(path, PARTS[0])["Location"].startswith("/desk/take-back/"), path
    assert screen.get(f"/api/v1/patients/{pat.uid}/intakes/").status_code == 401
    assert screen.post("/desk/take-back/", {"step_up_secret": "wrong"}).status_code == 422
    assert screen.get("/desk/")["Location"].startswith("/desk/take-back/")
    screen.post("/desk/take-back/", {"step_up_secret": PASSWORD})
    assert screen.get("/desk/").status_code == 200
    # Back at the desk the form is shut: the front desk reads no answers.
    assert screen.get(step_of(desk, 1))["Location"] == f"/desk/patients/{pat.uid}/forms/"
    assert screen.post(step_of(desk, 1), PARTS[0])["Location"] == f"/desk/patients/{pat.uid}/forms/"
    with enter(desk.clinic):
        assert not Intake.objects.exists()


def test_a_form_that_was_not_chosen_does_not_open(desk):
    with enter(desk.clinic):
        other = form_of(desk.cast, "laser")
    hand_over(desk, task=[str(desk.health.uid)])
    pat = desk.cast.pat.uid
    answer = desk.screen.get(f"/desk/hand-over/{pat}/health/{other.uid}/1/")
    assert answer["Location"] == f"/desk/hand-over/{pat}/"
    # Nor does a consent that was not.
    answer = desk.screen.get(f"/desk/hand-over/{pat}/{desk.paper.form.uid}/")
    assert answer["Location"] == f"/desk/hand-over/{pat}/"


def test_nobody_reads_earlier_answers_by_handing_the_screen_to_themselves(desk):
    """Neither the last ones nor those begun at home; what is typed on this screen stands there, also going back."""
    with enter(desk.clinic):
        fill(desk.cast, desk.health, at=BEFORE - timedelta(days=400))
        begun = actions.open_intake(
            desk.cast.pat, desk.health, by=actor_of(desk.cast.pat), at=datetime.now(UTC)
        )
        assert begun.answers["allergy_which"] == "Latex, hives"
    hand_over(desk)
    page = desk.screen.get(step_of(desk, 1)).content.decode()
    assert "Latex" not in page
    assert "checked" not in page
    assert desk.screen.get(step_of(desk, 3))["Location"] == step_of(desk, 1)
    part = {"allergies": ["yes"], "allergy_which": ["Bee stings"], "numbing": ["no"]}
    assert desk.screen.post(step_of(desk, 1), part)["Location"] == step_of(desk, 2)
    assert "checked" not in desk.screen.get(step_of(desk, 2)).content.decode()
    assert "Bee stings" in desk.screen.get(step_of(desk, 1)).content.decode()
    # Handed over anew it is empty again.
    desk.screen.post("/desk/take-back/", {"step_up_secret": PASSWORD})
    hand_over(desk)
    assert "Bee stings" not in desk.screen.get(step_of(desk, 1)).content.decode()


def test_a_gap_is_told_and_what_was_typed_stays(desk):
    hand_over(desk)
    answer = desk.screen.post(step_of(desk, 1), {"allergies": ["yes"], "numbing": ["no"]})
    assert answer.status_code == 422
    assert b"still missing" in answer.content
    assert b"checked" in answer.content
    assert desk.screen.get(step_of(desk, 2))["Location"] == step_of(desk, 1)


def test_an_earlier_answer_that_asks_for_more_leads_back_to_its_gap(desk):
    hand_over(desk)
    for number, part in enumerate(PARTS[:3], 1):
        desk.screen.post(step_of(desk, number), part)
    with enter(desk.clinic):
        intake = Intake.objects.get()
        answers = dict(intake.answers)
        answers.pop("numbing")
        intake.answers = answers
        intake.save(update_fields=["answers"])
    assert desk.screen.post(step_of(desk, 4), PARTS[3])["Location"] == step_of(desk, 1)


def test_it_ends_by_itself_when_nobody_does_anything(desk):
    import time_machine

    hand_over(desk)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=16)):
        answer = desk.screen.get(step_of(desk, 1))
        assert answer.status_code == 302
        assert "login" in answer["Location"] or "sign-in" in answer["Location"]


def test_in_the_patients_language(desk):
    hand_over(desk, task=[str(desk.health.uid)], language="es")
    page = desk.screen.get(step_of(desk, 1)).content.decode()
    assert "Continuar" in page or "Seguir" in page
    for number, part in enumerate(PARTS, 1):
        desk.screen.post(step_of(desk, number), part)
    done = desk.screen.get(f"/desk/hand-over/{desk.cast.pat.uid}/").content.decode()
    assert "Devuelva la pantalla a la clínica" in done


def test_nothing_chosen_is_not_handed_over(desk):
    answer = hand_over(desk, task=[str(uuid7()), "nonsense"])
    assert answer["Location"] == f"/desk/patients/{desk.cast.pat.uid}/forms/"
    assert desk.screen.get("/desk/").status_code == 200
