"""What about a session is so far from the one before that somebody must say why. Pure: figures in, warnings out."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from charting.lasers.parameters import Parameters

RISE: Final = 25  # per cent of fluence, this much included
DARK: Final = 5  # from this Fitzpatrick type on, another wavelength is another treatment


@dataclass(frozen=True)
class Jump:
    """One reason to stop and think. `code` goes into the trail, `text` onto the page."""

    code: str
    text: "str | Promise"


def jumps(
    now: Parameters,
    before: Parameters | None,
    *,
    last: Parameters | None = None,
    skin: int | None,
    days: int | None,
    least_days: int,
) -> list[Jump]:
    """`before`: the last session on this device; `last`: the last one on any, whose wavelength the skin remembers.

    `skin`: the Fitzpatrick type, None where nobody wrote it down. `days`: since the last session, None at the first.
    """
    found: list[Jump] = []
    if days is not None and days < least_days:
        told = _("Only %(days)d days since the last session; the least here is %(least)d.")
        found.append(Jump("interval", told % {"days": days, "least": least_days}))
    if before is not None:
        found += _steps(now, before)
    earlier = [one for one in (last, before) if one is not None and one.wavelength != now.wavelength]
    if earlier and (skin is None or skin >= DARK):
        told = (
            _("Another wavelength (%(before)s to %(now)s), and no skin type on record.")
            if skin is None
            else _("Another wavelength (%(before)s to %(now)s) on skin type V or VI.")
        )
        words = {"before": earlier[0].told("wavelength"), "now": now.told("wavelength")}
        found.append(Jump("wavelength", told % words))
    return found


def _steps(now: Parameters, before: Parameters) -> list[Jump]:
    found: list[Jump] = []
    if now.fluence * 100 >= before.fluence * (100 + RISE):
        told = _("Fluence from %(before)s to %(now)s: %(rise)d %% or more above the last session.")
        words = {"before": before.told("fluence"), "now": now.told("fluence"), "rise": RISE}
        found.append(Jump("fluence", told % words))
    if now.spot < before.spot and now.fluence >= before.fluence:
        told = _("A smaller spot (%(before)s to %(now)s) at the same fluence or more.")
        found.append(Jump("spot", told % {"before": before.told("spot"), "now": now.told("spot")}))
    if now.pulse * 2 <= before.pulse:
        told = _("Pulse from %(before)s to %(now)s: half as long, or shorter.")
        found.append(Jump("pulse", told % {"before": before.told("pulse"), "now": now.told("pulse")}))
    return found
