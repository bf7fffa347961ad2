"""The note at the desk: typed text comes back whatever is refused, and the supervisor's queue."""

import io
import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from ai import choices
from ai.models import Of, Verdict
from audit.models import Event
from charting import queries
from charting.actions import notes as actions
from charting.actions.reviews import add_addendum
from charting.actions.setting_up import save_rule
from charting.models import CoSignature, Encounter, Note, ReviewState
from charting.notes import Typed
from charting.tests.notes import AT, WHOLE, draft, encounter_of, signed
from charting.tests.test_notes import template
from tenants.context import enter
from tests.cast import BY


def at(name, *args):
    return reverse(f"charting:{name}", args=args, urlconf="medspa.urls_clinic")


def form(note, **more):
    return {"revision": note.revision, "key": "", **note.parts, **more}


def stored(house, note):
    with enter(house.clinic):
        row = queries.whole_notes().get(pk=note.pk)
        return row, row.parts, row.values


@pytest.mark.promise("P50")
def test_from_the_visit_to_a_signed_note(glow):
    from tests.matrix.objects import visit_of

    client = glow.client(glow.cast.users["provider"])
    answer = client.post(at("chart_visit", visit_of(glow)))
    page = answer["Location"]
    assert "Start note" in client.get(page).content.decode()
    with enter(glow.clinic):
        template(glow.cast)
    begun = client.post(page + "note/")
    assert begun.status_code == 303
    with enter(glow.clinic):
        note = Note.objects.select_related("encounter__person", "template").latest("id")
        key = {one["label"]: f"answers.{one['key']}" for one in note.template.fields}
    html = client.get(page).content.decode()
    assert "Before you sign:" in html
    refused = client.post(at("sign_note", note.uid), {"revision": 1, "subjective": "Only this"})
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "Only this" in text
    for label in ("Objective", "Assessment", "Plan", "Area", "Units"):
        assert re.search(rf'href="#n-[^"]+">{label}</a>\s+is empty', text), label
    saved = {"revision": 2, **WHOLE, key["Area"]: "Glabella", key["Units"]: "20"}
    assert client.post(at("sign_note", note.uid), saved).status_code == 303
    text = client.get(page).content.decode()
    assert "verified now" in text
    assert 'badge">' in text.split("timeline__tags")[1], "the timeline says that it is signed"
    assert "20 u" in text
    assert "Signed by Ines Ibarra" in text
    assert "Sign addendum" in text
    printed = client.get(at("print_note", note.uid)).content.decode()
    assert WHOLE["plan"] in printed
    paper = client.get(at("download_note", note.uid))
    assert paper["Content-Type"] == "application/pdf"
    assert WHOLE["plan"].split()[0] in PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    with enter(glow.clinic):
        seen = Event.objects.filter(verb="note.opened", object_id=str(note.uid))
        assert seen.count() >= 3, "every opening is an event of its own"


def test_somebody_who_walked_in_is_charted(glow):
    client, cast = glow.client(glow.cast.users["provider"]), glow.cast
    url = at("new_encounter", cast.pat.uid)
    assert "Chart without a visit" in client.get(url).content.decode()
    given = {
        "kind": "treatment",
        "provider": str(cast.providers["ines"].uid),
        "location": str(cast.location.uid),
    }
    assert client.post(url, given | {"provider": ""}).status_code == 422
    assert client.post(url, given | {"service": "x"}).status_code == 422
    answer = client.post(url, given | {"service": str(cast.services["botox"].uid)})
    assert answer.status_code == 303
    assert "Start note" in client.get(answer["Location"]).content.decode()


def test_a_draft_saves_itself(glow):
    with enter(glow.clinic):
        note = draft(glow.cast)
    client = glow.client(glow.cast.users["provider"])
    url, headers = at("save_note", note.uid), {"HTTP_ACCEPT": "application/json", "HTTP_HX_REQUEST": "true"}
    answer = client.post(url, form(note, plan="Typed"), **headers)
    said = json.loads(answer.content)
    assert said["revision"] == note.revision + 1
    assert re.fullmatch(r"Saved \d{1,2}:\d\d:\d\d [ap]m", said["saved"])
    assert said["missing"] == []
    bad = client.post(url, form(note, plan="x" * 10_001), **headers)
    assert bad.status_code == 422
    assert "x" * 10_001 in bad.content.decode()


