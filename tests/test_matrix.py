"""Every address × every role × {own, another patient's, the other clinic's, a random id}: generated, not sampled."""

import itertools
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID

import pytest
from django.test import Client

from accounts.models import ApiToken
from accounts.roles import CLINIC_ROLES, PLATFORM_ROLES, permissions_of_role
from core.ids import uuid7
from tenants.context import enter
from tests.authenticator import enrol
from tests.matrix import (
    CLINIC,
    PLATFORM,
    Anyone,
    Api,
    Hook,
    Link,
    Own,
    Patient,
    Platform,
    Rule,
    SignIn,
    Staff,
    routes,
)
from tests.platform import browser, hire

pytestmark = [pytest.mark.promise("P157"), pytest.mark.promise("P158"), pytest.mark.promise("P159")]
OPEN = {200, 201, 202, 204, 302, 303, 400, 409, 415, 422}
CLINIC_ROUTES = [route for route, _ in routes("medspa.urls_clinic")]
PLATFORM_ROUTES = [route for route, _ in routes("medspa.urls_platform")]


@pytest.mark.parametrize(
    ("declared", "found"), [(CLINIC, CLINIC_ROUTES), (PLATFORM, PLATFORM_ROUTES)], ids=["clinic", "platform"]
)
def test_every_address_is_declared(declared, found):
    assert sorted(set(found) - set(declared)) == [], "declare these in tests/matrix.py"
    assert sorted(set(declared) - set(found)) == [], "these are gone"


def fill(route: str, value: object) -> str:
    """The address with its id or secret."""
    values = itertools.cycle(str(value).split())
    return "/" + re.sub(r"<[^>]+>", lambda _found: next(values), route)


def random_for(route: str) -> object:
    """Ids of nothing, and a step of it where the address has one."""
    return f"{uuid7()} {uuid7()} 1" if "<int:step>" in route else uuid7()


@cache
def canaries(house) -> list[bytes]:
    """What must never be seen from next door: as the cast was made, whatever a test does to it."""
    found = []
    with enter(house.clinic):
        for person in house.cast.people.values():
            found += [person.first_name, person.last_name, person.email, person.phone, str(person.uid)]
    shared = {"Sam", "Stranger", "sam@example.net", "+13125550199"}  # the stranger walks into both
    return [text.encode() for text in found if text and text not in shared and len(text) > 3]


def visit_of(house) -> UUID:
    from scheduling.actions import book_for

    cast, at = house.cast, datetime.now(UTC)
    with enter(house.clinic):
        from practice.models import Location
        from scheduling.queries import desk_starts

        day = at.astimezone(Location.objects.get().zone).date() + timedelta(days=3)
        start, provider = desk_starts(service=cast.services["botox"], location=cast.location, day=day, at=at)[
            0
        ]
        booked = book_for(
            service=cast.services["botox"],
            provider=provider,
            location=cast.location,
            start=start,
            person=cast.pat,
            by=house_actor(cast),
            user=cast.desk,
            at=at,
        )
    return booked.appointment.uid


def house_actor(cast):
    from accounts.actors import actor_for

    return actor_for(cast.desk)


