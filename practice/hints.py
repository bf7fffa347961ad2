"""What the pages of the settings say to whoever meets them for the first time."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from accounts.hints import Hint

HINTS: Final = (
    Hint(
        "settings.branding",
        ("settings:branding",),
        _("Any colour can be read."),
        _("Its lightness is adjusted until text on it has contrast enough, in light and in dark."),
    ),
    Hint(
        "settings.locations",
        ("settings:locations",),
        _("Each location keeps its own clock."),
        _("Opening hours, closed days and every visit there are in its time zone."),
    ),
    Hint(
        "settings.resources",
        ("settings:resources",),
        _("A room or device is busy for one visit at a time."),
        _("A service that needs one is offered only while one is free."),
    ),
    Hint(
        "settings.services",
        ("settings:services",),
        _("What is archived can come back."),
        _("An archived service is no longer offered; visits that were booked keep it."),
    ),
    Hint(
        "settings.policies",
        ("settings:policies",),
        _("Texts keep their versions."),
        _("Who agreed to an earlier text agreed to that one; a change counts from the next booking."),
    ),
    Hint(
        "settings.import",
        ("settings:import",),
        _("Nothing is stored before you confirm."),
        _("Each line is checked first, and what is wrong is named with its line."),
    ),
)
