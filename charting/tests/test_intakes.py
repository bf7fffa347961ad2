"""A patient fills a health form in: gaps keep answers, hidden answers are not kept, and the provider decides."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from accounts.actors import actor_for
from charting import actions, intakes
from charting.actions import add_starter
from charting.actions.intakes import HandedIn
from charting.models import HistoryEntry, Intake
from core.problems import Invalid
from patients.self_service import actor_of
from tenants.context import enter
from tests.matrix.objects import visit_of

pytestmark = pytest.mark.promise("P48")
AT = datetime(2027, 3, 1, 15, 0, tzinfo=UTC)
PARTS = [
    {"allergies": ["yes"], "allergy_which": ["Latex, hives"], "numbing": ["no"]},
    {"medicines": ["no"], "isotretinoin": ["yes"]},
    {"pregnant": ["no"], "cold_sores": ["no"], "keloid": ["no"]},
    {"nerves": ["no"], "bleeding": ["no"], "before": ["no"]},
]


def form_of(cast, key="injectables"):
    form = add_starter(key, by=actor_for(cast.owner), at=AT)
    form.services.set([cast.services["botox"]])
    return form


def fill(cast, form, parts=PARTS, at=AT):
    by = actor_of(cast.pat)
    intake = actions.open_intake(cast.pat, form, by=by, at=at)
    for number, part in enumerate(parts):
        assert actions.save_section(intake, number, part, by=by, at=at) == []
    return actions.hand_in(intake, by=by, at=at)


def test_a_gap_is_told_and_the_other_answers_are_kept(glow):
    with enter(glow.clinic):
        cast, by = glow.cast, actor_of(glow.cast.pat)
        intake = actions.open_intake(cast.pat, form_of(cast), by=by, at=AT)
        failures = actions.save_section(intake, 0, {"allergies": ["yes"]}, by=by, at=AT)
        assert {one["field"] for one in failures} == {"allergy_which", "numbing"}
        with pytest.raises(Invalid) as refused:
            actions.hand_in(intake, by=by, at=AT)
        assert len(refused.value.errors) == 10
        assert Intake.objects.get().answers == {"allergies": "yes"}


def test_an_answer_to_a_question_that_is_hidden_is_not_kept(glow):
    with enter(glow.clinic):
        by = actor_of(glow.cast.pat)
        intake = actions.open_intake(glow.cast.pat, form_of(glow.cast), by=by, at=AT)
        part = {"allergies": ["no"], "allergy_which": ["Latex"], "numbing": ["no"]}
        assert actions.save_section(intake, 0, part, by=by, at=AT) == []
        assert Intake.objects.get().answers == {"allergies": "no", "numbing": "no"}


def test_what_was_handed_in_is_final(glow):
    with enter(glow.clinic):
        intake, by = fill(glow.cast, form_of(glow.cast)), actor_of(glow.cast.pat)
        with pytest.raises(HandedIn):
            actions.save_section(intake, 0, PARTS[0], by=by, at=AT)
        with pytest.raises(HandedIn):
            actions.hand_in(intake, by=by, at=AT)


def test_it_counts_until_the_clinic_wants_it_again(glow):
    with enter(glow.clinic):
        cast, form = glow.cast, form_of(glow.cast)
        services = [cast.services["botox"]]
        assert [one.title for one in intakes.missing_for(cast.pat, services, at=AT)] == [form.title]
        fill(cast, form)
        assert intakes.missing_for(cast.pat, services, at=AT) == []
        assert intakes.missing_for(cast.pat, services, at=AT + timedelta(days=366)) == []
        assert len(intakes.missing_for(cast.pat, services, at=AT + timedelta(days=367))) == 1
        again = actions.open_intake(cast.pat, form, by=actor_of(cast.pat), at=AT)
        assert again.answers["allergy_which"] == "Latex, hives"


def test_the_answers_lie_sealed(glow):
    with enter(glow.clinic):
        fill(glow.cast, form_of(glow.cast))
        with connection.cursor() as cursor:
            cursor.execute("SELECT encode(answers, 'escape') FROM charting_intake")
            assert "Latex" not in cursor.fetchone()[0]


def test_what_the_provider_accepts_becomes_history_once(glow):
    with enter(glow.clinic):
        intake, by = fill(glow.cast, form_of(glow.cast)), actor_for(glow.cast.owner)
        assert [one.key for one in intakes.open_proposals(intake)] == ["allergy_which", "isotretinoin"]
        chosen = {"allergy_which": "accepted", "isotretinoin": "left", "unknown": "accepted"}
        assert actions.decide(intake, chosen, by=by, at=AT) == 1
        assert actions.decide(intake, chosen, by=by, at=AT) == 0
        assert [row.body["text"] for row in HistoryEntry.objects.all()] == ["Latex, hives"]


def test_on_the_phone_from_the_home_card_to_done(glow):
    cast = glow.cast
    with enter(glow.clinic):
        form = form_of(cast)
    visit_of(glow)
    portal = glow.portal(cast.pat)
    assert form.title.encode() in portal.get("/portal/").content
    first = f"/portal/forms/{form.uid}/1/"
    gap = portal.post(first, {"allergies": "yes", "allergy_which": "", "numbing": "no"})
    assert gap.status_code == 422
    assert gap.content.count(b"Please answer this.") == 1
    assert b'value="yes" checked' in gap.content
    for number, part in enumerate(PARTS, 1):
        answer = portal.post(f"/portal/forms/{form.uid}/{number}/", part)
        assert answer.status_code == 303
    assert b"Thank you" in portal.get(answer["Location"]).content
    assert form.title.encode() not in portal.get("/portal/").content
    status = glow.api(cast.desk).get(f"/api/v1/patients/{cast.pat.uid}/intakes/").json()["results"]
    assert [one["is_done"] for one in status] == [True]


def test_the_last_step_leads_back_to_an_earlier_gap(glow):
    cast = glow.cast
    with enter(glow.clinic):
        form = form_of(cast)
    visit_of(glow)
    answer = glow.portal(cast.pat).post(f"/portal/forms/{form.uid}/4/", PARTS[3])
    assert answer.status_code == 422
    assert b"Part 1 of 4" in answer.content


def test_the_front_desk_reads_no_answer(glow):
    cast = glow.cast
    with enter(glow.clinic):
        intake = fill(cast, form_of(cast))
    path = f"/desk/intakes/{intake.uid}/"
    page = glow.client(cast.users["provider"]).get(path)
    assert b"Latex, hives" in page.content
    assert glow.client(cast.desk).get(path).status_code == 404


def test_the_portal_speaks_spanish(glow):
    cast = glow.cast
    with enter(glow.clinic):
        form = form_of(cast)
    visit_of(glow)
    portal = glow.portal(cast.pat)
    portal.cookies["django_language"] = "es"
    page = portal.get(f"/portal/forms/{form.uid}/1/", HTTP_ACCEPT_LANGUAGE="es").content.decode()
    assert "¿Es alérgico a algo?" in page
