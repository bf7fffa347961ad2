"""A plan's life: written, offered, decided once, changed and asked again; what was offered stays as it is."""

from datetime import date, timedelta

import pytest
from django.db import Error, connection, transaction

from accounts.actors import actor_for
from audit.models import Event
from audit.trail import DETAIL_TAG
from charting import actions
from charting.actions.history import ChangedMeanwhile
from charting.actions.plan_decisions import EstimateOver, NotOffered
from charting.actions.plans import NothingToOffer, PlanOver, WrongState, version_of
from charting.models import DecidedHow, PlanDecision, PlanState, PlanTemplate, TreatmentPlan
from charting.plans import paper, reading, wording
from charting.plans.content import Content
from charting.tests.courses import begin, treat
from charting.tests.plans import AT, SITE, accepted, done, drafted, offered, say, stage, typed
from consents.rules import digest, hash_of_text
from core.money import Money
from core.problems import Invalid
from messaging.models import Message
from patients.self_service import actor_of
from scheduling.models import Status
from tenants.context import enter
from tests.running import at_once
from vault.fields import Token
from vault.sealing import open_bytes


def by(house):
    return actor_for(house.cast.users["provider"])


def test_a_plan_is_sealed_offered_and_told_without_a_word_of_it(inside):
    version = offered(inside.cast)
    plan = TreatmentPlan.objects.get()
    assert (plan.state, plan.offered, plan.agreed) == (PlanState.OFFERED, 1, 0)
    stored = TreatmentPlan.objects.values("title", "reason")[0]
    assert all(isinstance(value, Token) for value in stored.values())
    content = Content.of(version.content)
    assert content.total == Money(3 * 36_000 + 18_000, "USD")
    assert content.valid_until == date(2026, 5, 31)
    told = list(Message.objects.filter(kind="plan_offered", subject=inside.cast.pat.uid))
    assert [one.channel for one in told] == ["email"]
    words = told[0].subject_line + told[0].body
    assert "/portal/plans/" in words
    assert "forehead" not in words.lower()
    assert "Botox" not in words


def test_what_is_accepted_is_kept_word_by_word(inside):
    made = accepted(inside.cast)
    kept = PlanDecision.objects.get(pk=made.pk)
    assert kept.text.startswith("Calmer forehead\n\n")
    for said in ("$360", "$1,260", "This is an estimate, not a bill", "May 31, 2026", "Frown gently"):
        assert said in kept.text, said
    assert bytes(kept.text_hash) == hash_of_text(kept.text)
    assert bytes(kept.seal_hash) == digest(kept.sealed())
    plan = TreatmentPlan.objects.get()
    assert (plan.state, plan.agreed, plan.begun_at) == (PlanState.ACCEPTED, 1, AT)
    event = Event.objects.get(verb="plan.accepted")
    assert event.patient_id == inside.cast.pat.uid
    detail = open_bytes(bytes(event.detail), tag=DETAIL_TAG, row=event.id).decode()
    assert bytes(kept.seal_hash).hex() in detail


def test_it_is_read_and_accepted_in_spanish(inside):
    version = offered(inside.cast)
    said = say(inside.cast, language="es")
    made = actions.accept_plan(version, said, by=actor_of(inside.cast.pat), at=AT)
    assert made.language == "es"
    assert "presupuesto" in made.text.lower()


def test_a_version_is_decided_once(inside):
    version = offered(inside.cast)
    accepted(inside.cast, version)
    for act in (actions.accept_plan, actions.decline_plan):
        with pytest.raises(NotOffered):
            act(version, say(inside.cast), by=actor_of(inside.cast.pat), at=AT)
    assert PlanDecision.objects.count() == 1


def test_a_change_asks_again_and_the_old_version_cannot_be_accepted(inside):
    first = offered(inside.cast)
    plan = first.plan
    change = typed(inside.cast, title="Calmer forehead, slower", stages=[stage(inside.cast, sessions="2")])
    actions.save_plan(plan, change, revision=plan.revision, by=by(inside), at=AT)
    plan.refresh_from_db()
    assert reading.shown(plan, at=AT).content.title == "Calmer forehead", "the patient sees what was offered"
    second = offered(inside.cast, plan)
    assert second.number == 2
    with pytest.raises(NotOffered):
        actions.accept_plan(first, say(inside.cast), by=actor_of(inside.cast.pat), at=AT)
    accepted(inside.cast, second)
    plan.refresh_from_db()
    assert (plan.agreed, plan.title) == (2, "Calmer forehead, slower")


def test_a_change_that_is_declined_leaves_what_was_agreed(inside):
    plan = accepted(inside.cast).version.plan
    plan.refresh_from_db()
    actions.save_plan(plan, typed(inside.cast, title="More"), revision=plan.revision, by=by(inside), at=AT)
    change = offered(inside.cast, plan)
    actions.decline_plan(change, say(inside.cast, reason="Too much"), by=actor_of(inside.cast.pat), at=AT)
    plan.refresh_from_db()
    assert (plan.state, reading.standing(plan)) == (PlanState.ACCEPTED, 1)