def own_id(house, kind: str) -> object:
    cast = house.cast
    if kind == "person":
        return cast.pat.uid
    if kind == "service":
        return cast.services["botox"].uid
    if kind == "closure":
        with enter(house.clinic):
            from practice.actions import close_location

            day = datetime.now(UTC).date() + timedelta(days=30)
            return close_location(cast.location, day, day, by=house_actor(cast)).uid
    if kind == "category":
        return cast.services["botox"].category.uid
    if kind == "location":
        return cast.location.uid
    if kind == "room":
        return cast.rooms["two"].uid
    if kind == "device":
        return cast.devices["laser"].uid
    if kind == "appointment":
        return visit_of(house)
    if kind in {"guardianship", "correction"}:
        return tied(house, kind)
    if kind == "dependant":
        from patients.models import Guardianship

        with enter(house.clinic):
            Guardianship.objects.create(
                guardian=cast.pat, dependant=cast.stranger, relation="parent", linked_at=datetime.now(UTC)
            )
        return cast.stranger.uid
    if kind == "two_people":
        return f"{cast.pat.uid} {cast.people['quinn'].uid}"
    if kind == "merge":
        from core.clock import now
        from patients import merging

        with enter(house.clinic):
            pair = cast.people["quinn"].uid, cast.stranger.uid
            return merging.merge(cast.owner, *pair, choices={}, at=now()).uid
    if kind == "care_team":
        return f"{cast.pat.uid} {cast.users['provider'].pk}"
    if kind == "break_glass":
        from patients.models import BreakGlass

        with enter(house.clinic):
            at = datetime.now(UTC)
            opened = BreakGlass(person=cast.pat, user=cast.users["provider"], reason="Reaction tonight")
            opened.opened_at, opened.until = at, at + timedelta(hours=4)
            opened.save()
            return opened.uid
    if kind in {"product", "lot", "movement"}:
        return stocked(house, kind)
    if kind in {"injection", "recalled_lot", "recall_notice"}:
        return injected(house, kind)
    if kind == "encounter":
        from charting.actions import begin_encounter

        with enter(house.clinic):
            at = datetime.now(UTC)
            provider = cast.providers["ines"]
            made = begin_encounter(
                cast.pat, provider, location=cast.location, kind="treatment", by=house_actor(cast), at=at
            )
            return made.uid
    if kind in {"exam", "intake", "open_intake", "questionnaire", "license", "supervision", "provider"}:
        return before_treatment(house, kind)
    if kind in {"macro", "own_macro"}:
        from charting.models import Macro

        with enter(house.clinic):
            owner = cast.owner if kind == "own_macro" else None
            return Macro.objects.create(owner=owner, shortcut=uuid7().hex[-20:], text="Upright.").uid
    if kind == "note_template":
        from charting.actions.setting_up import save_template

        with enter(house.clinic):
            at, by = datetime.now(UTC), house_actor(cast)
            return save_template(None, name="Spare", services=[], definition={}, by=by, at=at).uid
    if kind in {"note", "signed_note", "appointment_of_care"}:
        return note_of(house, kind)
    if kind == "handed_health":
        return f"{cast.pat.uid} {before_treatment(house, 'questionnaire')} 1"
    if kind == "person_and_kind":
        return f"{cast.pat.uid} allergy"
    if kind == "history":
        from charting.actions import add_history

        with enter(house.clinic):
            given = {"text": "Latex", "code": "latex"}
            return add_history(cast.pat, "allergy", given, by=house_actor(cast), at=datetime.now(UTC)).line
    if kind in {"laser_series", "laser_session", "adverse_event"}:
        return under_way(house, kind)
    if kind in {"plan", "offered_plan", "plan_template", "sheet", "aftercare_text"}:
        return planned(house, kind)
    if kind == "photo":
        from photos.tests.pictures import released_photo

        return released_photo(house).uid
    if kind == "document":
        from documents.tests.papers import released_document

        return released_document(house).uid
    if kind == "token":
        with enter(house.clinic):
            spare = ApiToken(
                user=cast.owner, name="spare", token_hash=uuid7().bytes, created_at=datetime.now(UTC)
            )
            spare.save()
        return spare.uid
    if kind == "passkey":
        return UUID(enrol(house, cast.owner)[1].data["uid"])
    if kind == "saved_view":
        from scheduling.actions import save_view

        with enter(house.clinic):
            at = datetime.now(UTC)
            name = uuid7().hex
            return save_view(
                cast.owner, name=name, is_week=True, query="by=room", by=house_actor(cast), at=at
            ).uid
    if kind in {"endpoint", "delivery"}:
        return webhook_of(house, kind)
    if kind in {"colleague", "invitation"}:
        return spare_person(house, kind)
    if kind == "time_off":
        from core.spans import Span
        from scheduling.actions import take_time_off

        with enter(house.clinic):
            at = datetime.now(UTC)
            span = Span(at + timedelta(days=40), at + timedelta(days=40, hours=1))
            return take_time_off(cast.providers["nora"], span=span, by=house_actor(cast), at=at).uid
    if kind in {"form", "form_version", "signature", "handed"}:
        return paper_of(house, kind)
    raise KeyError(kind)


