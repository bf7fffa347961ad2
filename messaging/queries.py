"""What pages ask of messages. The caller has opened the person through its own `access`, which notes the read."""

from collections.abc import Iterable
from uuid import UUID

from messaging.models import Message, State
from vault.fields import warm_rows

MOST = 200


def for_subject(subject: UUID, *, most: int = MOST) -> list[Message]:
    """A person's thread, the newest first, in three queries; keys fetched together."""
    return _opened(Message.objects.filter(subject=subject).order_by("-id")[:most])


def for_about(about: UUID) -> list[Message]:
    """All messages of a visit, the newest first."""
    return _opened(Message.objects.filter(about=about).order_by("-id")[:MOST])


def states_for(abouts: Iterable[UUID]) -> dict[UUID, list[str]]:
    """For a page of visits: the states of each visit's messages, without opening any."""
    found: dict[UUID, list[str]] = {}
    rows = Message.objects.outgoing().filter(about__in=list(abouts)).order_by("id")
    for about, state in rows.values_list("about", "state"):
        if about:
            found.setdefault(about, []).append(state)
    return found


def doubtful(about: UUID) -> bool:
    """Whether nobody knows yet if a message of the visit left: the visit must say so."""
    return Message.objects.outgoing().filter(about=about, state=State.UNKNOWN).exists()


def state_labels() -> dict[str, str]:
    """The states in people's words."""
    return {value: str(label) for value, label in State.choices}


def _opened(rows: Iterable[Message]) -> list[Message]:
    found = list(rows)
    warm_rows(found)
    return found
