"""The outbox for programs and for people."""

import base64
import re
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from sandbox.tests.running import CLINIC, PATIENT, Application, Sandbox


def test_filters(sandbox: Sandbox) -> None:
    sandbox.text()
    sandbox.text(to="+13125550177")
    middle = datetime.now(UTC)
    sandbox.mail()
    assert len(sandbox.outbox()) == 3
    assert [row["to"] for row in sandbox.outbox(to=PATIENT)] == [PATIENT]
    assert [row["to"] for row in sandbox.outbox(to="+1 (312) 555-0177")] == ["+13125550177"]
    assert [row["to"] for row in sandbox.outbox(to="PAT@example.com")] == ["pat@example.com"]
    assert len(sandbox.outbox(provider="twilio")) == 2
    assert len(sandbox.outbox(since=middle.isoformat())) == 1
    assert sandbox.outbox(to="+1555") == []
    bare_plus = f"/outbox.json?to={PATIENT}&since={middle.isoformat()}"
    assert sandbox.get(bare_plus).json == []
    assert sandbox.get("/outbox.json", since="yesterday").status == 400
    assert sandbox.get("/outbox.json", direction="up").status == 400


def test_what_patients_wrote_is_listed_on_request(sandbox: Sandbox) -> None:
    sandbox.post("/simulate/sms", {"from": PATIENT, "to": CLINIC, "body": "Hello?"})
    assert sandbox.outbox() == []
    assert [row["body"] for row in sandbox.outbox(direction="in", to=PATIENT)] == ["Hello?"]


def test_the_page_shows_the_newest_first(sandbox: Sandbox) -> None:
    assert "Nothing has been sent yet" in sandbox.get("/outbox/").text
    sandbox.text(body="The first")
    sandbox.text(body="The second: http://glow.localhost:8000/book/v/abc?x=1&y=2.", to="+13125550177")
    reply = sandbox.get("/outbox/")
    page = reply.text
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert page.index("The second") < page.index("The first")
    assert '<a href="http://glow.localhost:8000/book/v/abc?x=1&amp;y=2" rel="noreferrer">' in page
    assert "Sandbox</span>" in page
    assert page.count("Reply as patient") == 2
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in page
    assert "The second" not in sandbox.get("/outbox/", to=PATIENT).text
    assert "No message fits" in sandbox.get("/outbox/", kind="email").text


def test_the_page_obeys_a_strict_policy(sandbox: Sandbox) -> None:
    reply = sandbox.get("/outbox/")
    policy = reply.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "unsafe" not in policy
    assert reply.headers["referrer-policy"] == "same-origin"  # or the page's own form would be refused
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", reply.text)
    style = sandbox.get("/outbox/style.css")
    assert style.headers["content-type"].startswith("text/css")
    assert b"light-dark(" in style.body
    assert sandbox.get("/").headers["location"] == "/outbox/"


def test_everything_shown_is_escaped(sandbox: Sandbox) -> None:
    payload = "<img src=x onerror=alert(1)>\"'&"
    sandbox.text(body=payload)
    sandbox.mail(subject=payload, text=payload, attachments=[{"filename": payload, "content": "AAAA"}])
    sandbox.post("/simulate/sms", {"from": PATIENT, "to": CLINIC, "body": payload})
    page = sandbox.get("/outbox/").text + sandbox.get("/outbox/", to=payload, reply=payload).text
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_a_reply_from_the_page_reaches_the_application(sandbox: Sandbox, application: Application) -> None:
    form = urlencode({"kind": "sms", "from": PATIENT, "to": CLINIC, "body": "C"}).encode()
    answer = sandbox.ask("POST", "/outbox/reply", form)
    assert answer.status == 303
    assert [got.form["Body"] for got in application.wait_for(1, "/hooks/twilio/sms/")] == ["C"]
    assert "the application took it" in sandbox.get(answer.headers["location"]).text
    application.answers = lambda got: (403, "text/plain", "")
    refused = sandbox.ask("POST", "/outbox/reply", form).headers["location"]
    assert "answered with status 403" in sandbox.get(refused).text


def test_a_mail_can_be_seen_as_designed(sandbox: Sandbox) -> None:
    content = base64.b64encode(b"BEGIN:VCALENDAR").decode()
    mail = sandbox.mail(
        html="<p style='color:red'>Hi</p>", attachments=[{"filename": "a b.ics", "content": content}]
    ).json["id"]
    assert f'href="/outbox/{mail}/mail/"' in sandbox.get("/outbox/").text
    shown = sandbox.get(f"/outbox/{mail}/mail/")
    assert shown.text == "<p style='color:red'>Hi</p>"
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert "sandbox" in shown.headers["content-security-policy"]
    file = sandbox.get(f"/outbox/{mail}/0/")
    assert file.body == b"BEGIN:VCALENDAR"
    assert file.headers["content-disposition"] == 'attachment; filename="a_b.ics"'


@pytest.mark.parametrize(
    "path", ["/outbox/none/mail/", "/outbox/../etc/", "/outbox/x/9/", "/outbox/%2e%2e/mail"]
)
def test_unknown_parts_are_404(sandbox: Sandbox, path: str) -> None:
    assert sandbox.get(path).status == 404


def test_long_lists_have_pages(sandbox: Sandbox) -> None:
    for number in range(51):
        sandbox.text(body=f"Text number {number:02}")
    page = sandbox.get("/outbox/").text
    assert "Text number 50" in page
    assert "Text number 00" not in page
    assert "Older" in page
    last = sandbox.get("/outbox/", page="2").text
    assert "Text number 00" in last
    assert "Newer" in last


def test_armed_trouble_is_visible(sandbox: Sandbox) -> None:
    sandbox.post("/simulate/fault", {"provider": "twilio", "status": 503, "times": 3})
    assert "Twilio: status 503, 3 more" in sandbox.get("/outbox/").text