def before_treatment(house, kind: str) -> UUID:
    """What belongs to the gate: an exam, a health form with answers, a licence, a supervision."""
    from charting import actions
    from charting.actions import add_starter
    from practice.actions import add_license, assign_supervisor

    cast, at = house.cast, datetime.now(UTC)
    by, ines, sven = house_actor(cast), cast.providers["ines"], cast.providers["sven"]
    with enter(house.clinic):
        if kind == "provider":
            return ines.uid
        if kind == "exam":
            return actions.begin_exam(cast.pat, ines, location=cast.location, by=by, at=at).uid
        if kind == "license":
            day = at.date() + timedelta(days=90)
            return add_license(ines, kind="nurse", number="RN 1", state="TX", valid_until=day, by=by).uid
        if kind == "supervision":
            since = at.date() - timedelta(days=uuid7().int % 9000)
            return assign_supervisor(ines, sven, since=since, by=by).uid
        form = add_starter("laser", by=by, at=at)
        if kind == "questionnaire":
            return form.uid
        form.services.set(cast.services.values())
        opened = actions.open_intake(cast.pat, form, by=by, at=at)
        if kind == "intake":
            type(opened).objects.filter(pk=opened.pk).update(completed_at=at)
        return f"{form.uid} 1" if kind == "open_intake" else opened.uid


def note_of(house, kind: str) -> UUID:
    """A draft, or a visit whose patient the provider treats."""
    from charting.actions.notes import begin_note
    from charting.models import Encounter

    if kind == "appointment_of_care":
        return visit_of(house)
    if kind == "signed_note":
        from charting.tests.notes import signed

        with enter(house.clinic):
            return signed(house.cast).uid
    with enter(house.clinic):
        encounter = Encounter.objects.get(uid=own_id(house, "encounter"))
        user = house.cast.users["provider"]
        return begin_note(encounter, template=None, user=user, at=datetime.now(UTC)).uid


def stocked(house, kind: str) -> UUID:
    from practice.actions import create_product, stock

    cast, at = house.cast, datetime.now(UTC)
    with enter(house.clinic):
        by, name = house_actor(cast), uuid7().hex
        product = create_product(by=by, name=name, kind="neurotoxin", unit="unit", per_vial=10_000)
        made = stock.receive(
            product,
            number="C6184",
            expires_on=at.date() + timedelta(days=90),
            location=cast.location,
            quantity=10_000,
            by=by,
            at=at,
        )
        return {"product": product.uid, "lot": made.lot.uid, "movement": made.uid}[kind]


def injected(house, kind: str) -> object:
    """A point of Pat's with its encounter; or its lot, recalled, and Pat who was told."""
    from charting import actions
    from charting.actions.recall import run_recall
    from practice.models import Lot

    cast, at, by = house.cast, datetime.now(UTC), house_actor(house.cast)
    lot_uid = stocked(house, "lot")
    with enter(house.clinic):
        lot = Lot.objects.select_related("product").get(uid=lot_uid)
        how = {"location": cast.location, "kind": "treatment", "by": by, "at": at}
        encounter = actions.begin_encounter(cast.pat, cast.providers["ines"], **how)
        mark = actions.Mark("face_front", 500, 400, lot.product, 400, lot)
        point = actions.chart_point(encounter, mark, version=0, by=by, at=at)
        if kind == "injection":
            return f"{encounter.uid} {point.uid}"
        run_recall(lot, reason="Sterility doubted", by=by, at=at)
        return lot.uid if kind == "recalled_lot" else f"{lot.uid} {cast.pat.uid}"


