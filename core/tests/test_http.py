"""Who is calling, and what suits htmx."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from core import http

rf = RequestFactory()


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "ip"),
    [
        (0, "203.0.113.9", "", "203.0.113.9"),
        (0, "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        (1, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (3, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        (1, "10.0.0.1", "[2001:db8::1]", "2001:db8::1"),
        (0, "::ffff:203.0.113.9", "", "203.0.113.9"),
        (1, "10.0.0.1", "nonsense'; drop", "10.0.0.1"),
        (0, "", "", "0.0.0.0"),
    ],
)
def test_client_ip(settings, proxies, remote, forwarded, ip):
    settings.TRUSTED_PROXIES = proxies
    extra = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert http.client_ip(rf.get("/", REMOTE_ADDR=remote, **extra)) == ip


def test_page_or_part():
    assert http.template_for(rf.get("/"), "page.html", "_part.html") == "page.html"
    part = rf.get("/", headers={"HX-Request": "true"})
    assert http.template_for(part, "page.html", "_part.html") == "_part.html"
    restored = rf.get("/", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert http.template_for(restored, "page.html", "_part.html") == "page.html"


def test_see_other():
    page = http.see_other(rf.post("/"), "/next/")
    assert (page.status_code, page["Location"]) == (303, "/next/")
    part = http.see_other(rf.post("/", headers={"HX-Request": "true"}), "/next/")
    assert (part.status_code, part["HX-Redirect"]) == (204, "/next/")


def test_vary():
    response = HttpResponse()
    response["Vary"] = "Cookie"
    assert http.vary_on_htmx(http.vary_on_htmx(response))["Vary"] == "Cookie, HX-Request"
