"""What the portal's tests share: the worker's part of sending codes, and a walk through the sign-in."""

import re
from datetime import datetime

from audit.models import Event
from core.clock import now
from messaging.models import Message
from portal import codes
from portal.models import OneTimeCode
from tenants.context import enter

START, CODE, BORN, WHO = (
    "/portal/sign-in/",
    "/portal/sign-in/code/",
    "/portal/sign-in/birth-date/",
    "/portal/sign-in/who/",
)
HOME = "/portal/"


def work(house, at: datetime | None = None) -> list[Message]:
    """What a worker does: send the codes that wait; the messages that came of it, the newest last."""
    with enter(house.clinic):
        for uid in OneTimeCode.objects.filter(code_hash=None).values_list("uid", flat=True):
            codes.send(uid, site="http://glow.test", at=at or now())
        found = list(Message.objects.filter(kind=codes.KIND).order_by("id"))
        for each in found:
            assert each.body
        return found


def digits_of(message: Message) -> str:
    return re.findall(r"\b\d{6}\b", message.body)[0]


def ask(client, contact: str, **data):
    return client.post(START, {"contact": contact, **data})


def sign_in(house, contact: str, client=None, born: str = ""):
    """A browser that has entered its code, and the answer to that."""
    client = client or house.client()
    assert ask(client, contact).status_code == 302
    answer = client.post(CODE, {"code": digits_of(work(house)[-1])})
    if born:
        answer = client.post(BORN, {"date_of_birth": born})
    return client, answer


def verbs(house, person) -> list[str]:
    with enter(house.clinic):
        rows = Event.objects.filter(patient_id=person.uid, actor_kind="patient").order_by("at", "id")
        return list(rows.values_list("verb", flat=True))