def planned(house, kind: str) -> UUID:
    """A plan of the patient's, offered or not yet; its stages as a template; what was given after a visit."""
    from charting import actions
    from charting.plans.content import Content
    from charting.tests.plans import drafted, offered, published

    cast, at, by = house.cast, datetime.now(UTC), house_actor(house.cast)
    with enter(house.clinic):
        if kind == "plan":
            return drafted(cast, at=at).uid
        if kind == "offered_plan":
            return offered(cast, at=at).plan.uid
        if kind == "plan_template":
            content = Content.of(drafted(cast, at=at).draft)
            return actions.keep_template(content, name="Often", by=by, at=at).uid
        text = published(cast, at=at, services=[])
        if kind == "aftercare_text":
            return text.uid
        return actions.hand_out(cast.pat, text, send=False, site="", by=by, at=at).uid


def paper_of(house, kind: str) -> object:
    """A form that everybody is asked for, its version, or what the patient signed of it."""
    from consents.models import Signature
    from consents.tests.papers import published, signed

    with enter(house.clinic):
        version = published(uuid7().hex, asked="everyone", at=datetime.now(UTC) - timedelta(days=2))
        if kind == "signature":
            made: Signature = signed(version, house.cast.pat, at=datetime.now(UTC) - timedelta(days=1))
            return made.uid
        if kind == "handed":
            return f"{house.cast.pat.uid} {version.form.uid}"
        return version.form.uid if kind == "form" else version.uid


def under_way(house, kind: str) -> UUID:
    """A series of the patient, or its first session."""
    from charting.tests.courses import begin, treat
    from charting.tests.reactions import reaction

    with enter(house.clinic):
        if kind == "adverse_event":
            return reaction(house.cast).uid
        series = begin(house.cast)
        return series.uid if kind == "laser_series" else treat(house.cast, series).uid


def webhook_of(house, kind: str) -> UUID:
    from accounts.actors import actor_for
    from webhooks import actions

    by, at = actor_for(house.cast.owner), datetime.now(UTC)
    with enter(house.clinic):
        made, _secret = actions.add_endpoint(
            url="http://127.0.0.1:9/", events=["appointment.booked"], user=house.cast.owner, by=by, at=at
        )
        return made.uid if kind == "endpoint" else actions.send_test(made, by=by, at=at).uid


def spare_person(house, kind: str) -> UUID:
    """Somebody who treats, or is invited, besides the cast: what is done to them hurts no other line."""
    from accounts.actions import create_user, invite
    from audit.actors import job
    from practice.actions import create_provider

    by, at, email = job("tests"), datetime.now(UTC), f"{uuid7().hex}@{house.clinic.slug}.example"
    with enter(house.clinic):
        if kind == "invitation":
            return invite(email=email, role="provider", on="http://x", by=by, at=at).uid
        user = create_user(email=email, display_name="Spare", role="provider", by=by, at=at)
        create_provider(by=by, user=user, display_name="Spare")
        return user.pk


@pytest.mark.parametrize("route", CLINIC_ROUTES)
def test_clinic(clinics, route, settings):
    settings.PUBLIC_RATE_LIMIT = False
    rule = CLINIC[route]
    (check_patient if isinstance(rule, Patient) else check)(clinics, route, rule)


@pytest.mark.parametrize("route", PLATFORM_ROUTES)
def test_platform(clinics, route):
    rule = PLATFORM[route]
    if isinstance(rule, Platform):
        check_platform(clinics, route, rule)
        return
    for method in rule.methods:
        answer = getattr(Client(HTTP_HOST="localhost"), method)(
            fill(route, uuid7()), getattr(rule, "query", {})
        )
        if isinstance(rule, Hook):
            assert answer.status_code in {400, 403}, f"unsigned {route} was let in: {answer.status_code}"
        elif isinstance(rule, Link):
            assert answer.status_code == 404
        elif isinstance(rule, SignIn):
            assert answer.status_code in OPEN
        else:
            assert answer.status_code == (200 if method == "get" else 422)
    for canary in canaries(clinics.glow) + canaries(clinics.rival):
        assert canary not in answer.content


