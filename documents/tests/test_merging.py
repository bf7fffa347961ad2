"""After two records became one, all that is sealed opens from the one that stays; after parting from its own again."""

from datetime import UTC, datetime

import pytest

from documents.tests.papers import add_document, released_document
from files.tests.papers import pdf
from files.tests.pictures import jpeg
from patients import merging
from photos.tests.pictures import add_photo
from tenants.context import enter

OWN, OTHER = pdf(b"(own)"), pdf(b"(the other's)")


@pytest.mark.promise("P55")
def test_photos_and_documents_follow_their_patient_there_and_back(glow):
    pat, quinn = glow.cast.pat, glow.cast.people["quinn"]
    photos = {
        quinn: add_photo(glow, quinn, data=jpeg(scan=b"quinn")),
        pat: add_photo(glow, data=jpeg(scan=b"pat")),
    }
    papers = {
        quinn: add_document(glow, quinn, kind="lab", title="Of Quinn", data=OTHER),
        pat: add_document(glow, data=OWN),
    }
    gone = add_document(glow, quinn, title="Put away")
    owner = glow.client(glow.cast.owner)
    owner.post(f"/desk/documents/{gone.uid}/remove/", {"reason": "Twice"})

    def opened(photo):
        return owner.get(f"/api/v1/photos/{photo.uid}/content/").content

    def listed(person):
        page = owner.get(f"/desk/patients/{person.uid}/documents/").content.decode()
        pictures = owner.get(f"/desk/patients/{person.uid}/photos/").content.decode()
        return {
            "Of Quinn" in page,
            str(photos[quinn].uid) in pictures,
        }

    def everything_opens():
        assert opened(photos[quinn]) == jpeg(scan=b"quinn")
        assert opened(photos[pat]) == jpeg(scan=b"pat")
        for person, data in ((quinn, OTHER), (pat, OWN)):
            assert owner.get(f"/desk/documents/{papers[person].uid}/file/").content == data
        assert "Twice" in owner.get(f"/desk/documents/{gone.uid}/").content.decode()

    with enter(glow.clinic):
        made = merging.merge(glow.cast.owner, pat.uid, quinn.uid, choices={}, at=datetime.now(UTC))
    everything_opens()
    assert listed(pat) == {True}
    # What is written on the moved one now is sealed under the key of the record that stays, and reads as well.
    owner.post(f"/desk/documents/{papers[quinn].uid}/", {"kind": "lab", "title": "Of Quinn, read"})
    came_since = released_document(glow, title="Since")
    with enter(glow.clinic):
        merging.part(glow.cast.owner, made.uid, at=datetime.now(UTC))
    everything_opens()
    assert listed(quinn) == {True}
    assert listed(pat) == {False}
    assert "Of Quinn, read" in owner.get(f"/desk/patients/{quinn.uid}/documents/").content.decode()
    assert glow.portal(pat).get(f"/portal/documents/{came_since.uid}/").status_code == 200
    assert glow.portal(quinn).get(f"/portal/documents/{came_since.uid}/").status_code == 404
