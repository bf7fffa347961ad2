"""The encounter's page again, with what was typed into its note and why it was refused."""

from datetime import datetime
from functools import partial

from django.http import HttpRequest, HttpResponse

from accounts.models import User
from charting.cards import Opened
from charting.cards.notes import note_card
from charting.models import Encounter
from charting.note_page import Trouble
from charting.views.chart import show


def page_with(
    request: HttpRequest, encounter: Encounter, trouble: Trouble, *, at: datetime, status: int
) -> HttpResponse:
    assert isinstance(request.user, User)
    opened = Opened(encounter, request.user, at)
    return show(request, opened, {note_card: partial(note_card, trouble=trouble)}, status=status)
