"""Every write of the clinical record, one file per family of verbs."""

from charting.actions.encounters import begin_encounter, encounter_of_visit
from charting.actions.history import add_history, change_history, end_history, resume_history

__all__ = [
    "add_history",
    "begin_encounter",
    "change_history",
    "encounter_of_visit",
    "end_history",
    "resume_history",
]
