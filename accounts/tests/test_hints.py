"""First-run hints: one at a time, kept for each person on the server, put away for good, asked for again."""

import re

from django.urls import get_resolver

from accounts import hints
from accounts.models import User
from accounts.roles import PERMISSIONS
from audit.models import Event
from tenants.context import enter

PAGE, PUT_AWAY, OFF, AGAIN = (
    "/desk/patients/",
    "/desk/hints/put-away/",
    "/desk/hints/off/",
    "/desk/hints/again/",
)
TODAY = "/desk/"
HTMX = {"HX-Request": "true"}


def client_of(house, role="front_desk"):
    return house.client(house.cast.users[role])


def shown(page) -> str:
    """The title of the hint that a page shows, or nothing."""
    found = re.search(r'id="hint-title"[^>]*>([^<]*)<', page.content.decode())
    return found.group(1) if found else ""


def title(key) -> str:
    return str(hints.declared()[key].title)


def test_each_is_declared_once_for_pages_and_permissions_that_there_are():
    names = {name for name in get_resolver("medspa.urls_clinic").reverse_dict if isinstance(name, str)}
    for namespace, (_path, resolver) in get_resolver("medspa.urls_clinic").namespace_dict.items():
        names |= {f"{namespace}:{name}" for name in resolver.reverse_dict if isinstance(name, str)}
    listed = list(hints.declared().values())
    for hint in listed:
        assert set(hint.pages) <= names, hint.key
        assert not hint.permission or hint.permission in PERMISSIONS
    from django.conf import settings
    from django.utils.module_loading import import_string

    assert len(listed) == sum(len(import_string(path)) for path in settings.STAFF_HINTS), (
        "a key is there twice"
    )


def test_a_page_shows_one_until_it_is_put_away(glow):
    desk = client_of(glow)
    assert shown(desk.get(PAGE)) == title("patients.find")
    assert shown(desk.get(PAGE)) == title("patients.find")
    answer = desk.post(PUT_AWAY, {"key": "patients.find", "page": "desk:patients", "next": f"{PAGE}?q=pa"})
    assert (answer.status_code, answer["Location"]) == (303, f"{PAGE}?q=pa")
    assert shown(desk.get(PAGE)) == ""
    assert shown(client_of(glow, "provider").get(PAGE)) == title("patients.find"), "kept for each person"


def test_the_next_of_the_page_takes_its_place(glow):
    desk = client_of(glow)
    assert shown(desk.get(TODAY)) == title("calendar.drag")
    answer = desk.post(PUT_AWAY, {"key": "calendar.drag", "page": "desk:today"}, headers=HTMX)
    assert shown(answer) == title("calendar.block")
    assert shown(desk.get(TODAY)) == title("calendar.block")


def test_who_may_not_do_it_is_not_told_of_it(glow):
    with enter(glow.clinic):
        admin, front_desk = glow.cast.users["admin"], glow.cast.users["front_desk"]
        assert hints.next_for(admin, "people:list") == hints.declared()["people.leave"]
        assert hints.next_for(front_desk, "people:list") is None
        assert hints.next_for(None, "people:list") is None


def test_twice_from_two_windows_is_once(glow):
    desk = client_of(glow)
    for _ in range(2):
        desk.post(PUT_AWAY, {"key": "patients.find", "page": "desk:patients"})
    with enter(glow.clinic):
        assert User.objects.get(pk=glow.cast.users["front_desk"].pk).hints_seen == ["patients.find"]
        assert Event.objects.filter(verb="user.hint_put_away").count() == 1
    assert desk.post(PUT_AWAY, {"key": "no.such"}).status_code == 404


def test_all_of_them_off_and_again_from_the_own_page(glow):
    desk = client_of(glow)
    desk.post(PUT_AWAY, {"key": "calendar.drag", "page": "desk:today"})
    answer = desk.post(OFF, headers=HTMX)
    assert "put away" in answer.content.decode()
    assert [shown(desk.get(page)) for page in (PAGE, TODAY)] == ["", ""]
    assert AGAIN in desk.get("/desk/profile/").content.decode()
    assert desk.post(AGAIN).status_code == 302
    assert shown(desk.get(TODAY)) == title("calendar.drag")
    with enter(glow.clinic):
        verbs = (
            Event.objects.filter(verb__startswith="user.hint").order_by("id").values_list("verb", flat=True)
        )
        assert list(verbs) == ["user.hint_put_away", "user.hints_turned_off", "user.hints_shown_again"]


def test_a_way_back_leads_nowhere_else(glow):
    answer = client_of(glow).post(OFF, {"next": "https://evil.example/"})
    assert answer["Location"] == "/desk/"


def test_a_part_of_a_page_carries_none(glow):
    poll = client_of(glow).get(TODAY, headers={**HTMX, "X-Poll": "1"})
    assert poll.status_code in (200, 204)
    assert shown(poll) == ""
