"""Every write of the clinical record, one file per family of verbs."""

from charting.actions.encounters import begin_encounter, encounter_of_visit
from charting.actions.exams import begin_exam, record_exam, set_join_link
from charting.actions.history import add_history, change_history, end_history, resume_history
from charting.actions.injections import (
    Mark,
    change_point,
    chart_point,
    lock_map,
    note_drawn,
    remove_point,
    restore_point,
    waste_drawn,
)
from charting.actions.intakes import decide, hand_in, open_intake, save_section
from charting.actions.questionnaires import (
    add_starter,
    archive_questionnaire,
    restore_questionnaire,
    save_questionnaire,
)
from charting.actions.rules import set_gate_rules, use_usual_rules

__all__ = [
    "Mark",
    "add_history",
    "add_starter",
    "archive_questionnaire",
    "begin_encounter",
    "begin_exam",
    "change_history",
    "change_point",
    "chart_point",
    "decide",
    "encounter_of_visit",
    "end_history",
    "hand_in",
    "lock_map",
    "note_drawn",
    "open_intake",
    "record_exam",
    "remove_point",
    "restore_point",
    "restore_questionnaire",
    "resume_history",
    "save_questionnaire",
    "save_section",
    "set_gate_rules",
    "set_join_link",
    "use_usual_rules",
    "waste_drawn",
]