def test_both_versions_are_shown_and_neither_is_lost(glow):
    with enter(glow.clinic):
        note = draft(glow.cast)
        theirs = Typed(WHOLE | {"plan": "Theirs, at once."}, {})
        sven = glow.cast.users["supervisor"]
        actions.save_note(note, theirs, revision=note.revision, user=sven, at=AT)
    client = glow.client(glow.cast.users["provider"])
    for part in (False, True):
        headers = {"HTTP_ACCEPT": "application/json", "HTTP_HX_REQUEST": "true"} if part else {}
        answer = client.post(at("save_note", note.uid), form(note, plan="Mine, later."), **headers)
        text = answer.content.decode()
        assert answer.status_code == 409
        assert "Mine, later.</textarea>" in text
        assert "Theirs, at once." in text
        assert "Saved by Sven Sandberg" in text
        assert ("<html" in text) is not part
    assert stored(glow, note)[1]["plan"] == "Theirs, at once."
    again = client.post(at("save_note", note.uid), form(note, plan="Both.") | {"revision": 3})
    assert again.status_code == 303
    assert stored(glow, note)[1]["plan"] == "Both."


def test_signed_meanwhile_what_was_typed_comes_back(glow):
    with enter(glow.clinic):
        note = signed(glow.cast)
    answer = glow.client(note.author).post(at("save_note", note.uid), form(note, plan="Too late"))
    assert answer.status_code == 409
    assert "It stays as it is" in answer.content.decode()
    assert "Too late" in answer.content.decode(), "nothing typed is lost: it waits in the addendum"


@pytest.mark.promise("P52")
def test_a_draft_is_in_the_note_once_somebody_uses_it(glow, settings):
    settings.AI_API_KEY = ""
    with enter(glow.clinic):
        chosen = template(glow.cast)
        note = draft(glow.cast, template=chosen, parts={"objective": ""}, values={"units": "20"})
        choices.choose(Of.CLINIC, None, allowed=True, by=BY, at=AT)
    client = glow.client(note.author)
    assert client.post(at("draft_note", note.uid), form(note)).status_code == 303
    page = at("encounter", note.encounter.uid)
    text = client.get(page).content.decode()
    assert "Filled from the chart without AI, not in the note yet" in text
    row, parts, _values = stored(glow, note)
    assert parts["objective"] == ""
    act = re.search(r'name="act" value="([^"]+)"', text)[1]
    used = client.post(at("use_draft", note.uid), form(row, act=act, part="objective", plan="And typed."))
    assert used.status_code == 303
    _row, parts, _values = stored(glow, note)
    assert parts["objective"] == "Units: 20 u"
    assert parts["plan"] == "And typed."
    twice = client.post(at("use_draft", note.uid), form(_row, act=act, part="objective"))
    assert twice.status_code == 409
    assert "not in the note yet" not in client.get(page).content.decode()
    with enter(glow.clinic):
        assert Verdict.objects.get(act__uid=act).by_id == note.author_id


