"""What goes by itself: recordings of calls, and what was said in them. The day is fixed as the file is stored.

Nothing of photos and documents is here: they are kept as long as the record.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from core.clock import Zone, local_date


class Media(StrEnum):
    RECORDING = "recording"
    TRANSCRIPT = "transcript"


KEPT_FOR: Final = {Media.RECORDING: timedelta(days=90), Media.TRANSCRIPT: timedelta(days=365)}


def last_day(media: Media, *, stored_at: datetime, zone: Zone) -> date:
    """The last day on which it is kept, by the clinic's calendar."""
    return local_date(stored_at, zone) + KEPT_FOR[media]
