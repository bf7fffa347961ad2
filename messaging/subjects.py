"""A thread changes hands: two records of one person were put together, or parted again.

Messages name their person by an id and not by a key of the database: messaging knows no persons. What they say stays sealed
as it was.
"""

from uuid import UUID

from messaging.models import Message


def move(source: UUID, target: UUID) -> list[int]:
    """The thread of `source` becomes part of that of `target`; says which messages."""
    rows = Message.objects.filter(subject=source)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    Message.objects.filter(pk__in=ids).update(subject=target)
    return ids


def move_back(ids: list[int], source: UUID, target: UUID) -> None:
    """These messages, where they are `source`'s still, go to `target`."""
    Message.objects.filter(pk__in=ids, subject=source).update(subject=target)
