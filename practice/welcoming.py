"""What practice does with the news of accounts: who joins gets the places and services they were promised,
and who leaves is booked no more."""

from datetime import datetime
from typing import Any

from accounts import signals
from accounts.actors import actor_for
from accounts.models import Invitation, User
from audit.actors import Actor
from core.context import current_clinic
from practice.actions.postings import settle
from practice.actions.resources import archive_provider
from practice.models import Provider


def connect() -> None:
    signals.invitation_accepted.connect(on_accepted, dispatch_uid="practice.welcoming")
    signals.access_ended.connect(on_access_ended, dispatch_uid="practice.leaving")


def on_accepted(sender: object, *, invitation: Invitation, user: User, at: datetime, **kwargs: Any) -> None:
    if current_clinic.get() is None:
        return  # the platform's own staff works at no place
    settle(invitation, user, by=actor_for(user), at=at)


def on_access_ended(sender: object, *, user: User, by: Actor, at: datetime, **kwargs: Any) -> None:
    """Visits that are booked stay, for somebody to move; hours stay too, for whoever comes back."""
    if current_clinic.get() is None:
        return
    for provider in Provider.objects.in_use().filter(user=user):
        archive_provider(provider, by=by, at=at)
