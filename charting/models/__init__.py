"""The nouns of the clinical record, one file per family."""

from charting.models.encounters import Encounter, EncounterKind

__all__ = ["Encounter", "EncounterKind"]
