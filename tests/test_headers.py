"""Every answer carries every security header: pages, API, files, errors, unknown hosts."""

import pytest
from django.test import Client

from tenants.context import enter

WANTED = {
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "X-Request-Id",
}
PATHS = [
    ("localhost", "/"),
    ("localhost", "/nosuch/"),
    ("localhost", "/livez"),
    ("localhost", "/readyz"),
    ("localhost", "/hooks/twilio/sms/"),
    ("unknown.localhost", "/"),
    ("glow.localhost", "/book/"),
    ("glow.localhost", "/desk/"),
    ("glow.localhost", "/desk/sign-in/"),
    ("glow.localhost", "/nosuch/"),
    ("glow.localhost", "/brand.css"),
    ("glow.localhost", "/api/v1/services/"),
    ("glow.localhost", "/api/v1/patients/"),
    ("glow.localhost", "/api/v1/nosuch/"),
    ("glow.localhost", "/api/v1/docs/"),
]


@pytest.mark.promise("P161")
@pytest.mark.parametrize(("host", "path"), PATHS)
def test_every_answer_is_dressed(glow, host, path):
    response = Client(HTTP_HOST=host, raise_request_exception=False).get(path)
    assert response.status_code < 500
    assert set(response.headers) >= WANTED
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.promise("P144")
@pytest.mark.promise("P161")
def test_under_https_transport_is_strict(glow, settings):
    settings.SITE_SCHEME = "https"
    settings.SECURE_SSL_REDIRECT = True
    client = Client(HTTP_HOST="glow.localhost")
    redirect = client.get("/book/")
    assert redirect.status_code == 308
    assert redirect["Location"].startswith("https://glow.localhost/book/")
    answer = client.get("/book/", secure=True)
    assert "max-age=63072000; includeSubDomains" in answer["Strict-Transport-Security"]


@pytest.mark.parametrize("path", ["/book/", "/desk/sign-in/", "/api/v1/services/", "/api/v1/patients/"])
def test_what_may_concern_a_person_is_not_stored(glow, path):
    answer = Client(HTTP_HOST="glow.localhost").get(path)
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.promise("P170")
@pytest.mark.promise("P169")
def test_only_essential_cookies_and_no_third_party(glow):
    client = Client(HTTP_HOST="glow.localhost")
    body = client.get("/book/").content.decode()
    client.get("/desk/sign-in/")
    assert set(client.cookies) <= {"session", "csrf", "language", "booking", "portal", "portal_code"}
    for word in ('src="http', "src='http", 'href="//', "@import", "googletag", "fbq("):
        assert word not in body


def test_an_unknown_host_learns_nothing(glow):
    for host in (
        "rivall.localhost",
        "localhost.evil.example",
        "",
        "127.0.0.1",
        "glow.localhost.evil.example",
    ):
        answer = Client(HTTP_HOST=host).get("/book/")
        assert answer.status_code == 404
        assert answer.content == b"Not found\n"


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 429, 503])
def test_every_refusal_has_a_page_and_a_problem(glow, rf, status):
    from core.ids import uuid7
    from core.problems import Problem, failure
    from medspa.errors import answer

    problem = Problem(
        "Do this next.", status=status, type="x", title="No", errors=[failure("a", "b", "Mend a.")]
    )
    for path, kind in (("/desk/x/", "text/html"), ("/api/v1/x/", "application/problem+json")):
        request = rf.get(path, HTTP_HOST=glow.host)
        request.request_id, request.clinic = uuid7(), glow.clinic
        with enter(glow.clinic):
            response = answer(request, problem)
        assert response.status_code == status
        assert response["Content-Type"].startswith(kind)
