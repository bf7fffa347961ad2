"""The settings pages: add, test, stop, replace, remove, send again; and who may not."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tenants.context import enter
from webhooks import sending
from webhooks.models import State, WebhookDelivery, WebhookEndpoint
from webhooks.tests.receiver import is_genuine

PAGE = "/desk/settings/webhooks/"
SECRET = re.compile(r'readonly value="(whsec_[A-Za-z0-9+/=]{44})"')


@pytest.fixture
def client(glow):
    return glow.client(glow.cast.owner)


def add(client, url, **more):
    given = {"url": url, "description": "Call centre", "events": ["appointment.booked"], **more}
    return client.post(f"{PAGE}new/", given)


def only(glow):
    with enter(glow.clinic):
        return WebhookEndpoint.objects.get()


def test_add_test_and_look(glow, client, receiver):
    assert "No endpoints yet" in client.get(PAGE).content.decode()
    shown = add(client, receiver.url)
    secret = SECRET.findall(shown.content.decode())[0]
    assert "no-cache" in shown["Cache-Control"]
    one = only(glow)
    page = f"{PAGE}{one.uid}/"
    text = client.get(PAGE).content.decode() + client.get(page).content.decode()
    assert "Call centre" in text
    assert secret not in text
    sent = client.post(f"{page}test/")
    assert sent.status_code == 303
    assert "Not tried yet" in client.get(sent["Location"]).content.decode()
    with enter(glow.clinic):
        sending.send(WebhookDelivery.objects.get().uid, at=datetime.now(UTC))
    assert receiver.calls[0].json["type"] == "webhook.test"
    assert is_genuine(receiver.calls[0], secret)
    text = client.get(sent["Location"]).content.decode()
    assert "204" in text
    assert "Delivered" in text
    assert "webhook.test" in client.get(page).content.decode()


def test_what_is_wrong_is_said_and_nothing_is_lost(client):
    answer = add(client, "https://169.254.169.254/latest/", events=[])
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "https://169.254.169.254/latest/" in text
    assert "Choose at least one event" in text
    answer = add(client, "https://10.0.0.7/", description="<b>Bold</b>")
    text = answer.content.decode()
    assert "private network" in text
    assert "<b>Bold" not in text


def test_stop_start_replace_remove(glow, client, receiver):
    first = SECRET.findall(add(client, receiver.url).content.decode())[0]
    page = f"{PAGE}{only(glow).uid}/"
    client.post(f"{page}stop/")
    assert "Switched off" in client.get(page).content.decode()
    assert client.post(f"{page}test/").status_code == 303
    client.post(f"{page}start/")
    assert "Listening" in client.get(page).content.decode()
    second = SECRET.findall(client.post(f"{page}secret/").content.decode())[0]
    assert second != first
    with enter(glow.clinic):
        assert only(glow).secrets_at(datetime.now(UTC)) == [second, first]
    assert client.post(f"{page}remove/").status_code == 303
    assert client.post(f"{page}remove/").status_code == 303
    assert client.get(page).status_code == 404
    assert "No endpoints yet" in client.get(PAGE).content.decode()


def test_edit(glow, client, receiver):
    add(client, receiver.url)
    page = f"{PAGE}{only(glow).uid}/edit/"
    assert receiver.url in client.get(page).content.decode()
    given = {"url": receiver.url, "description": "", "events": ["appointment.moved", "appointment.done"]}
    assert client.post(page, given).status_code == 303
    assert only(glow).events == ["appointment.moved", "appointment.done"]
    assert client.post(page, {**given, "events": ["nonsense"]}).status_code == 422


def test_send_a_range_again(glow, client, receiver):
    add(client, receiver.url)
    page = f"{PAGE}{only(glow).uid}/"
    today = datetime.now(UTC).date()
    days = {
        "since": (today - timedelta(days=1)).isoformat(),
        "until": (today + timedelta(days=1)).isoformat(),
    }
    assert client.post(f"{page}replay/", days).status_code == 303
    assert "nothing to send again" in client.get(page).content.decode()
    answer = client.post(f"{page}replay/", {"since": days["until"], "until": days["since"]})
    assert answer.status_code == 422
    assert "must not come before" in answer.content.decode()


def test_one_again_and_by_state(glow, client, receiver):
    add(client, receiver.url)
    page = f"{PAGE}{only(glow).uid}/"
    where = client.post(f"{page}test/")["Location"]
    receiver.answers = [500]
    with enter(glow.clinic):
        row = WebhookDelivery.objects.get()
        sending.send(row.uid, at=datetime.now(UTC))
    text = client.get(page).content.decode()
    assert "Will be tried again" in text
    assert "500" in text
    assert "Failing" in client.get(PAGE).content.decode()
    assert client.post(f"{where}replay/").status_code == 303
    with enter(glow.clinic):
        row.refresh_from_db()
        assert (row.state, row.attempts) == (State.QUEUED, 0)
    assert "None of these" in client.get(f"{page}?state=dead").content.decode()
    assert "webhook.test" in client.get(f"{page}?state=queued").content.decode()
    assert client.get(f"{page}?state=odd&after=odd").status_code == 200


def test_the_way_there_is_in_the_settings(client, glow):
    assert PAGE in client.get("/desk/settings/").content.decode()
    assert glow.client(glow.cast.desk).get(PAGE).status_code == 403


def test_ten_are_enough(glow, client, receiver):
    for _ in range(10):
        assert add(client, receiver.url).status_code == 200
    answer = add(client, receiver.url)
    assert answer.status_code == 422
    assert "ten endpoints" in answer.content.decode()
