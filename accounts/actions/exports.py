"""Data leaves as a file: in the trail, and told to whoever took it and to the owners."""

from datetime import datetime

from django.db import transaction

from accounts import notices, signals
from accounts.actions.ranks import detail_of
from accounts.models import User
from audit.actors import Actor
from audit.trail import record


@transaction.atomic
def note_export(user: User, what: str, *, by: Actor, at: datetime) -> None:
    """Before the file is handed out. `what` is a word of ours for it, and never of its content."""
    record("data.exported", by=by, on=user, at=at, detail=detail_of(what=what))
    notices.alert(user, signals.EXPORTED, at=at)
