"""News counts as read from the moment that its reader says so."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit.actors import Actor
from audit.trail import record
from scheduling.models import NewsSeen


@transaction.atomic
def mark_news_seen(user: User, *, until: datetime, by: Actor) -> None:
    """Up to `until`; what was read already stays read."""
    seen, made = NewsSeen.objects.select_for_update().get_or_create(user=user, defaults={"seen_at": until})
    if not made and seen.seen_at >= until:
        return
    seen.seen_at = until
    seen.save()
    record("news.seen", by=by, on=seen)
