"""Documents for tests: the form that brings one, and one that lies in the store."""

from datetime import UTC, datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actors import actor_for
from documents import actions, keeping
from documents.rules import Entry
from documents.walk import EXPECTED
from files.tests.papers import pdf
from files.uploads import Incoming
from patients.self_service import actor_of
from tenants.context import enter


def upload(data=None, **fields):
    """What the pages and programs send; `data` is the file, "" for none."""
    file = {} if data == "" else {"file": SimpleUploadedFile("a.pdf", data or pdf(), "application/pdf")}
    return {"kind": "lab", "title": "Blood test", **fields, **file}


def incoming(person, data=None):
    made = Incoming("file", EXPECTED["file"], person.uid)
    made.take(data or pdf())
    made.finish()
    return made


def add_document(
    house, person=None, *, kind="identification", title="Passport", data=None, at=None, sent=False
):
    """A document of Pat in the store, from the provider, or sent by the patient."""
    at = at or datetime.now(UTC)
    with enter(house.clinic):
        person = person or house.cast.pat
        by = actor_of(person) if sent else actor_for(house.cast.users["provider"])
        entry = Entry(kind, title, None)
        return keeping.keep_document(person, incoming(person, data), entry, by=by, at=at, from_patient=sent)


def released_document(house, **more):
    """The same, shown to the patient."""
    document = add_document(house, **more)
    with enter(house.clinic):
        by = actor_for(house.cast.users["provider"])
        actions.release(document, site=None, by=by, at=datetime.now(UTC))
    return document
