"""Every write of the clinical record, one file per family of verbs."""

from charting.actions.encounters import begin_encounter, encounter_of_visit
from charting.actions.events import assess_event, close_event, report_event, visits_before
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
from charting.actions.lasers import (
    begin_series,
    change_series,
    change_session,
    keep_session,
    lock_sessions,
)
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
    "assess_event",
    "begin_encounter",
    "begin_exam",
    "begin_series",
    "change_history",
    "change_point",
    "change_series",
    "change_session",
    "chart_point",
    "close_event",
    "decide",
    "encounter_of_visit",
    "end_history",
    "hand_in",
    "keep_session",
    "lock_map",
    "lock_sessions",
    "note_drawn",
    "open_intake",
    "record_exam",
    "remove_point",
    "report_event",
    "restore_point",
    "restore_questionnaire",
    "resume_history",
    "save_questionnaire",
    "save_section",
    "set_gate_rules",
    "set_join_link",
    "use_usual_rules",
    "visits_before",
    "waste_drawn",
]
