"""News from the floors below: a clinic took over what clinics of its kind start with."""

from datetime import datetime
from typing import Any

from audit.actors import Actor
from consents import presets
from practice.signals import preset_applied


def connect() -> None:
    preset_applied.connect(start, dispatch_uid="consents.start")


def start(sender: Any, *, by: Actor, at: datetime, **_news: Any) -> None:
    presets.start(by=by, at=at)
