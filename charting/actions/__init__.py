"""Every write of the clinical record, one file per family of verbs."""

from charting.actions.aftercare import (
    add_aftercare_starter,
    archive_aftercare,
    publish_aftercare,
)
from charting.actions.aftercare import checked as check_aftercare
from charting.actions.encounters import begin_encounter, encounter_of_visit
from charting.actions.events import assess_event, close_event, report_event, visits_before
from charting.actions.exams import begin_exam, record_exam, set_join_link
from charting.actions.giving import hand_out, mark_sheet_read, send_again, send_due
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
from charting.actions.plan_decisions import NotOffered, Said, accept_plan, decline_plan
from charting.actions.plan_templates import archive_template as archive_plan_template
from charting.actions.plan_templates import keep_template, rename_template
from charting.actions.plans import (
    begin_plan,
    complete_plan,
    discard_changes,
    end_plan,
    offer_plan,
    resume_plan,
    save_plan,
    withdraw_offer,
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
    "NotOffered",
    "Said",
    "accept_plan",
    "add_aftercare_starter",
    "add_history",
    "add_starter",
    "archive_aftercare",
    "archive_plan_template",
    "archive_questionnaire",
    "assess_event",
    "begin_encounter",
    "begin_exam",
    "begin_plan",
    "begin_series",
    "change_history",
    "change_point",
    "change_series",
    "change_session",
    "chart_point",
    "check_aftercare",
    "close_event",
    "complete_plan",
    "decide",
    "decline_plan",
    "discard_changes",
    "encounter_of_visit",
    "end_history",
    "end_plan",
    "hand_in",
    "hand_out",
    "keep_session",
    "keep_template",
    "lock_map",
    "lock_sessions",
    "mark_sheet_read",
    "note_drawn",
    "offer_plan",
    "open_intake",
    "publish_aftercare",
    "record_exam",
    "remove_point",
    "rename_template",
    "report_event",
    "restore_point",
    "restore_questionnaire",
    "resume_history",
    "resume_plan",
    "save_plan",
    "save_questionnaire",
    "save_section",
    "send_again",
    "send_due",
    "set_gate_rules",
    "set_join_link",
    "use_usual_rules",
    "visits_before",
    "waste_drawn",
    "withdraw_offer",
]
