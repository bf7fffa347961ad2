"""Aftercare: texts in versions, and what goes out after a visit: once, not before an undo could take it back."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction

from charting import actions, tasks
from charting.actions import giving
from charting.actions.aftercare import TextChanged
from charting.aftercare import showing
from charting.aftercare.starters import STARTERS
from charting.models import AftercareSheet, AftercareText, SheetState
from charting.tests import notes
from charting.tests.plans import AT, SITE, TEXTS, accepted, done, published
from core.problems import Invalid
from messaging.actions import record_consent
from messaging.models import Message, Purpose, State
from patients.models import Guardianship
from scheduling.models import Appointment, Status
from scheduling.signals import appointment_changed
from tenants import due
from tenants.context import enter
from tests.cast import BY
from tests.running import at_once

LATER = AT + timedelta(minutes=30)


def tell(visit: Appointment, verb: str, at=AT) -> None:
    """The visit's news, as scheduling sends it."""
    appointment_changed.send(sender=Appointment, appointment=visit, verb=verb, at=at)


def undo(visit: Appointment, at=AT) -> None:
    visit.status, visit.done_at = Status.IN_ROOM, None
    visit.save(update_fields=["status", "done_at"])
    tell(visit, "undone", at)


def finish(cast, name="botox", at=AT, **given) -> Appointment:
    visit = done(cast, name, at=at)
    Appointment.objects.filter(pk=visit.pk).update(**given)
    visit.refresh_from_db()
    tell(visit, "done", at)
    return visit


def sent(cast) -> list[Message]:
    return list(Message.objects.filter(kind="aftercare", subject=cast.pat.uid).order_by("id"))


def test_it_waits_half_an_hour_and_then_says_only_that_something_waits(inside):
    text = published(inside.cast)
    visit = finish(inside.cast, service_sms="v1")
    sheet = AftercareSheet.objects.get()
    assert (sheet.state, sheet.text, sheet.due_at) == (SheetState.WAITING, text, LATER)
    assert due.waiting(giving.DUE, [sheet.uid]) == {sheet.uid}
    assert sent(inside.cast) == []
    assert actions.send_due(sheet.uid, site=SITE, at=LATER) == 1
    mail, sms = sent(inside.cast)
    assert {mail.channel, sms.channel} == {"email", "sms"}
    for one in (mail, sms):
        assert "/portal/aftercare/" in one.body
        for word in ("Botox", "toxin", "needle", "treatment"):
            assert word not in one.body + one.subject_line
        assert one.about == visit.uid
    assert sms.purpose == Purpose.REMINDER, "quiet hours and the most of a day hold for it"
    sheet.refresh_from_db()
    assert (sheet.state, sheet.given_at) == (SheetState.SENT, LATER)
    assert due.waiting(giving.DUE, [sheet.uid]) == set()


def test_who_agreed_to_no_texts_gets_none(inside):
    published(inside.cast)
    finish(inside.cast)
    actions.send_due(AftercareSheet.objects.get().uid, site=SITE, at=LATER)
    assert [one.channel for one in sent(inside.cast)] == ["email"]
    record_consent(
        "sms",
        inside.cast.pat.phone,
        granted=True,
        text_version="v1",
        by=BY,
        at=AT,
        subject=inside.cast.pat.uid,
    )
    actions.send_again(AftercareSheet.objects.get(), site=SITE, by=BY, at=LATER + timedelta(minutes=1))
    assert [one.channel for one in sent(inside.cast)] == ["email", "email", "sms"]


def test_it_is_given_once_for_a_visit_and_a_version(inside):
    text = published(inside.cast)
    visit = finish(inside.cast)
    sheet = AftercareSheet.objects.get()
    tell(visit, "done")
    actions.send_due(sheet.uid, site=SITE, at=LATER)
    assert actions.send_due(sheet.uid, site=SITE, at=LATER) == 0
    undo(visit)
    visit.status = Status.DONE
    tell(visit, "done", LATER)
    assert AftercareSheet.objects.count() == 1
    assert len(sent(inside.cast)) == 1
    changed = {**TEXTS, "en": {"title": "After it", "body": "Another word."}}
    second = actions.publish_aftercare(
        text, name="Toxin", services=text.services, texts=changed, by=BY, at=LATER
    )
    tell(visit, "done", LATER)
    assert set(AftercareSheet.objects.values_list("text", flat=True)) == {text.pk, second.pk}


