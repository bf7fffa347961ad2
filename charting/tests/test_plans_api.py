"""Plans by program: what each caller is told, and that a patient answers for themselves alone."""

import json

from charting.models import PlanDecision, TreatmentPlan
from charting.tests.plans import drafted, offered, typed
from core.clock import now
from portal.sessions import COOKIE


def body(answer):
    return json.loads(answer.content)


def post(client, path, given):
    return client.post(path, json.dumps(given), content_type="application/json")


def test_a_program_writes_offers_and_notes_a_yes(inside):
    cast = inside.cast
    api = inside.api(cast.users["provider"])
    given = typed(cast)
    given["stages"][0]["price"] = {"amount": 36_000, "currency": "USD"}
    made = post(api, f"/api/v1/patients/{cast.pat.uid}/plans/", given)
    assert made.status_code == 201, made.content
    plan = body(made)
    assert (plan["state"], plan["version"]) == ("draft", 0)
    assert plan["estimate"] == {"amount": 126_000, "currency": "USD"}
    assert post(api, f"/api/v1/plans/{plan['id']}/accept/", {"name": "Pat"}).status_code == 409
    sent = body(post(api, f"/api/v1/plans/{plan['id']}/offer/", {"revision": plan["revision"]}))
    assert (sent["state"], sent["version"]) == ("offered", 1)
    desk = inside.api(cast.desk)
    short = body(desk.get(f"/api/v1/plans/{plan['id']}/"))
    assert (short["goal"], short["text"], short["stages"][0]["notes"]) == ("", "", "")
    assert short["title"] == "Calmer forehead"
    wrong = post(desk, f"/api/v1/plans/{plan['id']}/accept/", {"name": "Pat", "shown": "0" * 64})
    assert (wrong.status_code, body(wrong)["type"]) == (409, "/problems/not-offered")
    yes = post(
        desk, f"/api/v1/plans/{plan['id']}/accept/", {"name": "Pat Peterson", "shown": short["text_sha256"]}
    )
    assert body(yes)["state"] == "accepted"
    decision = PlanDecision.objects.get()
    assert (decision.how, decision.signer) == ("api", None)
    assert decision.noted_by


def test_all_that_is_wrong_is_told(inside):
    api = inside.api(inside.cast.users["provider"])
    answer = post(api, f"/api/v1/patients/{inside.cast.pat.uid}/plans/", {"stages": [{"sessions": 0}]})
    assert answer.status_code == 422
    fields = {one["field"] for one in body(answer)["errors"]}
    assert {"title", "goal", "stages.0.service", "stages.0.sessions"} <= fields
    assert post(api, f"/api/v1/patients/{inside.cast.pat.uid}/plans/", []).status_code == 400
    assert TreatmentPlan.objects.count() == 0


def test_a_patient_reads_and_accepts_what_is_theirs(inside):
    version = offered(inside.cast, at=now())
    draft = drafted(inside.cast, at=now())
    portal = inside.portal(inside.cast.pat)
    listed = body(portal.get(f"/api/v1/patients/{inside.cast.pat.uid}/plans/"))["results"]
    assert [one["id"] for one in listed] == [str(version.plan.uid)]
    assert portal.get(f"/api/v1/plans/{draft.uid}/").status_code == 404
    assert post(portal, f"/api/v1/plans/{version.plan.uid}/accept/", {"name": ""}).status_code == 422
    yes = post(portal, f"/api/v1/plans/{version.plan.uid}/accept/", {"name": "Pat Peterson"})
    assert body(yes)["state"] == "accepted"
    assert PlanDecision.objects.get().signer == inside.cast.pat
    other = inside.portal(inside.cast.people["quinn"])
    assert other.get(f"/api/v1/plans/{version.plan.uid}/").status_code == 404


def test_a_code_by_text_opens_no_plan_by_program_either(inside):
    version = offered(inside.cast, at=now())
    portal = inside.portal(inside.cast.pat, kind="phone")
    assert COOKIE in portal.cookies
    assert portal.get(f"/api/v1/patients/{inside.cast.pat.uid}/plans/").status_code == 403
    assert portal.get(f"/api/v1/plans/{version.plan.uid}/").status_code == 404
    assert post(portal, f"/api/v1/plans/{version.plan.uid}/accept/", {"name": "Pat"}).status_code == 404


def test_a_program_goes_on_with_a_plan_to_its_end(inside):
    cast = inside.cast
    version, api = offered(cast, at=now()), inside.api(cast.users["provider"])
    url = f"/api/v1/plans/{version.plan.uid}/"
    back = body(post(api, f"{url}withdraw/", {}))
    assert (back["state"], back["version"]) == ("draft", 0)
    changed = api.patch(
        url, json.dumps({"title": "Softer", "revision": back["revision"]}), content_type="application/json"
    )
    assert body(changed)["title"] == "Softer"
    assert body(changed)["estimate"] == back["estimate"]
    late = api.patch(
        url, json.dumps({"title": "Late", "revision": back["revision"]}), content_type="application/json"
    )
    assert (late.status_code, body(late)["type"]) == (409, "/problems/changed-meanwhile")
    assert body(post(api, f"{url}offer/", {}))["version"] == 2
    no = body(post(inside.api(cast.desk), f"{url}decline/", {"name": "Pat Peterson", "reason": "Too dear"}))
    assert no["state"] == "declined"
    decision = PlanDecision.objects.get()
    assert (decision.kind, decision.reason) == ("declined", "Too dear")
    assert post(api, f"{url}end/", {}).status_code == 422
    assert body(post(api, f"{url}end/", {"reason": "Moved away"}))["state"] == "ended"
    assert body(post(api, f"{url}resume/", {}))["state"] == "draft"
    assert post(api, f"{url}complete/", {}).status_code == 409


def test_a_patient_says_no_to_their_own_alone(inside):
    version = offered(inside.cast, at=now())
    url = f"/api/v1/plans/{version.plan.uid}/decline/"
    assert post(inside.portal(inside.cast.people["quinn"]), url, {"name": "Quinn"}).status_code == 404
    assert PlanDecision.objects.count() == 0
