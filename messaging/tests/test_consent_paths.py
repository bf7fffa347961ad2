"""Whatever happens in whatever order: nothing reaches a provider against a stop, or unasked without a consent."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messaging import channels, consents, contacts, sending
from messaging.consents import Topic
from messaging.models import ConsentDecision, Message, OptOutEvent, Purpose
from messaging.tests.conftest import PAT, queue
from messaging.tests.moments import NOON
from tenants.context import enter

steps = st.lists(
    st.one_of(
        st.tuples(st.just("queue"), st.sampled_from(Purpose.values)),
        st.tuples(st.just("marketing"), st.booleans()),
        st.tuples(st.just("service"), st.booleans()),
        st.tuples(st.sampled_from(["stop", "start", "send"]), st.none()),
    ),
    min_size=3,
    max_size=14,
)


class Undo(Exception):
    """Ends an example without a trace."""


class World:
    """What the provider was given, and what had been said until then."""

    def __init__(self) -> None:
        self.stopped = False
        self.said: dict[str, bool | None] = {"marketing": None, "service": None}
        self.count = 0

    def deliver(self, message: Message) -> str:
        assert not self.stopped
        if message.purpose == Purpose.MARKETING:
            assert self.said["marketing"] is True
            assert message.decision
            assert ConsentDecision.objects.get(uid=message.decision).granted
        elif message.subject is not None:
            assert self.said["service"] is not False
        self.count += 1
        return f"SM{self.count:032d}"

    def step(self, what: str, value: object, subject: object) -> None:
        contact = contacts.locked(contacts.index_of("sms", PAT), "sms")
        source = OptOutEvent.Source.KEYWORD
        match what:
            case "queue":
                queue(purpose=value, subject=subject, zone="America/Chicago", region="TX")
            case "stop":
                contacts.stop(contact, source=source, at=NOON)
                self.stopped = True
            case "start":
                contacts.start(contact, source=source, at=NOON, inbound=None, text_version="1")
                self.stopped = False
            case "send":
                for place, message in enumerate(Message.objects.waiting()):
                    # Days apart, so that the daily cap is not what holds them back.
                    sending.send(message.uid, at=NOON + timedelta(days=7 * place))
            case topic:
                granted = bool(value)
                consents.decide(
                    bytes(contact.index),
                    "sms",
                    topic=Topic(topic),
                    granted=granted,
                    text_version="1",
                    source="test",
                    at=NOON,
                )
                self.said[topic] = granted


@pytest.mark.promise("P67")
@pytest.mark.promise("P66", "P80")
def test_no_path_leads_to_a_provider_without_a_reason(glow):
    pat = glow.cast.pat.uid

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps)
    def walk(path):
        world = World()
        with enter(glow.clinic), pytest.MonkeyPatch.context() as patch, suppress(Undo), transaction.atomic():
            patch.setattr(channels, "deliver", world.deliver)
            for what, value in [*path, ("send", None)]:
                world.step(what, value, pat)
            raise Undo

    walk()
