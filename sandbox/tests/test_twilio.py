"""Twilio's wire format: what is taken, what is refused and in which words, what is reported back."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from twilio.request_validator import RequestValidator

from sandbox.tests.running import CLINIC, PATIENT, SID, TOKEN, Application, Sandbox


def test_a_text_lands_in_the_outbox(sandbox: Sandbox) -> None:
    answer = sandbox.text(body="Your visit is tomorrow, 9:00")
    assert answer.status == 201
    assert answer.json["sid"].startswith("SM")
    assert len(answer.json["sid"]) == 34
    assert answer.json["status"] == "queued"
    (row,) = sandbox.outbox()
    assert row | {"at": "", "status": ""} == row | {
        "provider": "twilio",
        "kind": "sms",
        "to": PATIENT,
        "from": CLINIC,
        "body": "Your visit is tomorrow, 9:00",
        "id": answer.json["sid"],
        "at": "",
        "status": "",
    }
    assert datetime.fromisoformat(row["at"]).tzinfo is not None


def test_200_texts_at_once_are_all_there(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda number: sandbox.text(body=f"Number {number}"), range(200)))
    assert {answer.status for answer in answers} == {201}
    rows = sandbox.outbox()
    assert {row["id"] for row in rows} == {answer.json["sid"] for answer in answers}
    assert sorted(row["body"] for row in rows) == sorted(f"Number {number}" for number in range(200))


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"To": "555"}, 21211),
        ({"To": "13125550142"}, 21211),
        ({"To": ""}, 21604),
        ({"To": "+15005550001"}, 21211),
        ({"To": "+15005550009"}, 21614),
        ({"From": ""}, 21603),
        ({"From": "no number at all"}, 21212),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"MessagingServiceSid": "nonsense"}, 21705),
    ],
)
def test_refusals_have_twilios_form(sandbox: Sandbox, form: dict[str, str], code: int) -> None:
    base = {"To": PATIENT, "From": CLINIC, "Body": "Hello"}
    answer = sandbox.twilio(f"/Accounts/{SID}/Messages.json", base | form)
    assert answer.status == 400
    assert set(answer.json) == {"code", "message", "more_info", "status"}
    assert (answer.json["code"], answer.json["status"]) == (code, 400)
    assert sandbox.outbox() == []


@pytest.mark.parametrize(
    ("sid", "token"), [(SID, "wrong"), ("AC" + "9" * 32, TOKEN), ("nobody", TOKEN), ("", "")]
)
def test_wrong_credentials_are_20003(sandbox: Sandbox, sid: str, token: str) -> None:
    answer = sandbox.twilio(f"/Accounts/{SID}/Messages.json", {"To": PATIENT}, sid=sid, token=token)
    assert (answer.status, answer.json["code"]) == (401, 20003)


def test_a_subaccount_sends_for_itself_only(sandbox: Sandbox) -> None:
    account = sandbox.twilio("/Accounts.json", {"FriendlyName": "Glow"}).json
    sid, token = account["sid"], account["auth_token"]
    own, other = f"/Accounts/{sid}/Messages.json", f"/Accounts/{SID}/Messages.json"
    form = {"To": PATIENT, "From": "+13125550111", "Body": "Hello"}
    assert sandbox.twilio(own, form, sid=sid, token=token).status == 201
    assert sandbox.twilio(own, form).status == 201  # the parent may act for it
    assert sandbox.twilio(other, form, sid=sid, token=token).status == 401
    assert sandbox.twilio("/Accounts.json", {"FriendlyName": "Mine"}, sid=sid, token=token).status == 401
    assert sandbox.twilio(f"/Accounts/{sid}.json").json["friendly_name"] == "Glow"
    assert {row["account"] for row in sandbox.outbox()} == {sid}


def test_a_bought_number_is_nobody_elses(sandbox: Sandbox) -> None:
    account = sandbox.twilio("/Accounts.json", {"FriendlyName": "Rival"}).json
    path, number = f"/Accounts/{account['sid']}/IncomingPhoneNumbers.json", {"PhoneNumber": "+13105550100"}
    assert sandbox.twilio(path, number).status == 201
    assert [row["phone_number"] for row in sandbox.twilio(path).json["incoming_phone_numbers"]] == [
        "+13105550100"
    ]
    assert sandbox.text(from_="+13105550100").json["code"] == 21606
    assert sandbox.twilio(f"/Accounts/{SID}/IncomingPhoneNumbers.json", number).json["code"] == 21422


def test_a_lost_answer_can_be_looked_for(sandbox: Sandbox) -> None:
    sids = [sandbox.text(body=f"Text {number}").json["sid"] for number in range(3)]
    sandbox.text(to="+13125550177")
    path = f"/Accounts/{SID}/Messages.json"
    found = sandbox.twilio(f"{path}?To=%2B13125550142").json
    assert [message["sid"] for message in found["messages"]] == sids[::-1]
    day = datetime.now(UTC).date()
    assert len(sandbox.twilio(f"{path}?DateSent={day}").json["messages"]) == 4
    assert sandbox.twilio(f"{path}?DateSent%3E={day + timedelta(days=1)}").json["messages"] == []
    first = sandbox.twilio(f"{path}?To=%2B13125550142&PageSize=2").json
    assert len(first["messages"]) == 2
    second = sandbox.twilio(first["next_page_uri"].removeprefix("/2010-04-01")).json
    assert [message["sid"] for message in second["messages"]] == sids[:1]
    assert second["next_page_uri"] is None
    one = sandbox.twilio(f"/Accounts/{SID}/Messages/{sids[0]}.json").json
    assert one["body"] == "Text 0"
    assert sandbox.twilio(f"/Accounts/{SID}/Messages/SM{'0' * 32}.json").json["code"] == 20404


def test_status_callbacks_are_signed_and_in_order(sandbox: Sandbox, application: Application) -> None:
    url = f"http://localhost:{application.port}/hooks/twilio/status/?m=018f"
    sid = sandbox.text(StatusCallback=url).json["sid"]
    got = application.wait_for(2)
    assert [one.form["MessageStatus"] for one in got] == ["sent", "delivered"]
    assert {one.form["MessageSid"] for one in got} == {sid}
    for one in got:
        assert one.headers["host"] == f"localhost:{application.port}"
        assert RequestValidator(TOKEN).validate(url, one.form, one.headers["x-twilio-signature"])
        assert not RequestValidator("other").validate(url, one.form, one.headers["x-twilio-signature"])
    assert sandbox.outbox()[0]["status"] == "delivered"


def test_a_callback_to_another_machine_is_not_made(sandbox: Sandbox) -> None:
    sandbox.text(StatusCallback="http://example.com/hooks/")
    time.sleep(0.5)
    assert sandbox.outbox()[0]["status"] == "delivered"


def test_a_carriers_report_can_be_ordered(sandbox: Sandbox, application: Application) -> None:
    url = f"http://glow.localhost:{application.port}/status/"
    sid = sandbox.text(StatusCallback=url).json["sid"]
    application.wait_for(2)
    report = {"id": sid, "status": "undelivered", "error_code": 30003}
    assert sandbox.post("/simulate/status", report).status == 200
    last = application.wait_for(3)[-1]
    assert last.headers["host"].startswith("glow.localhost:")
    assert (last.form["MessageStatus"], last.form["ErrorCode"]) == ("undelivered", "30003")
    assert sandbox.post("/simulate/status", {"id": sid, "status": "lost"}).status == 400
    assert sandbox.post("/simulate/status", {"id": "SM", "status": "sent"}).status == 404


@pytest.mark.parametrize(
    "path", ["/Accounts/{sid}/Calls.json", "/Accounts/{sid}/Messages.xml", "/Nothing.json"]
)
def test_what_is_not_spoken_is_501(sandbox: Sandbox, path: str) -> None:
    answer = sandbox.twilio(path.format(sid=SID), {"To": PATIENT})
    assert answer.status == 501
    assert set(answer.json) == {"code", "message", "more_info", "status"}


def test_segments_are_counted_as_carriers_do(sandbox: Sandbox) -> None:
    assert sandbox.text(body="a" * 160).json["num_segments"] == "1"
    assert sandbox.text(body="a" * 161).json["num_segments"] == "2"
    assert sandbox.text(body="ñandú 🌿" + "a" * 70).json["num_segments"] == "2"
