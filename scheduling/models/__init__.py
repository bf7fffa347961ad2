"""The nouns of busy time and visits, one file per family."""

from scheduling.models.appointments import Appointment, BookedVia, ManageLink, Status
from scheduling.models.holds import Hold, HoldState
from scheduling.models.news import NewsSeen
from scheduling.models.occupancy import Day, Occupancy, OccupancyKind, TimeOff
from scheduling.models.reminders import Reminder, ReminderState
from scheduling.models.views import SavedView

__all__ = [
    "Appointment",
    "BookedVia",
    "Day",
    "Hold",
    "HoldState",
    "ManageLink",
    "NewsSeen",
    "Occupancy",
    "OccupancyKind",
    "Reminder",
    "ReminderState",
    "SavedView",
    "Status",
    "TimeOff",
]
