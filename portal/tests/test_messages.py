"""What the clinic wrote can be read in the portal, too: the third channel beside mail and text."""

from datetime import time

import pytest

from messaging.models import Message, State
from scheduling.tests.browsing import AT, plain
from scheduling.tests.visits import book_for
from tenants.context import enter


@pytest.mark.promise("P77")
def test_what_was_sent_is_read_in_the_portal_too(pat, glow):
    with enter(glow.clinic):
        book_for(glow.cast, time(10), now=AT)
        mail = Message.objects.get(subject=glow.cast.pat.uid, kind="visit_booked", channel="email")
        subject = mail.subject_line
    assert subject not in plain(pat.get("/portal/messages/"))  # it waits to be sent
    with enter(glow.clinic):
        Message.objects.filter(pk=mail.pk).update(state=State.DELIVERED)
    read = plain(pat.get("/portal/messages/"))
    assert subject in read
    assert "Your visit is booked" in read
    assert "Email" in read