def check_platform(clinics, route: str, rule: Platform) -> None:
    """Every platform role, nobody, and a clinic's owner with a session of the clinic's: it means nothing here."""
    row = clinics.glow.clinic.uid if "tenants/clinic" in route else "0"
    path = fill(route, row)
    hidden = canaries(clinics.glow) + canaries(clinics.rival)
    callers = {role: browser(hire(role)) for role in sorted(PLATFORM_ROLES)}
    stranger = clinics.glow.client(clinics.glow.cast.owner)
    stranger.defaults["HTTP_HOST"] = "localhost"
    for method in rule.methods:
        for who, client in ({"nobody": browser(), "clinic": stranger} | callers).items():
            answer = getattr(client, method)(path)
            if who in {"nobody", "clinic"}:
                assert answer.status_code == 302, f"{method} {path} as {who}: {answer.status_code}"
                assert answer["Location"].startswith("/admin/sign-in/")
            elif rule.permission not in permissions_of_role(who):
                assert answer.status_code == 403, f"{method} {path} as {who}: {answer.status_code}"
            else:
                here = {200, 302, 409, 422} if "clinic" in route or not rule.object else {404}
                assert answer.status_code in here, f"{method} {path} as {who}: {answer.status_code}"
            for canary in hidden:
                assert canary not in answer.content, f"{path} as {who} shows {canary!r}"


def check(clinics, route: str, rule: Rule) -> None:
    glow, rival = clinics.glow, clinics.rival
    kind = getattr(rule, "object", "")
    ids: dict[str, object] = {"own": "x"}
    if kind == "day":
        ids = {"own": "2026-03-03"}
    elif kind:
        ids = {"own": own_id(glow, kind), "other": own_id(rival, kind), "random": random_for(route)}
    elif isinstance(rule, Link):
        ids = {"random": uuid7() if "uuid" in route else "A" * 43}
    hidden = canaries(rival)
    for method in rule.methods:
        for whose, value in ids.items():
            path = fill(route, value)
            for who, client in itertools.chain(
                clients(glow, rival, rule), patients(glow, rival, rule, route)
            ):
                query = getattr(rule, "query", {})
                if isinstance(rule, Api | Own) and path.startswith("/api/") and method != "get":
                    answer = getattr(client, method)(path, "{}", content_type="application/json")
                else:
                    answer = getattr(client, method)(path, query)
                expected = allowed(rule, who, whose, method, path)
                assert answer.status_code in expected, (
                    f"{method} {path} as {who} ({whose}): {answer.status_code}, wanted {sorted(expected)}"
                )
                for canary in hidden:
                    assert canary not in answer.content, f"{path} as {who} shows Rival's {canary!r}"


def tied(house, kind: str) -> str:
    """Two ids for one address: the patient's, and of what belongs to them."""
    from patients.models import Correction, Guardianship

    cast, at = house.cast, datetime.now(UTC)
    with enter(house.clinic):
        if kind == "correction":
            made = Correction.objects.create(person=cast.pat, text="Patricia", asked_at=at)
        else:
            made = Guardianship.objects.create(
                guardian=cast.people["quinn"], dependant=cast.pat, relation="parent", linked_at=at
            )
    return f"{cast.pat.uid} {made.uid}"