def test_the_supervisor_returns_then_cosigns(glow):
    with enter(glow.clinic):
        save_rule(None, percent=100, services=[], first_months=0, since=None, days=7, by=BY, at=AT)
        note = signed(glow.cast)
        own = draft(glow.cast, encounter=encounter_of(glow.cast, "sven"), user=glow.cast.users["supervisor"])
        actions.sign_note(own, revision=own.revision, user=own.author, at=AT)
        assert CoSignature.objects.count() == 1, "who may co-sign is not drawn by the rule of all"
    sven, ines = glow.client(glow.cast.users["supervisor"]), glow.client(note.author)
    queue = sven.get(at("cosign_queue")).content.decode()
    assert "Pat Peterson" in queue
    assert "Overdue" in queue
    assert '<span class="count">1' in sven.get(at("cosign_count")).content.decode()
    blank = sven.post(at("return_note", note.uid), {"text": " "})
    assert blank.status_code == 422
    assert sven.post(at("return_note", note.uid), {"text": "Which lot?"}).status_code == 303
    assert "Pat Peterson" not in sven.get(at("cosign_queue")).content.decode()
    assert "Returned to me" in ines.get(at("own_notes")).content.decode()
    assert "Which lot?" in ines.get(at("encounter", note.encounter.uid)).content.decode()
    assert ines.post(at("add_addendum", note.uid), {"text": "C6184."}).status_code == 303
    assert "Pat Peterson" in sven.get(at("cosign_queue")).content.decode()
    assert sven.post(at("cosign", note.uid)).status_code == 303
    assert sven.post(at("cosign", note.uid)).status_code == 409
    with enter(glow.clinic):
        assert CoSignature.objects.get(note=note).state == ReviewState.COSIGNED
        assert queries.is_intact(queries.whole_notes().get(pk=note.pk))


def test_nobody_cosigns_their_own_note(glow):
    with enter(glow.clinic):
        cast, sven = glow.cast, glow.cast.users["supervisor"]
        save_rule(
            cast.providers["sven"], percent=100, services=[], first_months=0, since=None, days=7, by=BY, at=AT
        )
        note = draft(cast, encounter=encounter_of(cast, "sven"), user=sven)
        note = actions.sign_note(note, revision=note.revision, user=sven, at=AT)
    client = glow.client(sven)
    assert "Pat Peterson" not in client.get(at("cosign_queue")).content.decode()
    assert client.post(at("cosign", note.uid)).status_code == 409
    assert glow.client(glow.cast.owner).post(at("cosign", note.uid)).status_code == 303


def test_a_finished_cosignature_stays(glow):
    from django.db import Error, transaction

    from charting.actions.reviews import cosign_note

    with enter(glow.clinic):
        save_rule(None, percent=100, services=[], first_months=0, since=None, days=7, by=BY, at=AT)
        note = signed(glow.cast)
        cosign_note(note, user=glow.cast.users["supervisor"], at=AT + timedelta(days=1))
        add_addendum(note, "Later.", user=note.author, at=AT)
        for sql in ("UPDATE charting_cosignature SET state = 'waiting'", "DELETE FROM charting_cosignature"):
            with pytest.raises(Error, match="stays as it is"), transaction.atomic():
                connection.cursor().execute(sql)


def test_the_front_desk_sees_no_note(glow):
    with enter(glow.clinic):
        note = signed(glow.cast)
    client = glow.client(glow.cast.desk)
    assert client.get(at("encounter", note.encounter.uid)).status_code == 404
    assert client.get(at("own_notes")).status_code == 403
    from tests.matrix.objects import visit_of

    panel = client.get(f"/desk/visits/{visit_of(glow)}/").content.decode()
    assert "Chart this visit" not in panel


def test_the_moment_of_a_signature_is_told_by_the_clock_of_its_place(glow, rival):
    for house, told in ((glow, "11:30:00"), (rival, "9:30:00")):  # 17:30 UTC in Austin and in Portland
        with enter(house.clinic):
            note = signed(house.cast)
        page = house.client(house.cast.owner).get(at("encounter", note.encounter.uid)).content.decode()
        assert f"Tue 3 Mar 2026, {told} am" in page


def test_two_hundred_visits_cost_no_query_more_than_one(glow, django_assert_num_queries):
    with enter(glow.clinic):
        note = signed(glow.cast)
        first = note.encounter
    client, page = glow.client(glow.cast.owner), at("encounter", first.uid)
    for _ in range(2):  # what a process remembers, it remembers by now
        client.get(page)
    with CaptureQueriesContext(connection) as few:
        assert client.get(page).status_code == 200
    with enter(glow.clinic):
        Encounter.objects.bulk_create(
            Encounter(
                person=glow.cast.pat,
                provider=first.provider,
                location=first.location,
                service=first.service,
                kind="treatment",
                began_at=AT - timedelta(days=each),
            )
            for each in range(1, 200)
        )
    with django_assert_num_queries(len(few)):
        assert client.get(page).status_code == 200
