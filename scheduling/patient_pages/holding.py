"""The visitor's hold of a time: taking it from whoever is free, keeping one at most of a treatment."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from audit.actors import VISITOR
from core.problems import NotFound, TooMany
from practice.models import Location, Service
from scheduling import actions, slots
from scheduling.models import Hold, HoldState
from scheduling.offers import read_offer
from scheduling.problems import SlotInvalid, SlotTaken
from scheduling.slots import Slot
from scheduling.visitors import Visitor

Result = TypeVar("Result")


def live_holds(visitor: Visitor, at: datetime) -> list[Hold]:
    """What this browser holds now, newest first."""
    rows = Hold.objects.live(at).filter(browser_hash=visitor.browser_hash)
    return list(rows.select_related("service", "provider", "location").order_by("-created_at"))


def own_hold(uid: UUID, visitor: Visitor) -> Hold:
    """This browser's hold, whatever became of it; everybody else's does not exist."""
    rows = Hold.objects.filter(uid=uid, browser_hash=visitor.browser_hash)
    found = rows.select_related("service", "provider", "location").first()
    if found is None:
        raise NotFound
    return found


def take(token: str, service: Service, *, visitor: Visitor, anybody: bool, at: datetime) -> Hold:
    """Hold the time of the token; `anybody`: by another provider if this one was lost.

    1. What the browser already holds at that time is the answer.
    2. The new time is taken before the old one is let go: who comes too late still has the old one.
    3. Where the old hold itself stands in the way, it goes first.
    """
    slot = slots.read(token, at=at)
    if slot.service_id != service.pk:
        raise SlotInvalid
    live = [hold for hold in live_holds(visitor, at) if hold.service_id == service.pk]
    for hold in live:
        if hold.starts_at == slot.start and (anybody or hold.provider_id == slot.provider_id):
            return hold
    try:
        taken = _take(slot, service, visitor, anybody, at)
    except SlotTaken:
        if not any(
            hold.starts_at < slot.start + service.duration and slot.start < hold.ends_at for hold in live
        ):
            raise
        return _take(slot, service, visitor, anybody, at, instead_of=live[0].uid)
    except TooMany:
        if not live:
            raise
        return _take(slot, service, visitor, anybody, at, instead_of=live[0].uid)
    for old in live:
        actions.release_hold(old.uid, visitor=visitor, at=at)
    return taken


def take_again(hold: Hold, *, visitor: Visitor, at: datetime) -> Hold:
    """The same time for another while: of the hold that still runs, or of one that has run out."""
    return _take(slot_of(hold), hold.service, visitor, anybody=False, at=at, instead_of=hold.uid)


def slot_of(hold: Hold) -> Slot:
    return Slot(hold.service_id, hold.provider_id, hold.location_id, hold.starts_at)


def was_prolonged(hold: Hold) -> bool:
    """Whether the browser has held this very time before: longer is given once."""
    rows = Hold.objects.filter(browser_hash=hold.browser_hash, state=HoldState.RELEASED)
    return rows.filter(starts_at=hold.starts_at, provider=hold.provider_id).exclude(pk=hold.pk).exists()


def each_other(slot: Slot, service: Service) -> Iterator[Slot]:
    """The same start by everybody else who gives the service at that place."""
    place = Location.objects.values_list("uid", flat=True).get(pk=slot.location_id)
    for giver in read_offer(service.uid, place).givers:
        if giver.id != slot.provider_id:
            yield replace(slot, provider_id=giver.id)


def _take(
    slot: Slot,
    service: Service,
    visitor: Visitor,
    anybody: bool,
    at: datetime,
    instead_of: UUID | None = None,
) -> Hold:
    def place(one: Slot) -> Hold:
        token = slots.issue(one, at=at)
        return actions.place_hold(token, visitor=visitor, by=VISITOR, at=at, instead_of=instead_of)

    return with_whoever_is_free(place, slot, service, anybody=anybody)


def with_whoever_is_free(
    do: Callable[[Slot], Result], slot: Slot, service: Service, *, anybody: bool
) -> Result:
    """Do it with the slot's provider; where that one was just lost, with the next who is free at that start."""
    try:
        return do(slot)
    except SlotTaken:
        for other in each_other(slot, service) if anybody else ():
            with suppress(SlotTaken, SlotInvalid):
                return do(other)
        raise