def test_a_text_that_is_not_the_one_shown_is_refused(inside):
    version = offered(inside.cast)
    with pytest.raises(NotOffered):
        actions.accept_plan(version, say(inside.cast, shown="0" * 64), by=actor_of(inside.cast.pat), at=AT)
    shown = wording.paper(Content.of(version.content), inside.cast.pat.name, language="en").digest
    actions.accept_plan(version, say(inside.cast, shown=shown), by=actor_of(inside.cast.pat), at=AT)


def test_an_estimate_runs_out_at_the_end_of_its_day_in_the_clinic(inside):
    version = offered(inside.cast, valid_until="2026-03-10")
    last = AT.replace(day=11, hour=5, minute=59)  # the tenth, a minute before midnight in Austin
    with pytest.raises(EstimateOver):
        actions.accept_plan(
            version, say(inside.cast), by=actor_of(inside.cast.pat), at=last + timedelta(minutes=1, hours=1)
        )
    assert actions.accept_plan(
        version, say(inside.cast), by=actor_of(inside.cast.pat), at=last - timedelta(hours=1)
    )


@pytest.mark.parametrize("name", ["", "  ", ".", "7", "\u202e"])
def test_a_name_is_needed(inside, name):
    version = offered(inside.cast)
    with pytest.raises(Invalid) as refused:
        actions.accept_plan(version, say(inside.cast, name=name), by=actor_of(inside.cast.pat), at=AT)
    assert [one["field"] for one in refused.value.errors] == ["name"]


def test_a_stranger_does_not_accept_for_the_patient(inside):
    version = offered(inside.cast)
    with pytest.raises(Invalid) as refused:
        actions.accept_plan(
            version, say(inside.cast, signer=inside.cast.stranger), by=actor_of(inside.cast.stranger), at=AT
        )
    assert refused.value.errors[0]["code"] == "not_guardian"


def test_a_child_does_not_accept_alone_and_a_guardian_does(inside):
    from patients.models import Guardianship

    pat, quinn = inside.cast.pat, inside.cast.people["quinn"]
    pat.date_of_birth = date(2012, 1, 1)
    pat.save()
    version = offered(inside.cast)
    with pytest.raises(Invalid) as refused:
        actions.accept_plan(version, say(inside.cast), by=actor_of(pat), at=AT)
    assert refused.value.errors[0]["code"] == "minor"
    Guardianship.objects.create(guardian=quinn, dependant=pat, relation="parent", linked_at=AT)
    made = actions.accept_plan(
        version, say(inside.cast, signer=quinn, name=quinn.name), by=actor_of(quinn, for_person=pat), at=AT
    )
    assert made.relation == "parent"


def test_what_the_staff_writes_down_says_so(inside):
    version = offered(inside.cast)
    said = say(inside.cast, how=DecidedHow.PHONE, signer=None, noted_by="staff:fran")
    made = actions.accept_plan(version, said, by=by(inside), at=AT)
    assert (made.signer, made.noted_by, made.how) == (None, "staff:fran", "phone")


def test_an_offer_that_is_taken_back_is_gone_for_the_patient(inside):
    version = offered(inside.cast)
    plan = actions.withdraw_offer(version.plan, revision=None, by=by(inside), at=AT)
    assert plan.state == PlanState.DRAFT
    assert reading.released_to(inside.cast.pat, at=AT) == []
    with pytest.raises(NotOffered):
        actions.accept_plan(version, say(inside.cast), by=actor_of(inside.cast.pat), at=AT)
    assert offered(inside.cast, plan).number == 2


def test_states_that_do_not_fit_are_refused(inside):
    plan = drafted(inside.cast)
    for act in (actions.withdraw_offer, actions.complete_plan, actions.resume_plan, actions.discard_changes):
        with pytest.raises(WrongState):
            act(plan, revision=plan.revision, by=by(inside), at=AT)
    with pytest.raises(ChangedMeanwhile):
        actions.save_plan(plan, typed(inside.cast), revision=7, by=by(inside), at=AT)
    with pytest.raises(Invalid):
        actions.end_plan(plan, {"reason": " "}, revision=plan.revision, by=by(inside), at=AT)
    ended = actions.end_plan(plan, {"reason": "Moved away"}, revision=plan.revision, by=by(inside), at=AT)
    with pytest.raises(PlanOver):
        actions.offer_plan(ended, revision=None, site=SITE, by=by(inside), at=AT)
    resumed = actions.resume_plan(ended, revision=None, by=by(inside), at=AT)
    assert (resumed.state, resumed.reason) == (PlanState.DRAFT, "")
    version = offered(inside.cast, resumed)
    with pytest.raises(NothingToOffer):
        actions.offer_plan(version.plan, revision=None, site=SITE, by=by(inside), at=AT)


