"""Documents at the desk and by program: how they come, who may, what happens to them."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from fhir.resources.documentreference import DocumentReference

from accounts.actors import actor_for
from audit.models import Event
from core.ids import uuid7
from documents import actions, fhir
from documents.models import Document, Kind
from documents.tests.papers import add_document, released_document, upload
from files import storage, tasks
from files.tests.papers import pdf
from files.tests.pictures import GREY, jpeg
from patients import care
from providers.errors import ProviderError
from tenants.context import enter
from vault.errors import VaultError
from vault.sealing import open_file
from vault.tags import DOCUMENT_BODY, PHOTO_BODY

URL = "/api/v1/documents/"
SECRET = b"hemoglobin 13.9, and nobody else may know"
DATA = pdf(b"(" + SECRET + b")")


def keys_of(house):
    return [each.key for each in storage.bucket().list(f"{house.clinic.uid}/")]


@pytest.fixture(autouse=True)
def clean_store(glow):
    for key in keys_of(glow):
        storage.bucket().delete(key)


def desk(house, role="provider"):
    return house.client(house.cast.users[role])


def add_page(house, person=None):
    return f"/desk/patients/{(person or house.cast.pat).uid}/documents/add/"


def page_of(document, step=""):
    return f"/desk/documents/{document.uid}/{step}"


# --- In ---


@pytest.mark.promise("P49")
@pytest.mark.promise("P61")
def test_a_paper_is_filed_sealed_and_told_to_the_trail(glow):
    answer = desk(glow).post(add_page(glow), upload(DATA, dated="2026-01-05", once=str(uuid4())))
    assert answer.status_code == 303, answer.content
    with enter(glow.clinic):
        document = Document.objects.get()
        assert (document.title, document.kind, document.media_type) == (
            "Blood test",
            "lab",
            "application/pdf",
        )
        assert document.size == len(DATA)
        assert not document.from_patient
        event = Event.objects.get(verb="document.added")
        assert (event.object_id, event.patient_id) == (str(document.uid), glow.cast.pat.uid)
        sealed = bytearray(storage.fetch(document.object_key, size=document.sealed_size))
        assert SECRET not in sealed
        assert bytes(open_file(bytearray(sealed), file=document.uid, body=DOCUMENT_BODY)) == DATA
        with pytest.raises(VaultError):  # what is sealed as a document opens as nothing else
            open_file(bytearray(sealed), file=document.uid, body=PHOTO_BODY)
    listed = desk(glow).get(f"/desk/patients/{glow.cast.pat.uid}/documents/").content.decode()
    assert "Blood test" in listed
    assert "Ines Ibarra" in listed


def test_pictures_come_too(glow):
    for data, media_type in ((GREY, "image/png"), (jpeg(), "image/jpeg")):
        assert desk(glow).post(add_page(glow), upload(data)).status_code == 303
        with enter(glow.clinic):
            assert Document.objects.latest("added_at").media_type == media_type


BAD = {
    "nothing": ({"data": ""}, "Choose a file."),
    "an empty file": ({"data": b" "}, "Choose a PDF, or a picture as JPEG or PNG."),
    "words": ({"data": b"hello there"}, "Choose a PDF, or a picture as JPEG or PNG."),
    "a program": ({"data": b"MZ" + bytes(500)}, "Choose a PDF"),
    "a page": ({"data": b"<html></html>"}, "Choose a PDF"),
    "a PDF with an archive behind": (
        {"data": pdf() + b"PK\x03\x04" + bytes(99)},
        "something follows its end",
    ),
    "a PDF that starts a script": ({"data": pdf(b"<< /S /JavaScript >>")}, "Print it to a new PDF"),
    "a PDF with a password": ({"data": pdf(b"<< /Encrypt 9 0 R >>")}, "locked with a password"),
    "half a PDF": ({"data": pdf()[:60]}, "incomplete"),
    "too much": ({"data": pdf(size=12 * 1024 * 1024)}, "larger than 12 MB"),
    "a picture with a place in it": ({"data": jpeg((0xE1, b"Exif\0\0"))}, "carries more than a picture"),
    "no kind": ({"kind": ""}, "Say what it is."),
    "a kind nobody knows": ({"kind": "rumour"}, "Choose one of the list."),
    "a title without end": ({"title": "x" * 121}, "Use at most 120 characters"),
    "a date to come": ({"dated": "2999-01-01"}, "today or earlier"),
    "a date that is none": ({"dated": "yesterday"}, "today or earlier"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_whole_and_what_was_typed_stays(glow, name):
    fields, told = BAD[name]
    answer = desk(glow).post(add_page(glow), upload(**{"title": "Typed by hand", **fields}))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert told in page
    assert "title" in fields or "Typed by hand" in page
    with enter(glow.clinic):
        assert not Document.objects.exists()
    assert keys_of(glow) == []


def test_a_second_press_files_nothing_twice(glow):
    once = str(uuid4())
    for _press in range(2):
        assert desk(glow).post(add_page(glow), upload(DATA, once=once)).status_code == 303
    with enter(glow.clinic):
        assert Document.objects.count() == 1
    assert len(keys_of(glow)) == 1


def test_the_form_needs_its_token(glow):
    client = glow.client(glow.cast.users["provider"], enforce_csrf_checks=True)
    assert client.post(add_page(glow), upload()).status_code == 403
    page = client.get(add_page(glow)).content
    token = page.split(b'name="csrfmiddlewaretoken" value="')[1].split(b'"')[0].decode()
    assert client.post(add_page(glow), upload(csrfmiddlewaretoken=token)).status_code == 303
    with enter(glow.clinic):
        assert Document.objects.count() == 1


def test_a_failing_store_leaves_no_row(glow, monkeypatch):
    def fail(*args, **kwargs):
        raise ProviderError("s3", "no_connection", permanent=False, sent="no")

    monkeypatch.setattr(storage.bucket(), "put", fail)
    assert desk(glow).post(add_page(glow), upload()).status_code == 503
    with enter(glow.clinic):
        assert not Document.objects.exists()


def test_the_sweep_spares_documents(glow, monkeypatch):
    add_document(glow)
    monkeypatch.setattr(tasks, "now", lambda: datetime.now(UTC) + timedelta(hours=25))
    with enter(glow.clinic):
        assert tasks.sweep_objects.run() == 0
    assert len(keys_of(glow)) == 1


# --- Who ---


def test_the_front_desk_files_cards_and_never_sees_a_result(glow):
    card, result = (
        add_document(glow, title="Blue card", kind="insurance"),
        add_document(glow, kind="lab", title="HIV test"),
    )
    client = desk(glow, "front_desk")
    listed = client.get(f"/desk/patients/{glow.cast.pat.uid}/documents/").content.decode()
    assert "Blue card" in listed
    assert "HIV test" not in listed
    assert client.get(page_of(card)).status_code == 200
    for step in ("", "file/"):
        assert client.get(page_of(result, step)).status_code == 404
    for step in ("seen/", "release/", "withdraw/", "remove/", "restore/"):
        assert client.post(page_of(result, step), {"reason": "x"}).status_code == 404
    assert client.get(f"{URL}{result.uid}/").status_code == 404
    assert client.get(f"{URL}{result.uid}/content/").status_code == 404
    assert client.post(add_page(glow), upload(kind="lab")).status_code == 422
    assert client.post(add_page(glow), upload(kind="referral")).status_code == 303
    # Nor does what is a result become one of theirs, or theirs a result.
    assert client.post(page_of(card), {"kind": "lab", "title": "x"}).status_code == 422
    timeline = desk(glow, "front_desk").get(f"/api/v1/patients/{glow.cast.pat.uid}/documents/").json()
    assert {each["kind"] for each in timeline["results"]} == {"insurance", "referral"}


def test_marketers_and_analysts_and_the_other_clinic_see_none(glow, rival):
    document = add_document(glow)
    for role in ("marketer", "analyst"):
        assert desk(glow, role).get(page_of(document)).status_code == 404
        assert desk(glow, role).get(f"/desk/patients/{glow.cast.pat.uid}/documents/").status_code == 404
    assert rival.client(rival.cast.owner).get(page_of(document)).status_code == 404
    assert desk(glow).get(f"/desk/documents/{uuid7()}/").status_code == 404


def test_outside_the_care_team_clinical_ones_need_a_reason(glow):
    stranger = glow.cast.stranger
    card = add_document(glow, stranger, kind="insurance", title="Her card")
    result = add_document(glow, stranger, kind="lab", title="Her result")
    client = desk(glow)
    listed = client.get(f"/desk/patients/{stranger.uid}/documents/").content.decode()
    assert "Her card" in listed
    assert "Her result" not in listed
    assert "Give a reason" in listed
    assert client.get(page_of(card)).status_code == 200
    assert "break-glass" in client.get(page_of(result))["Location"]
    assert client.get(f"{URL}{result.uid}/content/").status_code == 404
    with enter(glow.clinic):
        reason = "She reacts to the peel, Nora is out"
        care.break_glass(glow.cast.users["provider"], stranger, reason=reason, at=datetime.now(UTC))
    assert client.get(page_of(result)).status_code == 200


# --- Out ---


def test_it_is_saved_whole_never_shown_and_each_opening_is_an_event(glow):
    document = add_document(glow, data=DATA)
    client = desk(glow)
    for _time in range(2):
        answer = client.get(page_of(document, "file/"))
        assert b"".join(answer.streaming_content if answer.streaming else [answer.content]) == DATA
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith('attachment; filename="identification-')
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"
    with enter(glow.clinic):
        assert Event.objects.filter(verb="document.opened", object_id=str(document.uid)).count() == 2


@pytest.mark.parametrize("change", ["gone", "altered", "cut"])
def test_gone_or_altered_is_said_and_nothing_of_it_is_given_out(glow, change):
    document = add_document(glow, data=DATA)
    with enter(glow.clinic):
        sealed = bytearray(storage.fetch(document.object_key, size=document.sealed_size))
        if change == "gone":
            storage.drop(document.object_key)
        else:
            sealed[-1] ^= 1
            storage.bucket().put(document.object_key, sealed if change == "altered" else sealed[:-1])
    answer = desk(glow).get(f"{URL}{document.uid}/content/")
    assert answer.status_code == 410
    assert answer.json()["type"] == "/problems/document-unreadable"
    assert len(answer.content) < 1_000


def test_what_it_is_can_be_corrected_and_the_file_never_changes(glow):
    document = add_document(glow)
    answer = desk(glow).post(
        page_of(document), {"kind": "records", "title": "Chart of 2019", "dated": "2019-03-04"}
    )
    assert answer.status_code == 303
    with enter(glow.clinic):
        found = Document.objects.select_related("person").get(pk=document.pk)
        assert (found.kind, found.title, str(found.dated)) == ("records", "Chart of 2019", "2019-03-04")
        assert (found.object_key, found.size) == (document.object_key, document.size)
        assert Event.objects.filter(verb="document.described").count() == 1


def test_removed_with_a_reason_it_stays_and_comes_back(glow):
    document = released_document(glow, title="Wrong card")
    client, listing = desk(glow), f"/desk/patients/{glow.cast.pat.uid}/documents/"
    assert client.post(page_of(document, "remove/"), {"reason": " "}).status_code == 422
    assert client.post(page_of(document, "remove/"), {"reason": "It is Quinn’s"}).status_code == 303
    assert "Wrong card" not in client.get(listing).content.decode()
    assert "Wrong card" in client.get(listing + "?removed=1").content.decode()
    told = client.get(page_of(document)).content.decode()
    assert "It is Quinn’s" in told
    assert glow.portal(glow.cast.pat).get(f"/portal/documents/{document.uid}/").status_code == 404
    assert client.post(page_of(document), {"kind": "records", "title": "x"}).status_code == 409
    assert client.post(page_of(document, "release/")).status_code == 409
    assert keys_of(glow)  # nothing is deleted
    assert client.post(page_of(document, "restore/")).status_code == 303
    assert "Wrong card" in client.get(listing).content.decode()
    with enter(glow.clinic):
        verbs = list(Event.objects.filter(object_id=str(document.uid)).values_list("verb", flat=True))
    assert {"document.removed", "document.restored"} <= set(verbs)


def test_words_and_kinds_find_it(glow):
    for kind, title in (("lab", "Ferritin"), ("lab", "Hormones"), ("insurance", "Blue card")):
        add_document(glow, kind=kind, title=title)
    listing, client = f"/desk/patients/{glow.cast.pat.uid}/documents/", desk(glow)

    def shown(query):
        page = client.get(listing + query).content.decode()
        return {title for title in ("Ferritin", "Hormones", "Blue card") if title in page}

    assert shown("") == {"Ferritin", "Hormones", "Blue card"}
    assert shown("?kind=lab") == {"Ferritin", "Hormones"}
    assert shown("?q=FERR") == {"Ferritin"}
    assert shown("?q=lab%20horm") == {"Hormones"}
    assert shown("?kind=nonsense&q=%00") == {"Ferritin", "Hormones", "Blue card"}
    assert "Nothing like that" in client.get(listing + "?q=zzz").content.decode()


def test_the_list_asks_as_often_for_many_as_for_few(glow, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    listing, client = f"/desk/patients/{glow.cast.pat.uid}/documents/", desk(glow)
    add_document(glow)
    client.get(listing)
    with CaptureQueriesContext(connection) as few:
        client.get(listing)
    for number in range(6):
        add_document(glow, kind="lab", title=f"Result {number}")
    with django_assert_num_queries(len(few)):
        client.get(listing)


def test_the_timeline_has_it(glow):
    add_document(glow, kind="lab", title="Ferritin")
    page = desk(glow).get(f"/desk/patients/{glow.cast.pat.uid}/chart/?kind=document").content.decode()
    assert "Ferritin" in page


# --- By program ---


def test_by_program_it_comes_goes_and_is_released(glow):
    client = glow.api(glow.cast.users["provider"])
    answer = client.post(
        URL, {"patient": str(glow.cast.pat.uid), **upload(DATA)}, headers={"Idempotency-Key": "a"}
    )
    assert answer.status_code == 201, answer.content
    body = answer.json()
    DocumentReference.model_validate(body["fhir"])
    repeated = client.post(
        URL, {"patient": str(glow.cast.pat.uid), **upload(DATA)}, headers={"Idempotency-Key": "a"}
    )
    assert (repeated.status_code, repeated.json()["id"]) == (200, body["id"])
    other = client.post(
        URL, {"patient": str(glow.cast.pat.uid), **upload()}, headers={"Idempotency-Key": "a"}
    )
    assert other.status_code == 409
    assert client.get(body["content"]).content == DATA
    assert client.post(f"{URL}{body['id']}/release/").json()["released_at"]
    assert client.post(f"{URL}{body['id']}/withdraw/").json()["released_at"] is None
    wrong = client.post(
        URL, {"patient": str(glow.cast.pat.uid), **upload(b"x", kind="", dated="x", title="x" * 200)}
    )
    assert {each["field"] for each in wrong.json()["errors"]} == {"kind", "dated", "title", "file"}
    for uid in (uuid7(), "x", ""):
        answer = client.post(URL, {"patient": str(uid), **upload()})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "patient")
    assert client.post(URL, "{}", content_type="application/json").status_code == 415


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_a_document_reference(kind):
    stand_in = SimpleNamespace(
        uid=uuid7(),
        kind=kind,
        title="A",
        media_type="application/pdf",
        size=9,
        added_at=datetime.now(UTC),
        dated=datetime.now(UTC).date(),
        person=SimpleNamespace(uid=uuid7()),
        removed_at=None,
        from_patient=True,
    )
    DocumentReference.model_validate(fhir.resource(stand_in))


def test_removing_twice_says_it_once(glow):
    document = add_document(glow)
    with enter(glow.clinic):
        by, at = actor_for(glow.cast.owner), datetime.now(UTC)
        for _time in range(2):
            actions.remove(document, reason="Twice", by=by, at=at)
        assert Event.objects.filter(verb="document.removed").count() == 1


def test_a_program_removes_a_document_and_takes_it_back(glow):
    document = released_document(glow)
    api = glow.api(glow.cast.users["provider"])
    url = f"{URL}{document.uid}/"
    assert api.post(f"{url}remove/", "{}", content_type="application/json").status_code == 422
    gone = api.post(f"{url}remove/", '{"reason": "of another patient"}', content_type="application/json")
    assert gone.json()["removed"] is True
    assert glow.portal(glow.cast.pat).get(url).status_code == 404
    assert api.post(f"{url}restore/").json()["removed"] is False
