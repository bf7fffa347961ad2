"""To set a time aside for somebody who is typing, and to let it go again."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from audit.actors import Actor
from audit.trail import record
from core.problems import TooMany
from practice.profile import profile
from scheduling import slots
from scheduling.days import LockedDays
from scheduling.models import Hold, HoldState, Occupancy, OccupancyKind
from scheduling.occupancy import Allotment, gate_open, occupy, once_more, release, time_of
from scheduling.plans import Plan
from scheduling.problems import SlotInvalid, SlotTaken
from scheduling.quick import plan_of_token
from scheduling.rules import Frame, grid, local_days
from scheduling.visitors import Visitor
from tenants import due

DUE = "hold"
SEATS = range(2)  # live holds of one browser
MOST_AN_ADDRESS = 20
SHARE = 10  # at most a tenth of what is open on those days …
ALWAYS = 4  # … but on a nearly full day still this many


def place_hold(
    token: str, *, visitor: Visitor, by: Actor, at: datetime, instead_of: UUID | None = None
) -> Hold:
    """Keep the slot of the token for some minutes; SlotTaken if somebody was faster."""
    if slots.read(token, at=at).start <= at:
        raise SlotInvalid
    if instead_of is not None:  # before looking: it may stand in its own way
        release_hold(instead_of, visitor=visitor, at=at)
    plan = plan_of_token(token, at=at)
    return once_more(lambda: _place(plan, visitor, by, at))


def _place(plan: Plan, visitor: Visitor, by: Actor, at: datetime) -> Hold:
    expires_at = at + timedelta(minutes=profile().hold_minutes)
    with gate_open(plan.span, at=at) as locked:
        seat = _seat(locked, plan, visitor, at) if settings.PUBLIC_RATE_LIMIT else None

        def make(given: Allotment) -> Hold:
            return _save(
                Hold(
                    browser_hash=visitor.browser_hash,
                    ip_hash=visitor.ip_hash,
                    seat=seat,
                    service=plan.service,
                    provider=plan.provider,
                    room=plan.room_of(given.resources),
                    device=plan.device_of(given.resources),
                    location=plan.location,
                    starts_at=plan.start,
                    ends_at=plan.end,
                    created_at=at,
                    expires_at=expires_at,
                )
            )

        hold = occupy(locked, plan.wants(), make, zone=plan.location.zone)
    due.schedule(DUE, hold.uid, expires_at)
    record("hold.placed", by=by, on=hold)
    return hold


def _save(hold: Hold) -> Hold:
    try:
        with transaction.atomic():
            hold.save(force_insert=True)
    except IntegrityError as error:
        # Another request of the same browser took the seat between our look and now.
        raise _too_many() from error
    return hold


def release_hold(uid: UUID, *, visitor: Visitor, at: datetime) -> None:
    """The visitor changed her mind. Of a hold that is not hers, or gone already, nothing is said."""
    hold = Hold.objects.filter(uid=uid, browser_hash=visitor.browser_hash, state=HoldState.LIVE).first()
    if hold is not None:
        once_more(lambda: let_go(hold, HoldState.RELEASED, at))


def let_go(hold: Hold, state: HoldState, at: datetime) -> bool:
    """Free what is held; False if it was used or freed meanwhile."""
    with gate_open(*time_of(hold), at=at) as locked:
        changed = Hold.objects.filter(pk=hold.pk, state=HoldState.LIVE).update(state=state, seat=None)
        if changed:
            release(locked, hold)
    due.cancel(DUE, [hold.uid])
    return bool(changed)


# --- Limits --------------------------------------------------------------------------------------------------


def _seat(locked: LockedDays, plan: Plan, visitor: Visitor, at: datetime) -> int:
    """One of the browser's two seats; TooMany when both are taken, or the address or the day has its share."""
    # Run out, but not swept yet: the seats count no more, the time is freed by whoever locks those days.
    Hold.objects.run_out(at).filter(browser_hash=visitor.browser_hash).update(seat=None)
    live = list(Hold.objects.live(at).values_list("browser_hash", "ip_hash", "seat"))
    taken = {seat for browser, _ip, seat in live if bytes(browser) == visitor.browser_hash}
    free = next((seat for seat in SEATS if seat not in taken), None)
    from_address = sum(bytes(ip) == visitor.ip_hash for _browser, ip, _seat in live)
    if free is None or from_address >= MOST_AN_ADDRESS:
        raise _too_many()
    if _held(locked, at) >= max(ALWAYS, _open_starts(locked, plan) // SHARE):
        # Not "too many of yours": for this visitor it is as if the time were taken, for some minutes.
        raise SlotTaken(
            detail=str(_("Many people are booking this day right now. Try again in a few minutes."))
        )
    return free


def _held(locked: LockedDays, at: datetime) -> int:
    """How many holds are live on the locked days."""
    frame = Frame(locked.dates[0], len(locked.dates))
    rows = Occupancy.objects.touching(frame.span).filter(kind=OccupancyKind.HOLD, hold__expires_at__gt=at)
    return rows.values("hold_id").distinct().count()


def _open_starts(locked: LockedDays, plan: Plan) -> int:
    """Free places on the clinic's grid on the locked days, over all its providers."""
    minutes, zone = profile().slot_minutes, plan.location.zone
    total = 0
    for day in locked.dates:
        frame = Frame(day, 1)
        around = local_days(frame, day - timedelta(days=1), day + timedelta(days=1), zone)
        on_grid = grid(frame, around, minutes)
        bits = locked.bits(day)
        total += sum((bits.free[key] & on_grid).bit_count() for key in bits.starts)
    return total


def _too_many() -> TooMany:
    return TooMany(_("You are holding two times already. Book or drop one of them first."), retry_after=60)
