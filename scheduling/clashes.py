"""What stands in the way, in words: for the desk with the real times, for the public only as far as they asked."""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.formats import time_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.clock import local
from core.spans import Span
from scheduling.problems import Clash

CLOSED = "closed"
NONE_FREE = "none_free"

SENTENCES: dict[tuple[str, str], "str | Promise"] = {
    ("provider", "visit"): _("From %(start)s to %(end)s the provider has another visit."),
    ("provider", "hold"): _("From %(start)s to %(end)s somebody else is just booking."),
    ("provider", "time_off"): _("From %(start)s to %(end)s the provider is away."),
    ("provider", "external"): _("From %(start)s to %(end)s the provider's own calendar is busy."),
    ("provider", CLOSED): _("From %(start)s to %(end)s the provider does not work here."),
    ("patient", "visit"): _("From %(start)s to %(end)s the patient has another visit."),
    ("room", NONE_FREE): _("From %(start)s to %(end)s no suitable room is free."),
    ("device", NONE_FREE): _("From %(start)s to %(end)s no suitable device is free."),
}


class Found(NamedTuple):
    """One clash of one candidate: what it is, all of it, and the part that was asked for."""

    code: str
    span: Span
    shared: Span


def told(
    kind: str, spans: tuple[Span, ...], candidates: list[list[Found]], *, zone: ZoneInfo, public: bool
) -> list[Clash]:
    """Every clash of a resource that there is only one of; of rooms and devices that none is free."""
    if kind in ("room", "device"):
        return [_clash(kind, NONE_FREE, Span(spans[0].start, spans[-1].end), zone)]
    if not candidates:
        return [_clash(kind, CLOSED, span, zone) for span in spans]
    found = sorted({(one.shared if public else one.span, one.code) for one in candidates[0]})
    return [_clash(kind, code, span, zone) for span, code in found]


def _clash(kind: str, code: str, span: Span, zone: ZoneInfo) -> Clash:
    times = {
        "start": time_format(local(span.start, zone).time(), "TIME_FORMAT"),
        "end": time_format(local(span.end, zone).time(), "TIME_FORMAT"),
    }
    return Clash(kind, code, span.start, span.end, str(SENTENCES[kind, code]) % times)
