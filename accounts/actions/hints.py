"""Hints are put away one by one, or all of them; and asked for again."""

from django.db import transaction

from accounts.models import User
from audit.actors import Actor
from audit.trail import record


@transaction.atomic
def put_hint_away(user: User, key: str, *, by: Actor) -> None:
    """Once; from a second window nothing changes."""
    kept = User.objects.select_for_update().only("hints_seen").get(pk=user.pk).hints_seen
    user.hints_seen = kept if key in kept else [*kept, key]
    if key not in kept:
        user.save(update_fields=["hints_seen"])
        record("user.hint_put_away", by=by, on=user)


@transaction.atomic
def turn_hints_off(user: User, *, by: Actor) -> None:
    user.hints_wanted = False
    user.save(update_fields=["hints_wanted"])
    record("user.hints_turned_off", by=by, on=user)


@transaction.atomic
def show_hints_again(user: User, *, by: Actor) -> None:
    """All of them from the beginning, those that were put away too."""
    user.hints_wanted, user.hints_seen = True, []
    user.save(update_fields=["hints_wanted", "hints_seen"])
    record("user.hints_shown_again", by=by, on=user)