def test_an_estimate_of_a_day_that_passed_is_not_offered(inside):
    plan = drafted(inside.cast, valid_until="2026-03-03")
    with pytest.raises(Invalid):
        actions.offer_plan(plan, revision=None, site=SITE, by=by(inside), at=AT + timedelta(days=2))


def test_progress_counts_what_was_really_done_since(inside):
    done(inside.cast, at=AT - timedelta(hours=1))
    plan = accepted(inside.cast).version.plan
    day = AT + timedelta(hours=1)
    done(inside.cast, at=day)
    done(inside.cast, person=inside.cast.people["quinn"], at=day)
    booked = done(inside.cast, at=AT + timedelta(days=60))
    type(booked).objects.filter(pk=booked.pk).update(status=Status.BOOKED, done_at=None)
    plan.refresh_from_db()
    shown = reading.shown(plan, at=AT + timedelta(days=3))
    assert [one.done for one in shown.steps] == [1, 0]
    assert shown.next.number == 1
    assert (shown.earliest, shown.best) == (date(2026, 5, 25), date(2026, 6, 8))
    for number in (90, 180):
        done(inside.cast, at=AT + timedelta(days=number))
    done(inside.cast, at=AT + timedelta(days=200))
    shown = reading.shown(plan, at=AT + timedelta(days=201))
    assert [one.done for one in shown.steps] == [3, 0]
    assert shown.next.stage.name == "Laser hair removal"
    assert shown.earliest is None


def test_a_stage_of_a_series_counts_its_sessions_and_no_test_spot(inside):
    series = begin(inside.cast)
    stages = [stage(inside.cast, "laser", sessions="8", series=str(series.uid))]
    plan = accepted(inside.cast, stages=stages).version.plan
    treat(inside.cast, series, at=AT + timedelta(hours=2), is_test=True)
    treat(inside.cast, series, at=AT + timedelta(days=2))
    plan.refresh_from_db()
    assert [one.done for one in reading.shown(plan, at=AT + timedelta(days=3)).steps] == [1]


def test_a_series_of_somebody_else_is_refused(inside):
    series = begin(inside.cast)
    type(series).objects.filter(pk=series.pk).update(person=inside.cast.people["quinn"])
    with pytest.raises(Invalid):
        drafted(inside.cast, stages=[stage(inside.cast, "laser", series=str(series.uid))])


def test_a_template_takes_nothing_of_the_patient_along(inside):
    plan = drafted(inside.cast)
    made = actions.keep_template(Content.of(plan.draft), name="Forehead", by=by(inside), at=AT)
    kept = PlanTemplate.objects.values_list("stages", flat=True).get(pk=made.pk)
    assert "Forehead first" not in str(kept)
    assert [one["sessions"] for one in kept] == [3, 1]


@pytest.mark.parametrize("table", ["planversion", "plandecision"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET uid = uid", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_keeps_what_was_offered_and_decided(inside, table, verb):
    accepted(inside.cast)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(f"charting_{table}"))


def test_the_paper_holds_the_accepted_text_and_is_the_same_each_time(inside):
    plan = accepted(inside.cast).version.plan
    plan.refresh_from_db()
    one = paper.plan_pdf(reading.shown(plan, at=AT))
    assert one == paper.plan_pdf(reading.shown(plan, at=AT + timedelta(days=9)))
    assert one.startswith(b"%PDF")


@pytest.mark.own_clinic
def test_of_two_acceptances_at_once_one_counts(new_clinic):
    house = new_clinic()
    with enter(house.clinic):
        version = offered(house.cast)

    def accept(_number):
        with enter(house.clinic):
            again = version_of(version.plan, 1)
            return actions.accept_plan(again, say(house.cast), by=actor_of(house.cast.pat), at=AT)

    found = at_once(4, accept)
    assert sorted(type(one).__name__ for one in found) == ["NotOffered"] * 3 + ["PlanDecision"]
    with enter(house.clinic):
        assert PlanDecision.objects.count() == 1


@pytest.mark.own_clinic
def test_a_yes_and_a_withdrawal_at_once_do_not_both_hold(new_clinic):
    house = new_clinic()
    with enter(house.clinic):
        version = offered(house.cast)
        staff = actor_for(house.cast.users["provider"])

    def act(number):
        with enter(house.clinic):
            again = version_of(TreatmentPlan.objects.select_related("person").get(pk=version.plan.pk), 1)
            if number % 2:
                return actions.withdraw_offer(again.plan, revision=None, by=staff, at=AT)
            return actions.accept_plan(again, say(house.cast), by=actor_of(house.cast.pat), at=AT)

    found = at_once(2, act)
    held = [one for one in found if not isinstance(one, Exception)]
    assert len(held) == 1, found
    with enter(house.clinic):
        plan = TreatmentPlan.objects.get()
        assert (plan.state == PlanState.ACCEPTED) == (PlanDecision.objects.count() == 1)
