"""Every write of the clinical record, one file per family of verbs."""

from charting.actions.encounters import begin_encounter, encounter_of_visit
from charting.actions.exams import begin_exam, record_exam, set_join_link
from charting.actions.history import add_history, change_history, end_history, resume_history
from charting.actions.intakes import decide, hand_in, open_intake, save_section
from charting.actions.rules import set_gate_rules, use_usual_rules

__all__ = [
    "add_history",
    "begin_encounter",
    "begin_exam",
    "change_history",
    "decide",
    "encounter_of_visit",
    "end_history",
    "hand_in",
    "open_intake",
    "record_exam",
    "resume_history",
    "save_section",
    "set_gate_rules",
    "set_join_link",
    "use_usual_rules",
]