def test_an_undo_takes_back_what_was_not_sent(inside):
    published(inside.cast)
    visit = finish(inside.cast)
    undo(visit)
    sheet = AftercareSheet.objects.get()
    assert sheet.state == SheetState.VOID
    assert due.waiting(giving.DUE, [sheet.uid]) == set()
    assert actions.send_due(sheet.uid, site=SITE, at=LATER) == 0
    visit.status = Status.DONE
    tell(visit, "done", LATER)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.due_at) == (SheetState.WAITING, LATER + giving.WAIT)
    actions.send_again(sheet, site=SITE, by=BY, at=LATER)
    undo(visit, LATER)
    sheet.refresh_from_db()
    assert sheet.state == SheetState.VOID, "it stood in the outbox and had not left"
    assert {one.state for one in sent(inside.cast)} == {State.VOID}


def test_what_has_left_stays_given(inside):
    published(inside.cast)
    visit = finish(inside.cast)
    sheet = AftercareSheet.objects.get()
    actions.send_due(sheet.uid, site=SITE, at=LATER)
    Message.objects.filter(kind="aftercare").update(state=State.DELIVERED)
    undo(visit, LATER)
    sheet.refresh_from_db()
    assert sheet.state == SheetState.SENT


def test_several_treatments_of_a_day_are_one_message(inside):
    published(inside.cast)
    published(inside.cast, "laser", name="Hair")
    finish(inside.cast)
    second = finish(inside.cast, "laser", at=AT + timedelta(minutes=10))
    first = AftercareSheet.objects.order_by("due_at").first()
    assert actions.send_due(first.uid, site=SITE, at=LATER) == 2
    assert len(sent(inside.cast)) == 1
    assert AftercareSheet.objects.filter(state=SheetState.SENT).count() == 2
    assert actions.send_due(AftercareSheet.objects.get(appointment=second).uid, site=SITE, at=LATER) == 0


def test_it_waits_while_the_patient_is_in_the_house_for_more_but_not_for_ever(inside):
    published(inside.cast)
    finish(inside.cast)
    ahead = done(inside.cast, "laser", at=AT + timedelta(minutes=60))
    Appointment.objects.filter(pk=ahead.pk).update(status=Status.IN_ROOM, done_at=None)
    sheet = AftercareSheet.objects.get()
    assert actions.send_due(sheet.uid, site=SITE, at=LATER) == 0
    assert due.waiting(giving.DUE, [sheet.uid]) == {sheet.uid}
    assert actions.send_due(sheet.uid, site=SITE, at=sheet.due_at + giving.LONGEST_WAIT) == 1


def test_a_plan_adds_its_own_instructions_even_without_a_text(inside):
    accepted(inside.cast)
    finish(inside.cast, at=AT + timedelta(hours=1))
    sheet = AftercareSheet.objects.get()
    assert sheet.text is None
    assert showing.instructions(sheet) == ["Frown gently for an hour."]
    assert showing.reading(sheet, language="en", clinical=False).own == []


def test_a_child_has_it_sent_to_who_looks_after_them(inside):
    published(inside.cast)
    child, guardian = inside.cast.stranger, inside.cast.people["quinn"]
    child.contact_points.all().delete()
    Guardianship.objects.create(guardian=guardian, dependant=child, relation="parent", linked_at=AT)
    visit = done(inside.cast, person=type(child).objects.get(pk=child.pk))
    tell(visit, "done")
    actions.send_due(AftercareSheet.objects.get().uid, site=SITE, at=LATER)
    message = Message.objects.get(kind="aftercare")
    assert (message.to, message.subject) == (guardian.email, child.uid)
    assert "/portal/people/" in message.body


def test_where_nobody_can_be_written_to_it_is_in_the_portal_and_the_staff_is_told(inside):
    published(inside.cast)
    inside.cast.pat.contact_points.all().delete()
    finish(inside.cast)
    sheet = AftercareSheet.objects.get()
    actions.send_due(sheet.uid, site=SITE, at=LATER)
    sheet.refresh_from_db()
    assert sheet.state == SheetState.READY
    assert sent(inside.cast) == []


def test_a_treatment_without_a_text_gives_nothing(inside):
    finish(inside.cast)
    assert AftercareSheet.objects.count() == 0


def test_what_lost_its_place_in_the_queue_gets_it_again(inside):
    published(inside.cast)
    finish(inside.cast)
    sheet = AftercareSheet.objects.get()
    due.cancel(giving.DUE, [sheet.uid])
    tasks.reconcile.__wrapped__()
    assert due.waiting(giving.DUE, [sheet.uid]) == {sheet.uid}


