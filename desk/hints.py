"""What the pages of the desk say to whoever meets them for the first time."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from accounts.hints import Hint

CALENDAR: Final = ("desk:today", "desk:day", "desk:this_week", "desk:week")
HINTS: Final = (
    Hint(
        "calendar.drag",
        CALENDAR,
        _("Visits move where you drag them."),
        _("In the day, the lower edge changes how long one lasts. What you did can be undone for a moment."),
        "appointments.manage",
    ),
    Hint(
        "calendar.block",
        CALENDAR,
        _("Lunch, training, a day off: block the time."),
        _("With a mouse, drag over free time of the day; or press b, or choose Block time in the menu."),
        "appointments.manage",
    ),
    Hint(
        "calendar.keys",
        CALENDAR,
        _("Everything here has a key."),
        _("Press ? to see them: n books, / searches, m picks up the visit in focus and arrows move it."),
    ),
    Hint(
        "patients.find",
        ("desk:patients",),
        _("A few letters are enough."),
        _("Type how first or last names begin, in any order, or a whole phone number or email address."),
    ),
    Hint(
        "patient.opened",
        ("desk:patient",),
        _("Opening a patient’s page leaves a line."),
        _("Who looked, and when, is kept; patients see it in their portal."),
    ),
    Hint(
        "news.own",
        ("desk:notices",),
        _("Read marks are your own."),
        _("Marking news as read changes nothing for your colleagues; they see theirs as new."),
    ),
    Hint(
        "people.leave",
        ("people:list",),
        _("People who leave are not deleted."),
        _("End their access on their page: they are out at once, and what they did stays on record."),
        "staff.manage",
    ),
    Hint(
        "people.person",
        ("people:person",),
        _("A role says what, places say where."),
        _("Working hours are kept for each location; the calendar shows a column for whoever treats."),
        "staff.manage",
    ),
)
