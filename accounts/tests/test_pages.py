"""The way to the sign-in and back, the default deny below /desk/, and addresses that lead astray."""

import pytest

from accounts.pages import safe_next

SIGN_IN = "/desk/sign-in/"
ROLES = ["owner", "admin", "provider", "supervisor", "front_desk", "marketer", "analyst"]
SEES_PATIENTS = set(ROLES[:5])

ASTRAY = [
    f"{lead}evil.example{tail}"
    for lead in (
        "//", "///", "////", "/\\", "\\\\", "\\/", "/\\/", "http://", "https://", "HtTpS://", "http:", "https:", "http:\\\\",
        "javascript:", "javascript://", "data:text/html,", "vbscript:", "ftp://", "/\t/", "/\n/", "\t//", " //", "%2f%2f",
        "/%09/", "/%5c", "//user@", "//glow.localhost@", "https://glow.localhost@", "https://glow.localhost.", "@",
        "/desk\\@", "desk/", "/desk//\\",
    )
    for tail in ("", "/desk/", "%2f..", "?next=/desk/")
]  # fmt: skip


@pytest.mark.parametrize("address", ASTRAY)
def test_nothing_leads_astray(address):
    kept = safe_next(address)
    assert kept == "/desk/" or (kept.startswith("/desk/") and "\\" not in kept)


@pytest.mark.parametrize(
    "address", [None, "", "/", "/book/", "/desk", "/api/v1/me/", "/desk/\r\nSet-Cookie: a=b", "/desk/\0"]
)
def test_only_paths_of_the_desk_are_kept(address):
    assert safe_next(address) == "/desk/"


@pytest.mark.parametrize("address", ["/desk/", "/desk/patients/?q=pe", "/desk/day/2026-03-03/#now"])
def test_paths_of_the_desk_are_kept(address):
    assert safe_next(address) == address


@pytest.mark.parametrize("address", ASTRAY[::6])
def test_signing_in_never_leaves_the_house(glow, address):
    client, desk = glow.client(), glow.cast.desk
    form = client.get(SIGN_IN, {"next": address}).content.decode()
    assert 'name="next" value="/desk/' in form
    answer = client.post(SIGN_IN, {"email": desk.email, "password": glow.cast.password, "next": address})
    assert answer["Location"].startswith("/desk/")


@pytest.fixture
def pages(settings):
    settings.ROOT_URLCONF = "accounts.tests.urls_with_pages"


def test_a_stranger_is_sent_to_the_sign_in_and_back(glow, pages):
    answer = glow.client().get("/desk/patients/?q=pe")
    assert (answer.status_code, answer["Location"]) == (302, f"{SIGN_IN}?next=%2Fdesk%2Fpatients%2F%3Fq%3Dpe")


def test_a_strangers_write_is_not_repeated_after_the_sign_in(glow, pages):
    assert glow.client().post("/desk/patients/")["Location"] == f"{SIGN_IN}?next=%2Fdesk%2F"


def test_a_part_of_a_page_gets_401_and_the_way(glow, pages):
    answer = glow.client().get(
        "/desk/patients/",
        HTTP_HX_REQUEST="true",
        HTTP_HX_CURRENT_URL="http://evil.example/desk/day/2026-03-03/?provider=1",
    )
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["HX-Redirect"] == f"{SIGN_IN}?next=%2Fdesk%2Fday%2F2026-03-03%2F%3Fprovider%3D1"


@pytest.mark.promise("P159")
@pytest.mark.parametrize("role", ROLES)
def test_a_page_opens_for_the_roles_that_hold_the_right(glow, pages, role):
    client = glow.client(glow.cast.users[role])
    assert client.get("/desk/patients/").status_code == (200 if role in SEES_PATIENTS else 403)
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize("path", ["/desk/forgotten/", "/desk/", "/elsewhere/"])
def test_a_page_is_shut_by_default(glow, pages, half_signed_in, rival, path):
    assert glow.client().get(path).status_code == 302
    assert half_signed_in(rival, rival.cast.owner).get(path).status_code == 302


def test_a_session_without_its_stamps_is_over(glow, pages):
    from accounts import sessions
    from accounts.tests.helpers import session_of

    client = glow.client(glow.cast.desk)
    with session_of(glow, client) as session:
        del session[sessions.SEEN]
    assert client.get("/desk/").status_code == 302
