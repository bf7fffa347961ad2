"""The gate at the start of a treatment: everything missing is listed, an override leaves a trace, races, who sees what."""

from datetime import UTC, date, datetime, time, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections

from accounts.actors import actor_for
from audit.models import Event
from charting import actions, gate_reading
from charting.actions.rules import Rule, nature_of
from charting.gate_reading import Treatment
from charting.models import ExamResult, Nature
from consents.tests.papers import published
from core.problems import Forbidden, Invalid
from practice.actions import add_license, assign_supervisor
from practice.models import Service
from scheduling import actions as visits
from scheduling.models import Appointment
from scheduling.problems import GateClosed, NotInThatState
from scheduling.tests.visits import AT, MONDAY, book_for, wall
from tenants.context import enter
from tests.cast import BEGAN

pytestmark = pytest.mark.promise("P51")
BLOCK, WARN = Rule("block"), Rule("warn")
EVERYTHING = {
    "exam": BLOCK,
    "contraindications": Rule("block", nature="laser"),
    "intake": WARN,
    "patch_test": Rule("block", months=6, nature="laser"),
    "license": WARN,
    "supervisor": BLOCK,
}
REASON = "Seen by Dr. Osei at the other clinic this morning"


def by(cast):
    return actor_for(cast.owner)


def arrived(cast, at=None):
    """A visit of Pat that has come."""
    visit = book_for(cast, at or time(10)).appointment
    return visits.check_in(visit, by=by(cast), at=wall(cast, at or time(10)))


def start(visit, cast, **more):
    return visits.start(visit, by=by(cast), at=wall(cast), **more)


def ask(cast, rules=None):
    actions.set_gate_rules(rules or EVERYTHING, by=by(cast))


def hold_license(cast, who, kind, until=date(2030, 1, 1)):
    return add_license(cast.providers[who], kind=kind, number="1", state="TX", valid_until=until, by=by(cast))


def complete_form(cast):
    from charting.actions import add_starter

    form = add_starter("injectables", by=by(cast), at=AT)
    form.services.set([cast.services["botox"]])
    return form


def test_nothing_is_asked_where_no_rule_stands(glow):
    with enter(glow.clinic):
        assert start(arrived(glow.cast), glow.cast).status == "in_room"


def test_a_refusal_lists_all_that_is_missing_and_changes_nothing(glow):
    with enter(glow.clinic):
        cast, by_whom = glow.cast, by(glow.cast)
        ask(cast)
        complete_form(cast)
        actions.add_history(cast.pat, "medication", {"code": "isotretinoin"}, by=by_whom, at=AT)
        visit = arrived(cast)
        with pytest.raises(GateClosed) as refused:
            start(visit, cast)
        told = {one["field"]: one["code"] for one in refused.value.errors}
        assert told == {
            "exam": "exam_missing",
            "contraindications": "contraindicated",
            "intake": "intake_missing",
            "patch_test": "patch_test_missing",
            "license": "license_missing",
            "supervisor": "supervisor_missing",
        }
        assert "Isotretinoin" not in str(refused.value.errors)
        assert Appointment.objects.get(pk=visit.pk).status == "arrived"


def test_with_everything_there_it_begins(glow):
    with enter(glow.clinic):
        cast, by_whom = glow.cast, by(glow.cast)
        ask(cast)
        hold_license(cast, "ines", "nurse")
        hold_license(cast, "sven", "physician")
        assign_supervisor(cast.providers["ines"], cast.providers["sven"], since=date(2026, 1, 1), by=by_whom)
        given = {"against": "laser", "tested_on": "2026-12-01", "result": "clear"}
        actions.add_history(cast.pat, "patch_test", given, by=by_whom, at=AT)
        encounter = actions.begin_exam(
            cast.pat, cast.providers["sven"], location=cast.location, by=by_whom, at=AT
        )
        actions.record_exam(
            encounter,
            [cast.services["botox"]],
            outcome="cleared",
            examiner=cast.providers["sven"],
            by=by_whom,
            at=AT,
        )
        assert start(arrived(cast), cast).status == "in_room"


def test_what_only_warns_lets_it_begin(glow):
    with enter(glow.clinic):
        ask(glow.cast, {"exam": WARN, "license": WARN})
        assert start(arrived(glow.cast), glow.cast).status == "in_room"


@pytest.mark.promise("P51")
def test_an_override_needs_the_right_and_a_reason_and_leaves_both(glow):
    with enter(glow.clinic):
        cast = glow.cast
        ask(cast)
        visit = arrived(cast)
        with pytest.raises(Forbidden):
            start(visit, cast, user=cast.desk, override_reason=REASON)
        with pytest.raises(Forbidden):
            start(visit, cast, user=cast.users["admin"], override_reason=REASON)
        for reason in ("short", "x" * 301, "a\x00bcdefghijk"):
            with pytest.raises(Invalid):
                start(visit, cast, user=cast.owner, override_reason=reason)
        assert start(visit, cast, user=cast.owner, override_reason=REASON).status == "in_room"
        event = Event.objects.get(verb="gate.overridden")
        assert event.patient_id == cast.pat.uid
        assert event.detail is not None


