"""The nouns of the clinical record, one file per family."""

from charting.models.aftercare import AftercareSheet, AftercareText, SheetState
from charting.models.encounters import Encounter, EncounterKind
from charting.models.events import AdverseEvent, EventState, Severity
from charting.models.gates import ExamOutcome, ExamResult, GateItem, GateMode, GateRule, Nature
from charting.models.history import HistoryEntry, HistoryKind, HistoryStatus
from charting.models.injections import InjectionMap, InjectionPoint, RecallNotice
from charting.models.intakes import Intake, Questionnaire, QuestionnaireVersion
from charting.models.lasers import LaserSeries, LaserSession, SeriesStatus
from charting.models.notes import (
    PART_LABELS,
    PARTS,
    Addendum,
    AddendumKind,
    CoSignature,
    Note,
    NoteState,
    Part,
    ReviewState,
    SamplingRule,
)
from charting.models.plans import (
    Decided,
    DecidedHow,
    PlanDecision,
    PlanState,
    PlanTemplate,
    PlanVersion,
    TreatmentPlan,
)
from charting.models.templates import FieldKind, Macro, NoteTemplate

__all__ = [
    "PARTS",
    "PART_LABELS",
    "Addendum",
    "AddendumKind",
    "AdverseEvent",
    "AftercareSheet",
    "AftercareText",
    "CoSignature",
    "Decided",
    "DecidedHow",
    "Encounter",
    "EncounterKind",
    "EventState",
    "ExamOutcome",
    "ExamResult",
    "FieldKind",
    "GateItem",
    "GateMode",
    "GateRule",
    "HistoryEntry",
    "HistoryKind",
    "HistoryStatus",
    "InjectionMap",
    "InjectionPoint",
    "Intake",
    "LaserSeries",
    "LaserSession",
    "Macro",
    "Nature",
    "Note",
    "NoteState",
    "NoteTemplate",
    "Part",
    "PlanDecision",
    "PlanState",
    "PlanTemplate",
    "PlanVersion",
    "Questionnaire",
    "QuestionnaireVersion",
    "RecallNotice",
    "ReviewState",
    "SamplingRule",
    "SeriesStatus",
    "Severity",
    "SheetState",
    "TreatmentPlan",
]
