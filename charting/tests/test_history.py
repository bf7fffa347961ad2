"""Writing a medical history: versions, contradictions, races, alerts, who may, and what lies in the database."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
from django.db import connection, connections
from fhir.resources.allergyintolerance import AllergyIntolerance
from fhir.resources.condition import Condition
from fhir.resources.medicationstatement import MedicationStatement
from fhir.resources.R4B import allergyintolerance as r4b_allergy
from fhir.resources.R4B import condition as r4b_condition
from fhir.resources.R4B import medicationstatement as r4b_medication
from pydantic import BaseModel

from accounts.actors import actor_for
from audit.models import Event
from charting import actions, fhir
from charting.actions.history import ChangedMeanwhile
from charting.forms.history import HistoryForm
from charting.history.codes import CODES, RXNORM, SNOMED
from charting.models import HistoryEntry, HistoryKind
from core.problems import Invalid
from patients.models import Person
from tenants.context import enter

AT = datetime(2027, 3, 1, 15, 0, tzinfo=UTC)
LIDOCAINE = {"code": "lidocaine", "reaction": "hives", "severity": "moderate", "since": "2019"}
SHAPES = {
    "AllergyIntolerance": AllergyIntolerance,
    "MedicationStatement": MedicationStatement,
    "Condition": Condition,
}


def add(cast, kind="allergy", given=None, person=None):
    given = LIDOCAINE if given is None else given
    return actions.add_history(person or cast.pat, kind, given, by=actor_for(cast.owner), at=AT)


def standing(cast, kind):
    from charting.actions.history import active

    return [one for one in active(cast.pat) if one.kind == kind]


@pytest.mark.promise("P48")
def test_a_line_keeps_every_version(glow):
    with enter(glow.clinic):
        cast, by = glow.cast, actor_for(glow.cast.owner)
        first = add(cast)
        second = actions.change_history(first, {**LIDOCAINE, "reaction": "swelling"}, number=1, by=by, at=AT)
        third = actions.end_history(second, number=2, reason="Tested: none", by=by, at=AT)
        rows = list(HistoryEntry.objects.filter(line=first.line).order_by("number"))
        assert [row.body["reaction"] for row in rows] == ["hives", "swelling", "swelling"]
        assert [row.status for row in rows] == ["active", "active", "ended"]
        assert third.body["ended"] == "Tested: none"
        assert not standing(cast, "allergy")
        actions.resume_history(third, number=3, by=by, at=AT)
        assert len(standing(cast, "allergy")) == 1
        verbs = [event.verb for event in Event.objects.filter(verb__startswith="history.").order_by("id")]
        assert verbs[-4:] == ["history.added", "history.changed", "history.ended", "history.resumed"]


def test_none_known_is_a_statement_that_an_allergy_ends(glow):
    with enter(glow.clinic):
        add(glow.cast, "no_allergies", {})
        add(glow.cast)
        assert not standing(glow.cast, "no_allergies")
        with pytest.raises(Invalid):
            add(glow.cast, "no_allergies", {})


def test_of_skin_types_the_last_one_stands(glow):
    with enter(glow.clinic):
        add(glow.cast, "skin_type", {"skin_type": "2"})
        add(glow.cast, "skin_type", {"skin_type": "3"})
        assert [one.body["skin_type"] for one in standing(glow.cast, "skin_type")] == ["3"]


def test_a_change_of_a_version_that_is_no_longer_the_last_is_refused(glow):
    with enter(glow.clinic):
        by, first = actor_for(glow.cast.owner), add(glow.cast)
        actions.change_history(first, LIDOCAINE, number=1, by=by, at=AT)
        with pytest.raises(ChangedMeanwhile):
            actions.change_history(first, {"text": "Other"}, number=1, by=by, at=AT)
        with pytest.raises(ChangedMeanwhile):
            actions.end_history(first, number=7, reason="so", by=by, at=AT)


@pytest.mark.own_clinic
def test_two_who_change_one_line_at_once(new_clinic):
    house = new_clinic("glow")
    with enter(house.clinic):
        entry, by = add(house.cast), actor_for(house.cast.owner)
    ready, answers = Barrier(2), []

    def change(words: str) -> None:
        with enter(house.clinic):
            ready.wait()
            try:
                actions.change_history(entry, {"text": words}, number=1, by=by, at=AT)
                answers.append("saved")
            except ChangedMeanwhile:
                answers.append("refused")
        connections.close_all()

    threads = [Thread(target=change, args=(words,)) for words in ("One", "Two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["refused", "saved"]


def test_the_table_shows_nothing_of_it(glow):
    with enter(glow.clinic):
        add(glow.cast, given={"text": "Zanzibar pollen"})
        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(encode(body, 'escape'), ' ') FROM charting_historyentry")
            stored = cursor.fetchone()[0]
    assert "Zanzibar" not in stored


SUBJECT = {"reference": "Patient/pat"}
ENTRIES = [
    ("allergy", LIDOCAINE, "AllergyIntolerance"),
    ("allergy", {"text": "Cats"}, "AllergyIntolerance"),
    ("no_allergies", {}, "AllergyIntolerance"),
    ("medication", {"code": "isotretinoin", "dose": "20 mg daily", "since": "2026-01", "until": "2026-09-01"}, "MedicationStatement"),
    ("condition", {"code": "keloid", "since": "2011"}, "Condition"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given", "shape"), ENTRIES)
def test_the_shapes_are_those_of_fhir(glow, kind, given, shape):
    with enter(glow.clinic):
        entry = add(glow.cast, kind, given)
        by = actor_for(glow.cast.owner)
        for each in (entry, actions.end_history(entry, number=1, reason="x", mistake=True, by=by, at=AT)):
            found = fhir.resource(each)
            assert found is not None
            assert found["resourceType"] == shape
            SHAPES[shape].model_validate(found)


R4B: dict[str, type[BaseModel]] = {
    "allergy": r4b_allergy.AllergyIntolerance,
    "medication": r4b_medication.MedicationStatement,
    "condition": r4b_condition.Condition,
}
MISSING = {"allergy": {"patient": SUBJECT}, "condition": {"subject": SUBJECT}}
MISSING["medication"] = {"subject": SUBJECT, "status": "active"}


@pytest.mark.parametrize("coding", CODES, ids=lambda one: one.key)
def test_every_code_we_begin_with_stands_in_r5_and_in_r4b(coding):
    """Exports will speak R4 (trust.md, R5): the codings must hold there too, whole and unchanged."""
    entry = HistoryEntry(kind=coding.kind, noted_at=AT, person=Person())
    entry.body = {"code": coding.key, "text": str(coding.label)}
    found = fhir.resource(entry)
    assert found is not None
    SHAPES[found["resourceType"]].model_validate(found)
    concept = found["medication"]["concept"] if coding.kind == "medication" else found["code"]
    name = "medicationCodeableConcept" if coding.kind == "medication" else "code"
    kept = R4B[coding.kind].model_validate({name: concept} | MISSING[coding.kind])
    assert getattr(kept, name).model_dump() == concept
    (one,) = concept["coding"]
    assert (one["system"], one["code"]) in {(SNOMED, coding.code), (RXNORM, coding.code)}
    assert one["code"].isdigit()


def test_no_code_is_there_twice_for_one_kind():
    assert len({(one.kind, one.system, one.code) for one in CODES}) == len(CODES)


def test_what_is_no_resource_of_the_three_is_none(glow):
    with enter(glow.clinic):
        assert fhir.resource(add(glow.cast, "skin_type", {"skin_type": "3"})) is None


# --- The pages


def test_an_allergy_stands_above_the_record_of_whom_treats(glow):
    cast = glow.cast
    with enter(glow.clinic):
        add(cast)
    page = glow.client(cast.users["provider"]).get(f"/desk/patients/{cast.pat.uid}/history/")
    assert b"Allergy: Lidocaine" in page.content
    desk = glow.client(cast.desk).get(f"/desk/patients/{cast.pat.uid}/")
    assert desk.status_code == 200
    assert b"Lidocaine" not in desk.content


def test_whoever_is_outside_the_care_team_is_asked_why(glow):
    cast = glow.cast
    with enter(glow.clinic):
        entry = add(cast, person=cast.stranger)
    client = glow.client(cast.users["provider"])
    for path in (f"/desk/patients/{cast.stranger.uid}/history/", f"/desk/history/{entry.line}/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert "break-glass" in answer["Location"]


def test_the_form_keeps_what_was_typed(glow):
    client, path = glow.client(glow.cast.owner), f"/desk/patients/{glow.cast.pat.uid}/history/add/allergy/"
    answer = client.post(path, {"reaction": "hives of the arms", "since": "soon"})
    assert answer.status_code == 422
    assert b"hives of the arms" in answer.content
    assert b"Write a year" in answer.content
    assert b"Choose one of the list, or write" in answer.content
    assert client.post(path, {"text": "Cats", "since": "2001"}).status_code in {302, 303}
    page = client.get(f"/desk/patients/{glow.cast.pat.uid}/history/")
    assert b"Cats" in page.content
    assert b"Olive" in page.content


def test_ending_by_the_page_and_taking_it_back(glow):
    client = glow.client(glow.cast.owner)
    with enter(glow.clinic):
        entry = add(glow.cast)
    base = f"/desk/history/{entry.line}/"
    assert client.post(f"{base}end/", {"number": 1, "reason": ""}).status_code == 422
    assert client.post(f"{base}end/", {"number": 9, "reason": "x"}).status_code == 409
    assert client.post(f"{base}end/", {"number": 1, "reason": "Tested"}).status_code in {302, 303}
    assert client.post(f"{base}resume/?number=2").status_code in {302, 303}
    with enter(glow.clinic):
        assert len(standing(glow.cast, "allergy")) == 1
    assert b"Tested" in client.get(f"{base}versions/").content


def test_the_list_is_asked_before_the_words_for_what_it_lacks():
    for kind in (HistoryKind.ALLERGY, HistoryKind.MEDICATION, HistoryKind.CONDITION):
        assert list(HistoryForm(kind).fields)[:2] == ["code", "text"]
