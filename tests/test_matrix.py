"""Every address × every role × {own, another patient's, the other clinic's, a random id}: generated, not sampled."""

import itertools
import re
from functools import cache

import pytest
from django.test import Client

from accounts.roles import CLINIC_ROLES, PLATFORM_ROLES, permissions_of_role
from core.ids import uuid7
from tenants.context import enter
from tests.matrix import CLINIC, PLATFORM, routes
from tests.matrix.objects import own_id
from tests.matrix.rules import Anyone, Api, Hook, Link, Own, Patient, Platform, Rule, SignIn, Staff
from tests.platform import browser, hire

pytestmark = [pytest.mark.promise("P157"), pytest.mark.promise("P158"), pytest.mark.promise("P159")]
OPEN = {200, 201, 202, 204, 302, 303, 400, 409, 415, 422}
CLINIC_ROUTES = [route for route, _ in routes("medspa.urls_clinic")]
PLATFORM_ROUTES = [route for route, _ in routes("medspa.urls_platform")]


@pytest.mark.parametrize(
    ("declared", "found"), [(CLINIC, CLINIC_ROUTES), (PLATFORM, PLATFORM_ROUTES)], ids=["clinic", "platform"]
)
def test_every_address_is_declared(declared, found):
    assert sorted(set(found) - set(declared)) == [], "declare these in tests/matrix/"
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
