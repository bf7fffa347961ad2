"""Notes by program: the contract's paths, revisions, and what a refusal says."""

import json

import pytest

from charting.actions.setting_up import save_rule
from charting.tests.notes import AT, WHOLE, draft
from tenants.context import enter
from tests.cast import BY


def send(client, method, path, body=None, **headers):
    answer = getattr(client, method)(
        f"/api/v1{path}", json.dumps(body or {}), content_type="application/json", **headers
    )
    return answer.status_code, answer.json()


@pytest.mark.promise("P50")
def test_a_note_from_begin_to_cosignature(glow):
    with enter(glow.clinic):
        save_rule(None, percent=100, services=[], first_months=0, since=None, days=7, by=BY, at=AT)
    ines, sven = (glow.api(glow.cast.users[role]) for role in ("provider", "supervisor"))
    notes = f"/patients/{glow.cast.pat.uid}/notes/"
    status, note = send(
        ines, "post", notes, {"subjective": "Calm", "service": str(glow.cast.services["botox"].uid)}
    )
    assert (status, note["state"], note["revision"]) == (201, "draft", 2)
    assert note["missing"] == ["objective", "assessment", "plan"]
    path = f"/notes/{note['id']}/"
    status, problem = send(ines, "post", path + "sign/", {"revision": 2})
    assert status == 422
    assert [one["field"] for one in problem["errors"]] == ["objective", "assessment", "plan"]
    assert send(ines, "patch", path, WHOLE)[0] == 422, "a revision is needed"
    status, note = send(ines, "patch", path, WHOLE, HTTP_IF_MATCH='"2"')
    assert (status, note["revision"]) == (200, 3)
    status, problem = send(ines, "patch", path, {"revision": 2, "plan": "Older"})
    assert (status, problem["type"]) == (409, "/problems/note-changed")
    status, problem = send(ines, "patch", path, {"revision": 3, "plan": 7, "answers": {"x": "y"}})
    assert (status, len(problem["errors"])) == (422, 2)
    status, note = send(ines, "post", path + "sign/", {"revision": 3})
    assert (status, note["state"], note["intact"], note["cosignature"]) == (200, "signed", True, "waiting")
    assert len(note["hash"]) == 64
    status, problem = send(ines, "post", path + "sign/", {"revision": 3})
    assert (status, problem["type"]) == (409, "/problems/note-signed")
    assert send(ines, "patch", path, {"revision": 3, "plan": "No"})[1]["type"] == "/problems/note-signed"
    status, note = send(sven, "post", path + "cosign/", {"comment": "Which lot?"})
    assert (status, note["cosignature"]) == (200, "returned")
    assert send(ines, "post", path + "addenda/", {"text": ""})[0] == 422
    status, note = send(ines, "post", path + "addenda/", {"text": "C6184."})
    assert (status, [one["kind"] for one in note["addenda"]]) == (201, ["returned", "addendum"])
    status, note = send(sven, "post", path + "cosign/")
    assert (status, note["cosignature"]) == (200, "cosigned")
    listed = sven.get(f"/api/v1{notes}").json()["results"]
    assert [one["id"] for one in listed] == [note["id"]]
    assert "plan" not in listed[0]


def test_strange_encounters_and_nobody_who_treats(glow):
    with enter(glow.clinic):
        other = draft(glow.cast).encounter
    owner = glow.api(glow.cast.owner)
    status, problem = send(owner, "post", f"/patients/{glow.cast.pat.uid}/notes/", {"location": "x"})
    assert status == 422
    assert {one["field"] for one in problem["errors"]} == {"location", "provider"}
    quinn = glow.cast.people["quinn"].uid
    status, problem = send(owner, "post", f"/patients/{quinn}/notes/", {"encounter": str(other.uid)})
    assert (status, problem["errors"][0]["field"]) == (422, "encounter")
