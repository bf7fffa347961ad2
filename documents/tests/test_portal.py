"""What patients see of their documents, and what they send."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from audit.models import Event
from documents import access
from documents.models import Document
from documents.tests.papers import add_document, released_document, upload
from files.tests.papers import pdf
from messaging.models import Message, State
from photos.tests.pictures import add_photo
from tenants.context import enter

SEND = "/portal/documents/send/"
LIST = "/portal/documents/"


def sent(house, person=None, **fields):
    answer = house.portal(person or house.cast.pat).post(SEND, upload(**{"kind": "records", **fields}))
    return answer.status_code


@pytest.mark.promise("P49")
def test_the_patient_sees_what_was_released_and_only_that(glow):
    hidden, shown = add_document(glow, title="Kept back"), released_document(glow, title="For Pat")
    pat, quinn = glow.portal(glow.cast.pat), glow.portal(glow.cast.people["quinn"])
    page = pat.get(LIST).content.decode()
    assert "For Pat" in page
    assert "Kept back" not in page
    assert "1 document for you" in pat.get("/portal/").content.decode()
    assert pat.get(f"{LIST}{shown.uid}/").content == pdf()
    assert pat.get(f"{LIST}{hidden.uid}/").status_code == 404
    for path in (
        f"{LIST}{shown.uid}/",
        f"/api/v1/documents/{shown.uid}/",
        f"/api/v1/documents/{shown.uid}/content/",
    ):
        assert quinn.get(path).status_code == 404
    with enter(glow.clinic):
        event = Event.objects.get(verb="document.opened")
        assert (event.actor_kind, event.patient_id) == ("patient", glow.cast.pat.uid)
    desk = glow.client(glow.cast.users["provider"])
    desk.post(f"/desk/documents/{shown.uid}/withdraw/")
    assert pat.get(f"{LIST}{shown.uid}/").status_code == 404
    assert "For Pat" not in pat.get(LIST).content.decode()
    desk.post(f"/desk/documents/{shown.uid}/release/")
    assert pat.get(f"{LIST}{shown.uid}/").status_code == 200


def told(house):
    with enter(house.clinic):
        rows = list(Message.objects.filter(kind="portal_news", subject=house.cast.pat.uid).order_by("id"))
        return [(one, one.subject_line + one.body) for one in rows]


def test_the_patient_hears_once_that_something_is_there_and_not_what(glow):
    first, second = add_document(glow, title="Biopsy result"), add_document(glow, title="Second result")
    photo = add_photo(glow)
    desk = glow.client(glow.cast.users["provider"])
    for path in (f"documents/{first.uid}", f"documents/{second.uid}"):
        desk.post(f"/desk/{path}/release/")
    desk.post(f"/desk/photos/{photo.uid}/release/", {"purpose": "patient"})
    ((message, words),) = told(glow)
    assert (message.channel, message.state) == ("email", State.QUEUED)
    assert message.send_after - message.created_at > timedelta(minutes=4)
    assert words.strip().endswith("/portal/")
    assert "result" not in words


def test_what_is_taken_back_at_once_is_not_told(glow):
    document = add_document(glow)
    desk = glow.client(glow.cast.users["provider"])
    desk.post(f"/desk/documents/{document.uid}/release/")
    desk.post(f"/desk/documents/{document.uid}/withdraw/")
    assert [one.state for one, _words in told(glow)] == [State.VOID]
    desk.post(f"/desk/documents/{document.uid}/release/")
    assert [one.state for one, _words in told(glow)] == [State.VOID, State.QUEUED]
    desk.post(f"/desk/documents/{document.uid}/remove/", {"reason": "of another patient"})
    assert [one.state for one, _words in told(glow)] == [State.VOID, State.VOID]
    desk.post(f"/desk/documents/{document.uid}/restore/")
    assert [one.state for one, _words in told(glow)] == [State.VOID, State.VOID, State.QUEUED]


def test_what_was_told_or_is_not_shown_any_more_is_not_told_when_it_comes_back(glow):
    document = add_document(glow)
    desk = glow.client(glow.cast.users["provider"])
    desk.post(f"/desk/documents/{document.uid}/release/")
    with enter(glow.clinic):
        Message.objects.update(state=State.DELIVERED)
    other = add_document(glow)
    steps = [(document, "remove/"), (document, "restore/")]
    steps += [(other, step) for step in ("release/", "withdraw/", "remove/", "restore/")]
    for paper, step in steps:
        desk.post(f"/desk/documents/{paper.uid}/{step}", {"reason": "looked at once more"})
    assert [one.state for one, _words in told(glow)] == [State.DELIVERED, State.VOID]


def test_a_photo_that_is_archived_at_once_is_not_told(glow):
    photo = add_photo(glow)
    desk = glow.client(glow.cast.users["provider"])
    desk.post(f"/desk/photos/{photo.uid}/release/", {"purpose": "patient"})
    desk.post(f"/desk/photos/{photo.uid}/archive/")
    assert [one.state for one, _words in told(glow)] == [State.VOID]
    desk.post(f"/desk/photos/{photo.uid}/restore/")
    assert [one.state for one, _words in told(glow)] == [State.VOID, State.QUEUED]


def test_one_of_two_is_taken_back_and_the_other_is_told(glow):
    documents = [add_document(glow, title=title) for title in ("First", "Second")]
    desk = glow.client(glow.cast.users["provider"])
    for document in documents:
        desk.post(f"/desk/documents/{document.uid}/release/")
    desk.post(f"/desk/documents/{documents[0].uid}/withdraw/")
    assert [one.state for one, _words in told(glow)] == [State.QUEUED]


def test_a_code_by_text_opens_none(glow):
    document = released_document(glow)
    client = glow.portal(glow.cast.pat, kind="phone")
    assert client.get(LIST).status_code == 403
    assert client.get(SEND).status_code == 403
    assert client.get(f"{LIST}{document.uid}/").status_code == 404
    assert client.post(SEND, upload(kind="records")).status_code == 403
    assert client.get(f"/api/v1/documents/{document.uid}/content/").status_code == 404


def test_what_a_patient_sends_waits_for_the_staff(glow):
    assert sent(glow, title="From my doctor in Dallas") == 303
    with enter(glow.clinic):
        document = Document.objects.get()
        assert document.from_patient
        assert document.added_by == f"patient:{glow.cast.pat.uid}"
        assert Event.objects.filter(verb="document.sent", patient_id=glow.cast.pat.uid).count() == 1
    assert "From my doctor in Dallas" in glow.portal(glow.cast.pat).get(LIST).content.decode()
    client = glow.client(glow.cast.users["provider"])
    assert "From my doctor in Dallas" in client.get("/desk/documents/").content.decode()
    assert "1 document from a patient" in client.get("/desk/notices/").content.decode()
    assert "From the patient" in client.get(f"/desk/patients/{glow.cast.pat.uid}/documents/").content.decode()
    client.post(f"/desk/documents/{document.uid}/seen/")
    assert "From my doctor in Dallas" not in client.get("/desk/documents/").content.decode()
    assert "the clinic has looked at it" in glow.portal(glow.cast.pat).get(LIST).content.decode()


def test_who_hears_of_it(glow):
    """The front desk of cards, who treats of the own patients, who answers for all of everything."""
    pat, sam = glow.cast.pat, glow.cast.stranger
    add_document(glow, pat, kind="lab", sent=True)
    add_document(glow, sam, kind="lab", sent=True)
    add_document(glow, sam, kind="insurance", sent=True)
    counts = {
        "owner": 3,
        "supervisor": 3,
        "provider": 2,
        "front_desk": 1,
        "admin": 1,
        "marketer": 0,
        "analyst": 0,
    }
    with enter(glow.clinic):
        assert {role: access.count_waiting(glow.cast.users[role]) for role in counts} == counts


def test_a_patient_may_not_name_it_as_the_clinic_would(glow):
    assert sent(glow, kind="consent") == 422
    assert sent(glow, data=b"hello") == 422
    assert sent(glow, data=pdf(b"<< /S /Launch >>")) == 422


def test_a_second_press_sends_nothing_twice(glow):
    once = str(uuid4())
    assert [sent(glow, once=once) for _press in range(2)] == [303, 303]
    with enter(glow.clinic):
        assert Document.objects.count() == 1


def test_so_many_a_day_and_so_many_unseen(glow, monkeypatch):
    monkeypatch.setattr("documents.actions.MOST_A_DAY", 2)
    monkeypatch.setattr("documents.actions.MOST_WAITING", 3)
    assert [sent(glow) for _each in range(3)] == [303, 303, 429]
    assert sent(glow, glow.cast.people["quinn"]) == 303
    assert "a lot for one day" in glow.portal(glow.cast.pat).get(SEND).content.decode()
    with enter(glow.clinic):
        Document.objects.filter(person=glow.cast.pat).update(added_at=datetime.now(UTC) - timedelta(days=2))
    assert [sent(glow) for _each in range(2)] == [303, 429]
    with enter(glow.clinic):
        Document.objects.filter(person=glow.cast.pat).update(seen_at=datetime.now(UTC))
    assert sent(glow) == 303


def test_in_spanish(glow):
    client = glow.portal(glow.cast.pat)
    page = client.get(SEND, headers={"Accept-Language": "es"}).content.decode()
    assert "Enviar un documento" in page
    assert "Resultado de laboratorio" in page
