"""A photo is opened: by whom it may be, whole or not at all, and each time it is written down."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from audit.models import Event
from core.ids import uuid7
from files import opening as files
from files import storage
from files.tests.pictures import jpeg
from patients import care
from photos import actions, authorizations, opening
from photos.models import Photo, Purpose, Release
from photos.tests.pictures import add_photo, released_photo
from tenants.context import enter

PAST = datetime(2026, 6, 1, 17, 0, tzinfo=UTC)
DATA = jpeg(scan=b"\x01" * 3_000_000)


def content(photo, size=""):
    return f"/api/v1/photos/{photo.uid}/content/" + (f"?size={size}" if size else "")


def provider(house):
    return house.client(house.cast.users["provider"])


@pytest.mark.promise("P54")
@pytest.mark.promise("P59")
def test_it_comes_whole_as_what_it_is_and_is_kept_nowhere(glow):
    photo = add_photo(glow, data=DATA)
    answer = provider(glow).get(content(photo))
    assert answer.content == DATA
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Length"] == str(len(DATA))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.promise("P154")
def test_each_opening_is_an_event_of_its_own(glow):
    photos = [add_photo(glow), add_photo(glow)]
    client = provider(glow)
    for photo in photos * 2:
        client.get(content(photo))
    client.get(content(photos[0], "thumbnail"))
    with enter(glow.clinic):
        seen = Event.objects.filter(object_id__in=[str(photo.uid) for photo in photos])
        opened = [event for event in seen if event.verb == "photo.opened"]
        assert len(opened) == 4
        assert all(event.patient_id == glow.cast.pat.uid for event in opened)
        assert seen.filter(verb="photo.thumbnail_shown").count() == 1


@pytest.mark.promise("P55")
def test_nobody_else_opens_it(glow, rival):
    photo = add_photo(glow)
    for role in ("front_desk", "admin", "marketer", "analyst"):
        assert glow.client(glow.cast.users[role]).get(content(photo)).status_code == 404
        assert glow.api(glow.cast.users[role]).get(content(photo)).status_code == 404
    assert rival.client(rival.cast.owner).get(content(photo)).status_code == 404
    assert glow.client().get(content(photo)).status_code == 401
    assert provider(glow).get(f"/api/v1/photos/{uuid7()}/content/").status_code == 404
    assert glow.client(glow.cast.owner).get(content(photo)).status_code == 200


def test_outside_the_care_team_the_glass_is_broken_first(glow):
    stranger = glow.cast.people["stranger"]
    photo = add_photo(glow, stranger)
    client = provider(glow)
    assert client.get(content(photo)).status_code == 404
    page = client.get(f"/desk/photos/{photo.uid}/")
    assert page.status_code == 302
    assert "break-glass" in page["Location"]
    with enter(glow.clinic):
        reason = "She reacts to the peel, Nora is out"
        care.break_glass(glow.cast.users["provider"], stranger, reason=reason, at=datetime.now(UTC))
    assert client.get(content(photo)).status_code == 200


def damage(house, photo, change):
    with enter(house.clinic):
        image = photo.images.get(kind="original")
        sealed = bytearray(storage.fetch(image.object_key, size=image.sealed_size))
        changed = change(sealed)
        if changed is None:
            storage.drop(image.object_key)
        else:
            storage.bucket().put(image.object_key, changed)


def turn_a_bit(sealed):
    sealed[-1] ^= 1
    return sealed


@pytest.mark.parametrize(
    "change",
    [
        lambda sealed: None,
        turn_a_bit,
        lambda sealed: sealed[:-1],
        lambda sealed: sealed + b"x",
        lambda sealed: b"",
    ],
    ids=["gone", "a bit", "cut", "longer", "empty"],
)
def test_gone_or_altered_is_said_and_nothing_of_it_is_shown(glow, change):
    photo = add_photo(glow, data=DATA)
    damage(glow, photo, change)
    answer = provider(glow).get(content(photo))
    assert answer.status_code == 410
    assert answer.json()["type"] == "/problems/photo-unreadable"
    assert len(answer.content) < 1_000
    assert provider(glow).get(content(photo, "thumbnail")).status_code == 200


def test_a_file_put_in_the_place_of_another_is_refused(glow):
    one, other = add_photo(glow, data=DATA), add_photo(glow, data=DATA)
    with enter(glow.clinic):
        image = other.images.get(kind="original")
        sealed = bytearray(storage.fetch(image.object_key, size=image.sealed_size))
    damage(glow, one, lambda _own: sealed)
    assert provider(glow).get(content(one)).status_code == 410


def test_two_at_a_time_a_worker(glow, monkeypatch):
    monkeypatch.setattr(files, "WAIT_SECONDS", 0.01)
    photo = add_photo(glow)
    with enter(glow.clinic):
        image = photo.images.get(kind="original")
        held = [opening.image_response(image) for _ in range(files.AT_ONCE)]
    answer = provider(glow).get(content(photo))
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert provider(glow).get(content(photo, "thumbnail")).status_code == 200
    held.pop()  # an answer that was never sent gives its place back, too
    assert provider(glow).get(content(photo)).status_code == 200
    assert provider(glow).get(content(photo)).status_code == 200


@pytest.mark.promise("P56")
@pytest.mark.promise("P57")
@pytest.mark.promise("P58")
def test_no_code_of_ours_can_look_at_a_picture():
    """No library that decodes images is installed for the product, and nothing but these packages reach photos."""
    import re
    from pathlib import Path

    locked = Path("requirements.txt").read_text().lower()
    decoders = "pillow|opencv|numpy|torch|tensorflow|face|imageio|scikit|wand|rawpy|insightface"
    assert re.findall(rf"^({decoders})[\w-]*==", locked, re.MULTILINE) == []
    allowed = {"photos", "charting", "portal", "medspa", "tests", "benchmarks", "desk"}
    found = {
        path.parts[0]
        for path in Path().glob("*/**/*.py")
        if path.parts[0] not in {"node_modules", ".venv", "var"}
        and "tests" not in path.parts[1:]
        and re.search(r"^\s*(from|import) photos\b", path.read_text(), re.MULTILINE)
    }
    assert found <= allowed
    keys = {
        path.parts[0]
        for path in Path().glob("*/*.py")
        if re.search(r"\bPHOTO_BODY\b", path.read_text()) and path.parts[0] not in {"node_modules", "var"}
    }
    assert keys == {"photos", "vault"}  # what opens files elsewhere opens no photo


# --- Released ---


def test_the_patient_sees_what_was_released_and_only_that(glow, rival):
    hidden, shown = add_photo(glow), released_photo(glow)
    patient, other = glow.portal(glow.cast.pat), glow.portal(glow.cast.people["quinn"])
    listed = patient.get(f"/api/v1/patients/{glow.cast.pat.uid}/photos/").json()["results"]
    assert [one["id"] for one in listed] == [str(shown.uid)]
    assert patient.get(content(shown)).status_code == 200
    assert patient.get(content(hidden)).status_code == 404
    assert other.get(content(shown)).status_code == 404
    page = patient.get("/portal/photos/")
    assert str(shown.uid) in page.content.decode()
    assert str(hidden.uid) not in page.content.decode()
    assert patient.get(f"/portal/photos/{shown.uid}/").content == jpeg()
    assert patient.get(f"/portal/photos/{hidden.uid}/").status_code == 404
    assert b"1 photo for you" in patient.get("/portal/").content
    with enter(glow.clinic):
        event = Event.objects.filter(verb="photo.opened", object_id=str(shown.uid)).first()
        assert event.actor_kind == "patient"
        actions.revoke(shown, Purpose.PATIENT, by=authored(glow), at=datetime.now(UTC))
    assert patient.get(content(shown)).status_code == 404
    assert b"photo for you" not in patient.get("/portal/").content


def test_the_patient_compares_what_was_released_from_one_angle(glow):
    early, middle, late = (released_photo(glow, at=PAST - timedelta(days=days)) for days in (90, 60, 30))
    hidden = add_photo(glow, at=PAST - timedelta(days=120))
    side = released_photo(glow, angle="left_45", at=PAST)
    patient = glow.portal(glow.cast.pat)
    assert b"/portal/photos/compare/" in patient.get("/portal/photos/").content
    page = patient.get("/portal/photos/compare/").content.decode()
    slots = re.findall(r'slot="(?:first|second)" src="/portal/photos/([^/]+)/"', page)
    assert slots == [str(early.uid), str(late.uid)]
    assert str(middle.uid) in page
    assert str(hidden.uid) not in page
    assert str(side.uid) not in page
    chosen = f"/portal/photos/compare/?before={middle.uid}&after={hidden.uid}"
    page = patient.get(chosen).content.decode()
    assert re.findall(r'slot="first" src="/portal/photos/([^/]+)/"', page) == [str(middle.uid)]
    assert str(hidden.uid) not in page


def test_one_photo_of_each_angle_compares_with_nothing(glow):
    released_photo(glow)
    patient = glow.portal(glow.cast.pat)
    assert b"/portal/photos/compare/" not in patient.get("/portal/photos/").content
    assert b"Nothing to compare yet" in patient.get("/portal/photos/compare/").content


def test_a_code_by_text_opens_no_photo(glow):
    shown = released_photo(glow)
    patient = glow.portal(glow.cast.pat, kind="phone")
    assert patient.get("/portal/photos/").status_code == 403
    assert patient.get("/portal/photos/compare/").status_code == 403
    assert patient.get(f"/portal/photos/{shown.uid}/").status_code == 404
    assert patient.get(content(shown)).status_code == 404
    assert patient.get(f"/api/v1/patients/{glow.cast.pat.uid}/photos/").status_code == 403


def authored(house):
    from accounts.actors import actor_for

    return actor_for(house.cast.users["provider"])


@pytest.mark.promise("P56")
def test_marketing_only_under_a_live_authorization(glow, monkeypatch):
    photo, at = add_photo(glow), datetime.now(UTC)
    with enter(glow.clinic), pytest.raises(actions.NotAuthorized):
        actions.release(photo, Purpose.MARKETING, site=None, by=authored(glow), at=at)
    client = provider(glow)
    client.post(f"/desk/photos/{photo.uid}/release/", {"purpose": "marketing"})
    with enter(glow.clinic):
        assert not Release.objects.exists()
    signed: list = [uuid7()]
    monkeypatch.setattr(authorizations, "live_authorization", lambda person, at: signed[0])
    client.post(f"/desk/photos/{photo.uid}/release/", {"purpose": "marketing"})
    with enter(glow.clinic):
        assert Release.objects.get().authorization == signed[0]
    assert b"Released for marketing" in client.get(f"/desk/photos/{photo.uid}/").content
    signed[0] = None  # withdrawn: at once, without anybody's doing
    page = client.get(f"/desk/photos/{photo.uid}/").content
    assert b"not for marketing" in page
    client.post(f"/desk/photos/{photo.uid}/release/", {"purpose": "marketing", "revoke": "1"})
    with enter(glow.clinic):
        assert Release.objects.get().revoked_at is not None


# --- The staff's pages ---


def test_archiving_hides_and_undo_brings_back(glow):
    shown, client = released_photo(glow), provider(glow)
    record = f"/desk/patients/{glow.cast.pat.uid}/photos/"
    client.post(f"/desk/photos/{shown.uid}/archive/")
    assert f'href="/desk/photos/{shown.uid}/"' not in client.get(record).content.decode()
    assert f'href="/desk/photos/{shown.uid}/"' in client.get(record + "?archived").content.decode()
    assert glow.portal(glow.cast.pat).get(content(shown)).status_code == 404
    client.post(f"/desk/photos/{shown.uid}/restore/")
    assert f'href="/desk/photos/{shown.uid}/"' in client.get(record).content.decode()
    assert glow.portal(glow.cast.pat).get(content(shown)).status_code == 200


MARK = '[{"kind":"arrow","tone":"red","points":[[0.1,0.2],[0.5,0.5]]}]'


@pytest.mark.parametrize(
    "marks",
    [
        "{", '"x"', "[1]", '[{"kind":"worm","tone":"red","points":[[0,0],[1,1]]}]',
        '[{"kind":"arrow","tone":"red","points":[[0,0]]}]',
        '[{"kind":"arrow","tone":"red","points":[[0,2],[1,1]]}]',
        '[{"kind":"arrow","tone":"red","points":[[0,NaN],[1,1]]}]',
        '[{"kind":"arrow","tone":"red onload","points":[[0,0],[1,1]]}]',
        '[{"kind":"text","tone":"red","points":[[0,0]],"text":" "}]',
        "[" + ",".join([MARK[1:-1]] * 61) + "]",
    ],
)  # fmt: skip
def test_drawings_that_are_none(glow, marks):
    photo = add_photo(glow)
    answer = provider(glow).post(f"/desk/photos/{photo.uid}/", {"marks": marks, "note": "Typed already"})
    assert answer.status_code == 422
    assert b"Typed already" in answer.content
    with enter(glow.clinic):
        assert Photo.objects.get(uid=photo.uid).marks == []


def test_marks_stand_beside_the_image_sealed(glow):
    photo, client = add_photo(glow), provider(glow)
    client.post(f"/desk/photos/{photo.uid}/", {"marks": MARK, "note": "Bruise"})
    with enter(glow.clinic):
        found = Photo.objects.get(uid=photo.uid)
        assert found.note == "Bruise"
        assert found.marks[0]["points"] == [[0.1, 0.2], [0.5, 0.5]]
        assert b"arrow" not in bytes(Photo.objects.values_list("marks", flat=True)[0])
    assert client.get(content(photo)).content == jpeg()


def test_compare_takes_the_first_and_the_last_of_an_angle(glow):
    at = datetime.now(UTC)
    old, middle, new = (add_photo(glow, angle="left", at=at - timedelta(days=days)) for days in (60, 30, 0))
    add_photo(glow, angle="front")
    client, url = provider(glow), f"/desk/patients/{glow.cast.pat.uid}/photos/compare/"
    page = client.get(url)
    assert [one["uid"] for one in page.context["pair"]] == [old.uid, new.uid]
    page = client.get(url, {"first": str(old.uid), "second": str(middle.uid), "way": "slider"})
    assert [one["uid"] for one in page.context["pair"]] == [old.uid, middle.uid]
    assert b"img-comparison-slider" in page.content
    page = client.get(url, {"first": str(old.uid), "second": str(old.uid)})
    assert len({one["uid"] for one in page.context["pair"]}) == 2


def test_the_next_photo_is_lined_up_with_the_one_before(glow):
    old = add_photo(glow, angle="front", at=datetime.now(UTC) - timedelta(days=30))
    client, service = provider(glow), glow.cast.services["botox"]
    page = client.get(f"/desk/patients/{glow.cast.pat.uid}/photos/take/", {"service": str(service.uid)})
    assert str(old.uid) in page.context["steps"][0]["ghost"]
    assert page["Permissions-Policy"].count("camera=(self)") == 1
    assert "camera=()" in client.get("/desk/")["Permissions-Policy"]


def test_angles_are_set_by_service(glow):
    client, service = glow.client(glow.cast.users["supervisor"]), glow.cast.services["laser"]
    assert client.post(f"/desk/settings/photos/{service.uid}/", {}).status_code == 422
    client.post(f"/desk/settings/photos/{service.uid}/", {"angles": ["back", "front", "nonsense"]})
    take = f"/desk/patients/{glow.cast.pat.uid}/photos/take/?service={service.uid}"
    steps = provider(glow).get(take).context["steps"]
    assert [step["angle"] for step in steps] == ["front", "back"]


def test_an_empty_record_says_what_to_do_first(glow):
    page = provider(glow).get(f"/desk/patients/{glow.cast.people['quinn'].uid}/photos/")
    assert b"No photos yet" in page.content
    compare = provider(glow).get(f"/desk/patients/{glow.cast.people['quinn'].uid}/photos/compare/")
    assert b"Nothing to compare yet" in compare.content