@pytest.mark.own_clinic
def test_two_who_start_at_once(new_clinic):
    house = new_clinic("glow")
    with enter(house.clinic):
        ask(house.cast)
        visit = arrived(house.cast)
    ready, told = Barrier(2), []

    def begin() -> None:
        with enter(house.clinic):
            ready.wait()
            try:
                start(visit, house.cast, user=house.cast.owner, override_reason=REASON)
                told.append("begun")
            except NotInThatState:
                told.append("refused")
        connections.close_all()

    threads = [Thread(target=begin) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["begun", "refused"]
    with enter(house.clinic):
        assert Event.objects.filter(verb="gate.overridden").count() == 1


# --- The exam


def examine(cast, **given):
    who = cast.providers["sven"]
    encounter = actions.begin_exam(cast.pat, who, location=cast.location, by=by(cast), at=AT)
    services = given.pop("services", [cast.services["botox"]])
    asked = {"outcome": "cleared", "examiner": who, "by": by(cast), "at": AT} | given
    return actions.record_exam(encounter, services, **asked)


def test_only_a_licensed_examiner_records_a_result(glow):
    with enter(glow.clinic):
        cast = glow.cast
        for kind, until in ((None, None), ("nurse", date(2030, 1, 1)), ("physician", date(2027, 2, 25))):
            if kind:
                hold_license(cast, "sven", kind, until)
            with pytest.raises(Invalid) as refused:
                examine(cast, services=[], outcome="maybe")
            codes = {one["code"] for one in refused.value.errors}
            assert codes == {"required", "not_licensed"}
        hold_license(cast, "sven", "physician", date(2027, 2, 26))  # AT's own day still counts
        with pytest.raises(Invalid):
            examine(cast, outcome="limited")
        assert examine(cast)[0].valid_until == date(2028, 2, 26)


def test_the_rule_of_the_service_says_for_how_long(glow):
    with enter(glow.clinic):
        cast = glow.cast
        hold_license(cast, "sven", "physician")
        actions.set_gate_rules({"exam": Rule("warn", months=6)}, service=cast.services["botox"], by=by(cast))
        botox, laser = examine(cast, services=[cast.services["botox"], cast.services["laser"]])
        assert (botox.valid_until, laser.valid_until) == (date(2027, 8, 26), date(2028, 2, 26))


def test_a_later_result_takes_the_place_of_an_earlier_one(glow):
    with enter(glow.clinic):
        cast = glow.cast
        hold_license(cast, "sven", "physician")
        ask(cast, {"exam": BLOCK})
        examine(cast)
        examine(cast, outcome="refused", limits="Blood pressure", at=AT + timedelta(hours=1))
        found = gate_reading.read(Treatment.of_visit(arrived(cast)), at=AT)
        assert [one.code for one in found.items] == ["exam_refused"]
        assert ExamResult.objects.count() == 2


LINKS = ["http://call.example/x", "javascript:alert(1)", "call.example", "https://", "https://a b", "x" * 501]


@pytest.mark.parametrize("link", LINKS)
def test_only_a_whole_safe_link_is_kept(glow, link):
    with enter(glow.clinic), pytest.raises(Invalid):
        cast = glow.cast
        actions.begin_exam(
            cast.pat, cast.providers["sven"], location=cast.location, join_link=link, by=by(cast), at=AT
        )


def test_the_link_is_on_the_patients_home_until_there_is_a_result(glow):
    with enter(glow.clinic):
        cast = glow.cast
        hold_license(cast, "sven", "physician")
        at = datetime.now(UTC)
        who = cast.providers["sven"]
        encounter = actions.begin_exam(
            cast.pat, who, location=cast.location, join_link="https://call.example/abc", by=by(cast), at=at
        )
    portal = glow.portal(glow.cast.pat)
    assert b"https://call.example/abc" in portal.get("/portal/").content
    assert b"call.example" not in glow.portal(glow.cast.people["quinn"]).get("/portal/").content
    with enter(glow.clinic):
        actions.record_exam(
            encounter, [cast.services["botox"]], outcome="cleared", examiner=who, by=by(cast), at=at
        )
    assert b"call.example" not in portal.get("/portal/").content


# --- Pages and programs


def test_the_usual_rules_know_what_a_service_is():
    def of(name, device=""):
        return nature_of(Service(name=name, device_kind=device))

    assert of("Removal, small", "laser") == Nature.LASER
    assert of("Wrinkle relaxer") == Nature.INJECTABLE
    assert of("Chemical peel") == Nature.SKIN
    assert of("Consultation") is None
    assert of("Patch test", "laser") is None


def test_the_desk_sees_what_is_missing_without_the_reason_and_cannot_begin(glow):
    cast = glow.cast
    with enter(glow.clinic):
        actions.add_history(cast.pat, "condition", {"code": "pregnant"}, by=by(cast), at=AT)
        ask(cast, {"contraindications": BLOCK})
        visit = arrived(cast)
    path = f"/desk/visits/{visit.uid}/"
    desk, owner = glow.client(cast.desk), glow.client(cast.owner)
    page = desk.get(path).content
    assert b"A contraindication stands" in page
    assert b"Pregnant" not in page
    assert b"Start although" not in page
    assert b"Pregnant" in owner.get(path).content
    answer = desk.post(
        f"{path}start/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL=f"http://{glow.host}{path}"
    )
    assert answer.status_code == 409
    assert b"A contraindication stands" in answer.content
    short = owner.post(f"{path}start/", {"override_reason": "so what"})
    assert short.status_code == 422
    assert b"so what" in short.content
    assert owner.post(f"{path}start/", {"override_reason": REASON}).status_code in {200, 303}


def test_programs_ask_the_gate_and_are_told_everything(glow):
    cast = glow.cast
    with enter(glow.clinic):
        actions.add_history(cast.pat, "condition", {"code": "pregnant"}, by=by(cast), at=AT)
        ask(cast, {"contraindications": BLOCK, "license": BLOCK})
        visit = arrived(cast)
    path = f"/api/v1/appointments/{visit.uid}/"
    for user, detail in ((cast.owner, "Pregnant"), (cast.desk, "")):
        found = glow.api(user).get(f"{path}gate/").json()
        assert found["is_closed"] is True
        assert [one["detail"] for one in found["items"]] == [detail, ""]
    refused = glow.api(cast.owner).post(f"{path}start/", "{}", content_type="application/json")
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/gate-closed"
    assert [one["field"] for one in refused.json()["errors"]] == ["contraindications", "license"]
    body = {"override_reason": REASON}
    assert glow.api(cast.desk).post(f"{path}start/", body, content_type="application/json").status_code == 403
    assert (
        glow.api(cast.owner).post(f"{path}start/", body, content_type="application/json").status_code == 200
    )


def test_the_settings_say_what_is_asked_where(glow):
    cast = glow.cast
    client = glow.client(cast.users["supervisor"])
    page = client.get("/desk/settings/gate/")
    assert b"Use the usual rules" in page.content
    assert client.post("/desk/settings/gate/usual/").status_code in {302, 303}
    with enter(glow.clinic):
        cast.pat.refresh_from_db()
        found = gate_reading.read(Treatment.of_visit(arrived(cast)), at=AT)
        modes = {one.item: one.mode for one in found.items}
        assert modes["exam"] == "block"
        assert modes["license"] == "warn"
    own = f"/desk/settings/gate/services/{cast.services['botox'].uid}/"
    asked = {"exam_mode": "off", "exam_months": 12, "patch_test_months": 61, "patch_test_nature": "laser"}
    answer = client.post(own, asked)
    assert answer.status_code == 422
    assert b"from 1 to 60" in answer.content
    asked |= {"patch_test_months": 6, "contraindications_nature": "any"}
    assert client.post(own, asked).status_code in {302, 303}
    assert MONDAY


def test_each_missing_item_leads_to_where_it_is_done_by_whoever_may(glow):
    """The provider examines and charts, the desk asks the patient, and nobody is led to what they may not open."""
    with enter(glow.clinic):
        cast = glow.cast
        ask(cast, EVERYTHING | {"consent": WARN, "lot": WARN})
        complete_form(cast)
        published("Botox consent", services=[cast.services["botox"]], at=BEGAN)
        visit = arrived(cast)
    person, page = cast.pat.uid, f"/desk/visits/{visit.uid}/"
    services = cast.services["botox"].uid
    asked = f'href="/desk/patients/{person}/#messages"'
    signs = f'href="/desk/patients/{person}/forms/"'
    exam = f'href="/desk/patients/{person}/exams/new/?service={services}"'
    test = f'href="/desk/patients/{person}/history/add/patch_test/"'
    licences = 'href="/desk/settings/licenses/"'
    stock = 'href="/desk/stock/"'
    leads = {
        "provider": {asked, signs, exam, test, stock},
        "front_desk": {asked, signs, stock},
        "owner": {asked, signs, exam, test, stock, licences},
        "admin": {asked, signs, stock, licences},
    }
    for role, wanted in leads.items():
        body = glow.client(cast.users[role]).get(page).content.decode()
        section = body[body.index('<ul class="gate">') :]
        section = section[: section.index("</ul>")]
        found = {one for one in (asked, signs, exam, test, stock, licences) if one in section}
        assert found == wanted, role
        for address in {one.removeprefix('href="').rstrip('"').partition("#")[0] for one in found}:
            assert glow.client(cast.users[role]).get(address).status_code == 200, (role, address)