def check_patient(clinics, route: str, rule: Patient) -> None:
    """The portal: {the patient, another patient, the other clinic's, the staff, nobody} × {own, other's, random}."""
    glow, rival = clinics.glow, clinics.rival
    everybodys = {"", "kind", "form"}
    ids: dict[str, object] = {"own": "phone"} if rule.object == "kind" else {"own": "x"}
    if rule.object not in {"", "kind"}:
        ids = {
            "own": own_id(glow, rule.object),
            "other": own_id(rival, rule.object),
            "random": f"{uuid7()} 1",
        }
    hidden = canaries(rival)
    callers = [("patient", glow.portal(glow.cast.pat)), ("another", glow.portal(glow.cast.people["quinn"]))]
    foreign = rival.portal(rival.cast.pat)
    foreign.defaults["HTTP_HOST"] = glow.host
    callers += [("nobody", Client(HTTP_HOST=glow.host)), ("rival", foreign)]
    callers += [(role, glow.client(glow.cast.users[role])) for role in sorted(CLINIC_ROLES)]
    for method in rule.methods:
        for whose, value in ids.items():
            for who, client in callers:
                answer = getattr(client, method)(fill(route, value))
                if who == "patient" or (who == "another" and rule.object in everybodys):
                    expected = OPEN if whose == "own" else {404}
                else:
                    expected = {404} if who == "another" else {302}
                assert answer.status_code in expected, (
                    f"{method} {route} as {who} ({whose}): {answer.status_code}"
                )
                if expected == {302}:
                    assert answer["Location"].startswith("/portal/sign-in/")
                assert "no-store" in answer["Cache-Control"]
                for canary in hidden:
                    assert canary not in answer.content, f"{route} as {who} shows Rival's {canary!r}"


def clients(glow, rival, rule: Rule):
    """Nobody, somebody with Rival's session and token, and Glow's people in every role."""
    yield "nobody", Client(HTTP_HOST=glow.host)
    stranger = rival.client(rival.cast.owner)
    stranger.defaults["HTTP_HOST"] = glow.host
    yield "rival", stranger
    if isinstance(rule, Api | Own):
        foreign = rival.api(rival.cast.owner)
        foreign.defaults["HTTP_HOST"] = glow.host
        yield "rival", foreign
    for role in sorted(CLINIC_ROLES):
        user = glow.cast.users[role]
        if getattr(rule, "object", "") == "passkey":  # removing one ends the sessions that began before
            with enter(glow.clinic):
                user = type(user).objects.get(pk=user.pk)
        yield role, glow.client(user)
        if isinstance(rule, Api):
            yield role, glow.api(user)


def patients(glow, rival, rule: Rule, route: str):
    """For programs: the patient of the objects, another one, and Rival's with the session of next door."""
    if not route.startswith("api/") or not isinstance(rule, Api | Own):
        return
    yield "patient", glow.portal(glow.cast.pat)
    yield "another", glow.portal(glow.cast.people["quinn"])
    foreign = rival.portal(rival.cast.pat)
    foreign.defaults["HTTP_HOST"] = glow.host
    yield "rival", foreign


def allowed(rule: Rule, who: str, whose: str, method: str, path: str) -> set[int]:
    outside = who in {"nobody", "rival"}
    program = path.startswith("/api/")
    if isinstance(rule, Anyone):
        return {200, 301, 302, 400, 404, 409, 415, 422} - ({404} if whose == "own" else set())
    if isinstance(rule, Link):
        return {404, 415} if method == "post" else {404}
    if isinstance(rule, SignIn):
        return OPEN | ({401} if outside else set())  # a challenge is for the page's script
    if outside:
        return {401} if program else {302}
    if who in {"patient", "another"}:
        return allowed_to_patient(rule, who, whose, method)
    if isinstance(rule, Own):
        return OPEN if not rule.object or (who, whose) == ("owner", "own") else {404}
    if rule.object in {"token", "saved_view", "own_macro"} and who != "owner":
        whose = "other"  # a token is its owner's alone
    permission = rule.write if isinstance(rule, Api) and rule.write and method != "get" else rule.permission
    if permission not in permissions_of_role(who):
        return {404} if rule.object not in {"", "day"} else {403}
    return OPEN if whose == "own" else {404}


def allowed_to_patient(rule: Rule, who: str, whose: str, method: str) -> set[int]:
    """What is the patient's own; every other id looks like one that does not exist."""
    methods = rule.patient if isinstance(rule, Api) else ()
    if not getattr(rule, "object", ""):
        return OPEN if method in methods else {403}
    own = who == "patient" and whose == "own"
    return OPEN if own and method in methods else {404}


def test_a_staff_rule_names_a_permission_that_exists():
    for rule in CLINIC.values():
        if isinstance(rule, Staff | Api):
            from accounts.roles import known

            known(rule.permission)