def test_a_change_of_words_is_a_version_and_a_change_of_services_is_none(inside):
    text = published(inside.cast)
    same = actions.publish_aftercare(text, name="Neuromodulator", services=[], texts=TEXTS, by=BY, at=LATER)
    assert (same.pk, same.version, same.name, same.services) == (text.pk, 1, "Neuromodulator", [])
    other = {"en": {"title": "New", "body": "New words"}}
    second = actions.publish_aftercare(same, name="Toxin", services=[], texts=other, by=BY, at=LATER)
    assert (second.version, second.family) == (2, text.family)
    kept = AftercareText.objects.get(pk=text.pk)
    assert (kept.texts, kept.is_current) == (TEXTS, False)
    with pytest.raises(TextChanged):
        actions.publish_aftercare(kept, name="Toxin", services=[], texts=TEXTS, by=BY, at=LATER)


def test_a_treatment_has_one_text(inside):
    text = published(inside.cast)
    with pytest.raises(Invalid) as refused:
        published(inside.cast, name="Another")
    assert refused.value.errors[0]["field"] == "services"
    actions.archive_aftercare(text, archived=True, by=BY, at=AT)
    published(inside.cast, name="Another")
    with pytest.raises(Invalid):
        actions.archive_aftercare(text, archived=False, by=BY, at=AT)


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ({}, "title_en"),
        ({"es": TEXTS["es"]}, "body_en"),
        ({"en": {"title": "T", "body": ""}}, "body_en"),
        ({"en": {"title": "T", "body": "Dear {patient}"}}, "body_en"),
        ({"en": {"title": "T", "body": "[ ] I will"}}, "body_en"),
        ({"en": TEXTS["en"], "es": {"title": "Solo título", "body": ""}}, "body_es"),
        ({"en": {"title": "T" * 121, "body": "B"}}, "title_en"),
    ],
)
def test_a_text_that_cannot_be_given_out_is_refused(inside, texts, field):
    with pytest.raises(Invalid) as refused:
        published(inside.cast, texts=texts)
    assert field in {one["field"] for one in refused.value.errors}


@pytest.mark.parametrize("key", STARTERS)
def test_our_own_texts_say_whom_to_call_in_both_languages(inside, key):
    made = actions.add_aftercare_starter(key, by=BY, at=AT)
    for language in ("en", "es"):
        said = made.texts[language]["body"]
        assert "911" in said
        assert "{clinic}: {phone}" in said
        paper = showing.paper_of(made, language)
        assert "512" in paper.text, "the clinic's number stands in it"
        kinds = [part.kind for part in paper.blocks]
        assert kinds.count("heading") >= 4


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE charting_aftercaretext SET texts = '{}'",
        "UPDATE charting_aftercaretext SET version = 9",
        "DELETE FROM charting_aftercaretext",
        "TRUNCATE charting_aftercaretext CASCADE",
    ],
)
def test_the_database_keeps_what_was_published(inside, sql):
    published(inside.cast)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.own_clinic
def test_of_two_workers_one_sends(new_clinic):
    house = new_clinic()
    with enter(house.clinic):
        with transaction.atomic():
            published(house.cast)
            finish(house.cast)
        uid = AftercareSheet.objects.get().uid

    def send(_number):
        with enter(house.clinic):
            return actions.send_due(uid, site=SITE, at=LATER)

    assert sorted(at_once(3, send)) == [0, 0, 1]
    with enter(house.clinic):
        assert len(sent(house.cast)) == 1


def test_who_came_without_an_appointment_gets_it_after_the_note_is_signed(inside):
    cast, text = inside.cast, published(inside.cast)
    note = notes.draft(cast, encounter=notes.encounter_of(cast, at=AT))
    assert not AftercareSheet.objects.exists()
    notes.sign_note(note, revision=note.revision, user=note.author, at=AT)
    sheet = AftercareSheet.objects.get()
    assert (sheet.person, sheet.appointment, sheet.text, sheet.due_at) == (cast.pat, None, text, LATER)
    assert giving.prepare_walk_in(note.encounter, at=AT) == sheet
    assert actions.send_due(sheet.uid, site=SITE, at=LATER) == 1
    assert len(sent(cast)) == 1


def test_it_is_not_given_twice_on_one_day(inside):
    published(inside.cast)
    finish(inside.cast)
    note = notes.draft(inside.cast, encounter=notes.encounter_of(inside.cast, at=AT))
    notes.sign_note(note, revision=note.revision, user=note.author, at=AT)
    assert AftercareSheet.objects.count() == 1


def test_a_note_that_is_signed_days_later_sends_none(inside):
    published(inside.cast)
    note = notes.draft(inside.cast, encounter=notes.encounter_of(inside.cast, at=AT - timedelta(days=3)))
    notes.sign_note(note, revision=note.revision, user=note.author, at=AT)
    assert not AftercareSheet.objects.exists()
