"""What a new clinic of each kind starts with, and the verb that puts it there: `presets.apply(kind, …)`."""

from practice.actions.opening import apply_preset as apply
from practice.preset_data import CANCELLATION_TEXT, PRESETS, SMS_TEXT, WEEK, Preset

__all__ = ["CANCELLATION_TEXT", "PRESETS", "SMS_TEXT", "WEEK", "Preset", "apply"]
