"""The nouns of the clinical record, one file per family."""

from charting.models.encounters import Encounter, EncounterKind
from charting.models.gates import ExamOutcome, ExamResult, GateItem, GateMode, GateRule, Nature
from charting.models.history import HistoryEntry, HistoryKind, HistoryStatus
from charting.models.intakes import Intake, Questionnaire, QuestionnaireVersion

__all__ = [
    "Encounter",
    "EncounterKind",
    "ExamOutcome",
    "ExamResult",
    "GateItem",
    "GateMode",
    "GateRule",
    "HistoryEntry",
    "HistoryKind",
    "HistoryStatus",
    "Intake",
    "Nature",
    "Questionnaire",
    "QuestionnaireVersion",
]
